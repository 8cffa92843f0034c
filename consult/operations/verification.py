"""Whether the database is whole: its files, the audit chain, and the published view against the decisions."""

from sqlalchemy import ColumnElement, and_, func, select, text
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.core import audit
from consult.moderation.log import differing
from consult.moderation.models import PublishedCase, PublishedText
from consult.reports.document import document_hash
from consult.reports.models import Edition
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Revision
from consult.responses.rules import content_hash

FEW = 20
"""So many faults of one kind are told one by one."""

_FACES: tuple[tuple[type[PublishedText] | type[PublishedCase], Attribution, str], ...] = (
    (PublishedText, Attribution.QUOTE_UNATTRIBUTED, "quotable"),
    (PublishedCase, Attribution.AGGREGATE_ONLY, "countable"),
)


def faults(session: Session) -> list[str]:
    """What is not as it must be, in sentences; none where all is well. Reads every answer."""
    return [
        *_database(session),
        *_audit(session),
        *_decisions(session),
        *_published(session),
        *_words(session),
        *_editions(session),
    ]


def _database(session: Session) -> list[str]:
    if session.get_bind().dialect.name != "sqlite":
        return []
    told = [str(row[0]) for row in session.execute(text("PRAGMA integrity_check"))]
    found = [f"The database file is damaged: {line}." for line in told if line != "ok"]
    loose = len(session.execute(text("PRAGMA foreign_key_check")).all())
    if loose:
        found.append(f"{loose} rows refer to rows that are not there.")
    return found


def _audit(session: Session) -> list[str]:
    broken = audit.first_broken(session)
    return (
        [] if broken is None else [f"The audit log was changed, has a gap or was cut off, at entry {broken}."]
    )


def _decisions(session: Session) -> list[str]:
    """Every decision with its redactions stands in the audit log as it is, and every one in the log still stands."""
    found = differing(session)
    return [
        *(f"Decision {one} is not what the audit log says it was." for one in found.changed[:FEW]),
        *(f"Decision {one} is in the audit log and was deleted." for one in found.deleted[:FEW]),
        *_more(len(found.changed) + len(found.deleted) - len(found.changed[:FEW]) - len(found.deleted[:FEW])),
        *([f"{found.unrecorded} decisions are not in the audit log."] if found.unrecorded else []),
    ]


def _more(number: int) -> list[str]:
    return [f"{number} more decisions differ from the audit log."] if number > 0 else []


def _published(session: Session) -> list[str]:
    """The published view holds what is approved, current and allowed, all of it and nothing else."""
    found = []
    for face, least, word in _FACES:
        allowed: ColumnElement[bool] = and_(
            Revision.current.is_(True),
            Answer.state == AnswerState.APPROVED,
            Revision.attribution >= least,
        )
        published = select(face.revision_id)
        revisions = select(func.count()).select_from(Revision).join(Answer, Answer.id == Revision.answer_id)
        wrong = session.scalar(revisions.where(Revision.id.in_(published), ~allowed)) or 0
        lacking = session.scalar(revisions.where(Revision.id.not_in(published), allowed)) or 0
        if wrong:
            found.append(f"{wrong} {word} rows are published without an approval that allows it.")
        if lacking:
            found.append(f"{lacking} approved answers are missing from the {word} rows.")
    return found


def _words(session: Session) -> list[str]:
    """Every revision still hashes to what moderators read."""
    columns = (
        Revision.text,
        Revision.choices,
        Revision.attribution,
        Revision.wording_id,
        Revision.hash,
    )
    rows = session.execute(select(*columns).execution_options(yield_per=1000))
    changed = sum(
        content_hash(words, choices, attribution, wording) != stored
        for words, choices, attribution, wording, stored in rows
    )
    return [f"{changed} answers hold other words than their hash says."] if changed else []


def _editions(session: Session) -> list[str]:
    rows = session.execute(select(Edition.number, Edition.document, Edition.document_hash))
    return [
        f"Edition {number} was changed after it was frozen."
        for number, document, stored in rows
        if document_hash(document) != stored
    ]
