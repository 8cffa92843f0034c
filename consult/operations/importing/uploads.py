"""Files that wait for somebody to look at what they would change: for an hour, and no longer than needed."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.core.clock import now
from consult.core.storage import StoredFile, store

KIND = "application/x-consult-upload"
KEPT_FOR = timedelta(hours=1)


def keep(session: Session, content: bytes, *, name: str) -> StoredFile:
    """Keep an upload until it is taken in; those whose hour is over go."""
    session.execute(
        delete(StoredFile).where(StoredFile.content_type == KIND, StoredFile.stored_at < now() - KEPT_FOR)
    )
    return store(session, content, name=name, content_type=KIND)


def kept(session: Session, file_id: str) -> StoredFile | None:
    """The upload, while its hour lasts."""
    return session.scalars(
        select(StoredFile).where(
            StoredFile.id == file_id,
            StoredFile.content_type == KIND,
            StoredFile.stored_at >= now() - KEPT_FOR,
        )
    ).first()


def drop(session: Session, file: StoredFile) -> None:
    """It is taken in, or not wanted."""
    session.delete(file)
    session.flush()
