"""The codebook and the codings."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from consult.analysis.enums import CodebookAct, CodingState, SuggesterKind
from consult.core.database import WITHOUT_ROWID, Base, Identified, UtcDateTime, checked
from consult.core.identifiers import ID_LENGTH


class Theme(Identified, Base):
    """A codebook entry of one consultation. Never deleted: one that was merged or retired still says where it went."""

    __tablename__ = "theme"
    __table_args__ = (
        UniqueConstraint("consultation_id", "code"),
        UniqueConstraint("id", "consultation_id"),
        ForeignKeyConstraint(["parent_id", "consultation_id"], ["theme.id", "theme.consultation_id"]),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        CheckConstraint("colour = '' OR length(colour) = 7", name="colour"),
        CheckConstraint("merged_into_id IS NULL OR (retired AND merged_into_id <> id)", name="merged"),
        CheckConstraint("split_from_id IS NULL OR split_from_id <> id", name="split"),
    )

    consultation_id: Mapped[str] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    parent_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    code: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    drawn_from: Mapped[str] = mapped_column(String(300), default="")
    position: Mapped[int]
    retired: Mapped[bool] = mapped_column(default=False)
    includes: Mapped[str] = mapped_column(Text, default="")
    """What belongs to it, for coders."""
    excludes: Mapped[str] = mapped_column(Text, default="")
    """What does not, and where it goes instead."""
    examples: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Made-up passages that show what is meant. Never anybody's answer."""
    colour: Mapped[str] = mapped_column(String(7), default="")
    """As "#rrggbb", or empty."""
    merged_into_id: Mapped[str | None] = mapped_column(ForeignKey("theme.id", name="fk_theme_merged_into_id"))
    split_from_id: Mapped[str | None] = mapped_column(ForeignKey("theme.id", name="fk_theme_split_from_id"))


class Coding(Identified, Base):
    """One theme given to one revision, or a span of it, by one coder, a person or a named machine. Removal is a state.

    Who or what gave it, to which words and when is never changed, which the database sees to. A merge or a split moves
    `theme_id`, and `given_as_id` keeps the theme that was given. A coding that a person confirmed names the machine.
    """

    __tablename__ = "coding"
    __table_args__ = (
        CheckConstraint("(coder_id IS NULL) <> (machine IS NULL)", name="one_coder"),
        CheckConstraint("(starts IS NULL) = (ends IS NULL)", name="whole_span"),
        CheckConstraint("starts IS NULL OR (starts >= 0 AND ends > starts)", name="span"),
        Index(
            "uq_coding_whole_answer",
            "revision_id",
            "theme_id",
            "coder_id",
            unique=True,
            sqlite_where=text("state = 'confirmed' AND starts IS NULL"),
            postgresql_where=text("state = 'confirmed' AND starts IS NULL"),
        ),
        Index("ix_coding_theme_id", "theme_id", "state"),
        Index("ix_coding_counted", "revision_id", "theme_id", "state", "coder_id"),
        WITHOUT_ROWID,
    )

    revision_id: Mapped[str] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), index=True)
    theme_id: Mapped[str] = mapped_column(ForeignKey("theme.id", ondelete="RESTRICT"))
    coder_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    machine: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[CodingState] = mapped_column(checked(CodingState, "state"), default=CodingState.CONFIRMED)
    starts: Mapped[int | None]
    ends: Mapped[int | None]
    """In code points of the revision."""
    coded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    given_as_id: Mapped[str | None] = mapped_column(ForeignKey("theme.id", name="fk_coding_given_as_id"))
    """The theme as it was first given, where a merge or a split has moved the coding since."""
    suggested_by: Mapped[str | None] = mapped_column(String(80))
    score: Mapped[float | None]
    """How sure the machine was, from 0 to 1."""
    batch_id: Mapped[str | None] = mapped_column(
        ForeignKey("bulk_acceptance.id", name="fk_coding_batch_id"), index=True
    )


