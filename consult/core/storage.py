"""Stored files: rendered once, kept in the database, served as stored."""

import hashlib
from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from consult.core.clock import now
from consult.core.database import Base, Identified, UtcDateTime


class StoredFile(Identified, Base):
    """Bytes under a random name, with their checksum."""

    __tablename__ = "stored_file"

    name: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)


def store(session: Session, content: bytes, *, name: str, content_type: str) -> StoredFile:
    """Keep `content`; its checksum and size are taken here."""
    file = StoredFile(
        name=name,
        content_type=content_type,
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        stored_at=now(),
    )
    session.add(file)
    session.flush()
    return file
