"""The outline of a report in the making, and the answers picked for it."""

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.database import WITHOUT_ROWID, Base, Identified

LONGEST_TEXT = 20_000
"""Code points of a section's own words."""


class ReportSection(Identified, Base):
    """A part of the report: its place, whether it is printed, and what its authors wrote.

    `code` is one of the fixed parts or names a text of the authors. `version` is counted up with every change of its
    words; who saves names the one that was read.
    """

    __tablename__ = "report_section"
    __table_args__ = (UniqueConstraint("consultation_id", "code"),)

    consultation_id: Mapped[str] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    hidden: Mapped[bool] = mapped_column(default=False)
    heading: Mapped[str] = mapped_column(String(200), default="")
    """In place of the usual one; a text has no other."""
    body: Mapped[str] = mapped_column(Text, default="")
    """Markdown, printed under the heading."""
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    """The meeting whose counts carry the words of this text, where it is about one."""
    version: Mapped[int] = mapped_column(default=1)


class Pick(Identified, Base):
    """An answer picked for a part of the report or as evidence of a takeaway.

    It is printed only while it stands in the published view, with the attribution line composed there.
    """

    __tablename__ = "report_pick"
    __table_args__ = (
        UniqueConstraint("section_id", "revision_id"),
        UniqueConstraint("takeaway_id", "revision_id"),
        CheckConstraint("(section_id IS NULL) <> (takeaway_id IS NULL)", name="for_one_place"),
        WITHOUT_ROWID,
    )

    section_id: Mapped[str | None] = mapped_column(ForeignKey("report_section.id", ondelete="CASCADE"))
    takeaway_id: Mapped[str | None] = mapped_column(ForeignKey("takeaway.id", ondelete="CASCADE"))
    revision_id: Mapped[str] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