class BulkAcceptance(Identified, Base):
    """Suggestions of one theme from a score on that one person took together after a look at them; can be undone."""

    __tablename__ = "bulk_acceptance"

    consultation_id: Mapped[str] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    theme_id: Mapped[str] = mapped_column(ForeignKey("theme.id", ondelete="RESTRICT"))
    least: Mapped[float]
    machine: Mapped[str] = mapped_column(String(80))
    accepted: Mapped[int]
    accepted_by: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    accepted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CodebookVersion(Identified, Base):
    """The whole codebook after one act on it. Append-only, numbered from 1 within its consultation."""

    __tablename__ = "codebook_version"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    consultation_id: Mapped[str] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    number: Mapped[int]
    act: Mapped[CodebookAct] = mapped_column(checked(CodebookAct, "act"))
    codes: Mapped[list[str]] = mapped_column(JSON)
    """Of the themes that the act was about; of a merge or a split the one that was there before comes first."""
    moved: Mapped[int] = mapped_column(default=0)
    """How many codings a merge or a split moved."""
    themes: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    """Every theme, retired ones too, as `analysis.rules.codebook.entry_of` writes it."""
    kept_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DoubleCoding(Base):
    """A consultation whose answers are coded twice in part: which ones is settled by their shuffle keys."""

    __tablename__ = "double_coding"
    __table_args__ = (CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),)

    consultation_id: Mapped[str] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    percent: Mapped[int]
    set_by: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))


class SecondReading(Base):
    """What a second coder gave who saw nothing of the first's, and what the first had given. It does not count."""

    __tablename__ = "second_reading"
    __table_args__ = (CheckConstraint("coder_id <> first_coder_id", name="two_people"), WITHOUT_ROWID)

    revision_id: Mapped[str] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True)
    coder_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"), index=True)
    first_coder_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    themes: Mapped[list[str]] = mapped_column(JSON)
    """Identifiers of the themes that the second coder gave."""
    first_themes: Mapped[list[str]] = mapped_column(JSON)
    offered: Mapped[list[str]] = mapped_column(JSON)
    """Identifiers of the themes that there were to choose from."""


class Adjudication(Base):
    """Whether a theme applies where two coders differed. This is what counts from then on."""

    __tablename__ = "adjudication"
    __table_args__ = WITHOUT_ROWID

    revision_id: Mapped[str] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True)
    theme_id: Mapped[str] = mapped_column(ForeignKey("theme.id", ondelete="RESTRICT"), primary_key=True)
    applies: Mapped[bool]
    decided_by: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AnalystNote(Identified, Base):
    """What an analyst noted at an answer. Never exported or published; goes with the words."""

    __tablename__ = "analyst_note"
    __table_args__ = WITHOUT_ROWID

    revision_id: Mapped[str] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class QuoteMark(Base):
    """An analyst found this text worth quoting. Whether it may be quoted is the published view's business alone."""

    __tablename__ = "quote_mark"
    __table_args__ = WITHOUT_ROWID

    revision_id: Mapped[str] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True)
    marked_by: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="RESTRICT"))


class Suggestion(Base):
    """A theme that a machine would give to an answer. Made anew each time it learns; never counted."""

    __tablename__ = "suggestion"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 1", name="score"),
        Index("ix_suggestion_theme_id", "theme_id", "score"),
        WITHOUT_ROWID,
    )

    revision_id: Mapped[str] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True)
    theme_id: Mapped[str] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"), primary_key=True)
    score: Mapped[float]


class AnswerCluster(Base):
    """Answers without a theme that are alike, while too few are coded to learn from."""

    __tablename__ = "answer_cluster"
    __table_args__ = (
        Index("ix_answer_cluster_consultation_id", "consultation_id", "number"),
        WITHOUT_ROWID,
    )

    revision_id: Mapped[str] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True)
    consultation_id: Mapped[str] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    number: Mapped[int]
    place: Mapped[int]
    """0 is the most typical of its cluster."""


class Suggester(Base):
    """What suggests themes in one consultation at present, and from how much it learned."""

    __tablename__ = "suggester"
    __table_args__ = WITHOUT_ROWID

    consultation_id: Mapped[str] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[SuggesterKind] = mapped_column(checked(SuggesterKind, "kind"))
    machine: Mapped[str] = mapped_column(String(80))
    """Its name and how many answers it learned from, as kept with what it suggests."""
    learned_from: Mapped[int]
    seen: Mapped[int] = mapped_column(BigInteger)
    """How many codings and answers there were, to tell when to learn again."""
    waiting: Mapped[int]
    """For how many answers it looked for themes."""
    milliseconds: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
