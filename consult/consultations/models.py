"""A consultation, its ground rules, its questions and their wordings."""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from consult.consultations.enums import Attribution, Mode, Switch, Timing
from consult.core.database import Base, Identified, UtcDateTime, checked

MINIMUM_GROUP = 3
BREAKDOWN = ("country", "country_group", "sector", "role_label", "language")
"""Attributes of a person that may be copied to a response, coarsened, in the order they are shown."""

Translations = dict[str, str]
"""Language code → text, e.g. {"en": "What single outcome …", "pl": "…"}."""


class AttributionStep(TypeDecorator[Attribution]):
    """An Attribution as its number, so that the database can compare a step with the ceiling."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: Attribution | None, dialect: object) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: object) -> Attribution | None:
        return None if value is None else Attribution(value)


class Consultation(Identified, Base):
    """One or more questions, the meetings at which they are asked, opening and closing."""

    __tablename__ = "consultation"
    __table_args__ = (
        CheckConstraint(
            "closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at", name="closes_after_opening"
        ),
    )

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    strapline: Mapped[str] = mapped_column(String(500), default="")
    programme: Mapped[str] = mapped_column(String(200), default="")
    convenor: Mapped[str] = mapped_column(String(200), default="")
    event: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(12), default="en")
    languages: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["en"])
    help_contact: Mapped[str] = mapped_column(String(254), default="")
    objectives: Mapped[list[str]] = mapped_column(JSON, default=list)
    stated_participants: Mapped[int | None]
    """How many took part, as the convenor states it; None where the roster is to be counted."""
    stated_countries: Mapped[int | None]
    country_groups: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    """Group name → ISO 3166 alpha-2 codes; a country is in one group at most."""
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    demonstration: Mapped[bool] = mapped_column(default=False)
    """Its people and answers are invented, and every page says so."""
    draft: Mapped[bool] = mapped_column(default=False)
    """Still being set up at the desk, so public pages do not name it. Setting its times ends this."""
    second_approval: Mapped[bool] = mapped_column(default=False)
    """Whether an answer is published only once two different people have approved the same words."""
    licence: Mapped[str] = mapped_column(String(300), default="", server_default="")
    """Under which anybody may use its reports and data; empty while its convenor has stated none."""
    reason_labels: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """Reason of a rejection → what this consultation calls it; "" takes it off the list that is offered."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    ground_rules: Mapped[list["GroundRules"]] = relationship(
        order_by="GroundRules.version", back_populates="consultation"
    )
    questions: Mapped[list["Question"]] = relationship(
        order_by="Question.position", back_populates="consultation"
    )

    @property
    def short_name(self) -> str:
        """The slug as a name for narrow places: "Warsaw 2016"."""
        words = self.slug.replace("-", " ")
        return words[:1].upper() + words[1:]


class GroundRules(Identified, Base):
    """What may be revealed, in one version. Never changed: a change is a new version, and responses name theirs.

    Once somebody was invited or answering has begun, the database takes only a version that protects as much or more.
    """

    __tablename__ = "ground_rules"
    __table_args__ = (
        UniqueConstraint("consultation_id", "version"),
        UniqueConstraint("id", "mode", name="uq_ground_rules_mode"),
        UniqueConstraint("id", "ceiling", name="uq_ground_rules_ceiling"),
        CheckConstraint(f"smallest_group >= {MINIMUM_GROUP}", name="smallest_group"),
        CheckConstraint("ceiling BETWEEN 0 AND 6", name="ceiling"),
        CheckConstraint("mode <> 'unlinked' OR timing = 'none'", name="unlinked_has_no_time"),
        CheckConstraint("people_kept_months BETWEEN 1 AND 600", name="people_kept_months"),
        CheckConstraint("answers_kept_months BETWEEN 1 AND 600", name="answers_kept_months"),
    )

    consultation_id: Mapped[str] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    version: Mapped[int]
    mode: Mapped[Mode] = mapped_column(checked(Mode, "mode"))
    ceiling: Mapped[Attribution] = mapped_column(AttributionStep)
    smallest_group: Mapped[int] = mapped_column(default=5)
    speaker: Mapped[Switch] = mapped_column(checked(Switch, "speaker"), default=Switch.CLOSED)
    affiliation: Mapped[Switch] = mapped_column(checked(Switch, "affiliation"), default=Switch.CLOSED)
    attendance: Mapped[Switch] = mapped_column(checked(Switch, "attendance"), default=Switch.CLOSED)
    timing: Mapped[Timing] = mapped_column(checked(Timing, "timing"), default=Timing.NONE)
    breakdown: Mapped[list[str]] = mapped_column(JSON, default=lambda: list(BREAKDOWN))
    """Which attributes of a person may be kept with a response; the database refuses any other."""
    people_kept_months: Mapped[int | None]
    """How long after closing the roster is kept; None until somebody purges it."""
    answers_kept_months: Mapped[int | None]
    """The same for answers as they were written."""
    grace_minutes: Mapped[int] = mapped_column(default=15)
    promise: Mapped[Translations] = mapped_column(JSON)
    rules_text: Mapped[Translations] = mapped_column(JSON)
    promise_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    consultation: Mapped[Consultation] = relationship(back_populates="ground_rules")


def promise_hash(promise: Translations, rules_text: Translations) -> str:
    """SHA-256 over what a participant was shown, by language in order."""
    shown = [
        f"{kind}\x00{code}\x00{texts[code]}"
        for kind, texts in (("promise", promise), ("rules", rules_text))
        for code in sorted(texts)
    ]
    return hashlib.sha256("\x01".join(shown).encode("utf-8")).hexdigest()


class Question(Identified, Base):
    """A prompt with a stable code and a kind. Its text lives in wordings."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("consultation_id", "code"),)

    consultation_id: Mapped[str] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(32))
    """One of `consultations.kinds`. With settings and condition it is frozen by the first response."""
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What its kind can be told: options with stable codes and labels, limits."""
    condition: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """{"question": code, "any_of": [codes]}: shown if that earlier question has one of these answers, or any at all;
    or with "least", "most" or both: one within these limits."""
    page: Mapped[int] = mapped_column(default=1)
    """Pages of the form follow in order of their numbers."""
    position: Mapped[int] = mapped_column(default=1)
    required: Mapped[bool] = mapped_column(default=True)
    max_length: Mapped[int] = mapped_column(default=1500)
    """In characters as a person counts them (grapheme clusters)."""

    consultation: Mapped[Consultation] = relationship(back_populates="questions")
    wordings: Mapped[list["Wording"]] = relationship(order_by="Wording.version", back_populates="question")


class Wording(Identified, Base):
    """The text of a question in one version. Answers are pinned to the wording they saw, so it is never edited."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("question_id", "version"), UniqueConstraint("id", "question_id"))

    question_id: Mapped[str] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    version: Mapped[int]
    prompt: Mapped[Translations] = mapped_column(JSON)
    help_text: Mapped[Translations] = mapped_column(JSON, default=dict)
    source_text: Mapped[str] = mapped_column(Text)
    """The prompt in the consultation's own language, as reports print it."""

    question: Mapped[Question] = relationship(back_populates="wordings")


class SignOffLink(Identified, Base):
    """A link that shows the preview of a consultation and nothing else, until it expires or is taken back."""

    __tablename__ = "sign_off_link"
    __table_args__ = (CheckConstraint("expires_at > made_at", name="expires"),)

    consultation_id: Mapped[str] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_for: Mapped[str] = mapped_column(String(200), default="")
    """For whom, as the desk remembers it."""
    made_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    """The link ends with that director's role; the database sees to it."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked: Mapped[bool] = mapped_column(default=False)
