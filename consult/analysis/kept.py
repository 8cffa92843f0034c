"""What is kept beside codebook and codings: tallies at hand, every figure released, and what quantifiers stand for."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.database import WITHOUT_ROWID, Base, Identified
from consult.core.identifiers import ID_LENGTH


class FiguresChange(Base):
    """A mark that what is counted has changed, left by the database itself with every case and every coding.

    While one stands, no kept tally of the consultation is believed.
    """

    __tablename__ = "figures_change"
    __table_args__ = WITHOUT_ROWID

    consultation_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    mark: Mapped[str] = mapped_column(String(36), primary_key=True)


class CountedAnswer(Base):
    """An answer that counts: whose, to which question, beside who they are as far as that is told.

    Written by the database alone, with every case; in the order in which people are counted. Inside the gate only.
    """

    __tablename__ = "counted_answer"
    __table_args__ = WITHOUT_ROWID

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    people: Mapped[str] = mapped_column(Text, primary_key=True)
    """The case's attributes as JSON, in the order of `queries.tallies.ATTRIBUTES`."""
    response_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    revision_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    choices: Mapped[str | None] = mapped_column(Text)
    """As JSON; none where the answer is in words."""


class CountedTheme(Base):
    """A theme that stands on words that count, once however many gave it, beside whose they are.

    Written by the database alone, with every coding and every case; in the order in which it is counted.
    """

    __tablename__ = "counted_theme"
    __table_args__ = WITHOUT_ROWID

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    people: Mapped[str] = mapped_column(Text, primary_key=True)
    """As above."""
    theme_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    response_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    revision_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)


class KeptTally(Base):
    """A tally that the worker took while nothing changed. Raw, so it is for the gate alone."""

    __tablename__ = "kept_tally"
    __table_args__ = WITHOUT_ROWID

    consultation_id: Mapped[str] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    cells: Mapped[list[list[Any]]] = mapped_column(JSON)
    """[[part, part, …, number], …]"""


class ReleasedFigures(Identified, Base):
    """One table that passed the gate. Never changed and never deleted: later ones are checked against it."""

    __tablename__ = "released_figures"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        Index("ix_released_figures_request", "consultation_id", "request_hash", "number"),
        CheckConstraint("number > 0", name="numbered"),
        WITHOUT_ROWID,
    )

    consultation_id: Mapped[str] = mapped_column(ForeignKey("consultation.id", ondelete="RESTRICT"))
    number: Mapped[int]
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What was asked for."""
    request_hash: Mapped[str] = mapped_column(String(64))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What was shown."""
    facts: Mapped[list[Any]] = mapped_column(JSON)
    """The same as somebody would write it down who wants to subtract: see `disclosure.attack.Fact`."""
    ground_rules_id: Mapped[str] = mapped_column(ForeignKey("ground_rules.id", ondelete="RESTRICT"))
    released_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    released_on: Mapped[date]


class QuantifierScale(Base):
    """From which share on each quantifier is used in one consultation; the product's own where there is none."""

    __tablename__ = "quantifier_scale"
    __table_args__ = (
        CheckConstraint(
            "from_some > 0 AND from_many > from_some AND from_most >= 50 AND from_most > from_many "
            "AND from_nearly_all > from_most AND from_nearly_all <= 100",
            name="ascending",
        ),
        WITHOUT_ROWID,
    )

    consultation_id: Mapped[str] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    from_some: Mapped[int]
    """Per cent from which on it is "some"; below it is "a few"."""
    from_many: Mapped[int]
    from_most: Mapped[int]
    from_nearly_all: Mapped[int]
