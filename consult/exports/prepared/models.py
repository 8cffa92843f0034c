"""Files that the worker writes, and what says that one of them may still be read."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.database import Base, Identified, UtcDateTime, checked


class Stage(StrEnum):
    """How far a file is."""

    PREPARING = "preparing"
    READY = "ready"
    FAILED = "failed"
    REMOVED = "removed"


class PreparedExport(Identified, Base):
    """One long export, for whoever asked for it alone. Its file lies in the folder of exports under its id.

    It stands for the published view of one moment: with the next answer that leaves the view it is void.
    """

    __tablename__ = "prepared_export"
    __table_args__ = (
        CheckConstraint("rows_written >= 0 AND rows_expected >= 0", name="counts"),
        CheckConstraint("stage <> 'ready' OR taken_out IS NOT NULL", name="ready_knows_its_view"),
    )

    consultation_id: Mapped[str] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    asked_by: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    format: Mapped[str] = mapped_column(String(16))
    notes: Mapped[bool]
    """Packed with its data dictionary and the rest."""
    profile: Mapped[str] = mapped_column(String(16))
    meeting: Mapped[str | None] = mapped_column(String(80))
    """Slug, or all of them."""
    columns: Mapped[list[str]] = mapped_column(JSON)
    stage: Mapped[Stage] = mapped_column(checked(Stage, "stage"), default=Stage.PREPARING)
    rows_expected: Mapped[int] = mapped_column(default=0)
    rows_written: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    taken_out: Mapped[int | None] = mapped_column(BigInteger)
    """How often something had left the published view before the file was begun."""
    ground_rules_id: Mapped[str] = mapped_column(ForeignKey("ground_rules.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
