"""Letting named people read an approved edition before it is published. Every opening is on record."""

from datetime import datetime

from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.core import audit, clock
from consult.core.errors import Invalid, Refused
from consult.core.identifiers import digest, new_id
from consult.core.sealing import Seal
from consult.reports.approving.models import EditionOpening, EditionReader
from consult.reports.approving.queries import readers_of
from consult.reports.enums import EditionState
from consult.reports.models import Edition

MOST_READERS = 100


def let_read(
    session: Session, edition: Edition, *, name: str, expires_at: datetime, seal: Seal, by: User
) -> EditionReader:
    """A link for `name` that ends. Raises Refused unless the edition is approved and not yet published."""
    if edition.approved_by is None:
        raise Refused("Named readers see an approved edition. Another programme director approves it first.")
    if edition.state is not EditionState.FROZEN:
        raise Refused("Edition %(number)s is published: everybody may read it.", number=edition.number)
    if expires_at <= clock.now():
        raise Invalid("Choose a day that is still to come.", field="days")
    if len(readers_of(session, edition)) >= MOST_READERS:
        raise Refused("There are %(most)s readers already.", most=MOST_READERS)
    reader_id = new_id()
    reader = EditionReader(
        id=reader_id,
        edition_id=edition.id,
        name=name,
        secret_hash=digest(seal.reader_secret(reader_id)),
        made_by=by.id,
        made_at=clock.now(),
        expires_at=expires_at,
        revoked=False,
    )
    session.add(reader)
    session.flush()
    _record(session, "edition.reader", edition, reader, by)
    return reader


def take_back(session: Session, edition: Edition, reader: EditionReader, *, by: User) -> EditionReader:
    """The link opens nothing any more."""
    reader.revoked = True
    session.flush()
    _record(session, "edition.reader_revoked", edition, reader, by)
    return reader


def note_opening(session: Session, reader: EditionReader, what: str) -> EditionOpening:
    """That the reader opened the copy: "page", or the code of a file's format."""
    opening = EditionOpening(reader_id=reader.id, at=clock.now(), what=what)
    session.add(opening)
    session.flush()
    return opening


def _record(session: Session, act: str, edition: Edition, reader: EditionReader, by: User) -> None:
    audit.record(
        session,
        act,
        user_id=by.id,
        consultation_id=edition.consultation_id,
        subject=reader.id,
        number=edition.number,
    )
