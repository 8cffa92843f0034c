"""Looking answers through, in batches, and keeping what was found. Nothing here decides on anything."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass, field

from sqlalchemy import delete, insert, literal, select, update
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.core.identifiers import new_id
from consult.moderation.hints.queries import roster_of
from consult.moderation.hints.rules.finding import VERSION, Found, find
from consult.moderation.hints.rules.grouping import Placed
from consult.moderation.hints.rules.people import Roster
from consult.moderation.models import Duplicate, Examination, Hint, Unexamined
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Revision

BATCH = 500
_AT_ONCE = 5000


@dataclass
class Rosters:
    """Rosters read once for as long as this lives: one sweep."""

    known: dict[str, tuple[Consultation, Roster]] = field(default_factory=dict)

    def of(self, session: Session, consultation_id: str) -> tuple[Consultation, Roster]:
        """The consultation and its roster."""
        if consultation_id not in self.known:
            consultation = session.get_one(Consultation, consultation_id)
            self.known[consultation_id] = consultation, roster_of(session, consultation)
        return self.known[consultation_id]


def outdated(session: Session, rosters: Rosters) -> dict[str, str]:
    """Consultation → what it is to be examined against, where its roster, topics or rules have changed. Only reads."""
    examined = dict(session.execute(select(Examination.consultation_id, Examination.against)).all())
    current = {
        consultation.id: _digest(rosters.of(session, consultation.id)[1], consultation.languages)
        for consultation in session.scalars(select(Consultation).order_by(Consultation.id))
    }
    return {key: against for key, against in current.items() if examined.get(key) != against}


def examine_again(session: Session, against: Mapping[str, str]) -> None:
    """Have everything of these consultations looked through (again)."""
    _ensure_examinations(session, against)
    for consultation_id, digest in against.items():
        session.execute(
            update(Examination).where(Examination.consultation_id == consultation_id).values(against=digest)
        )
        _note_all(session, consultation_id)


def look_through(session: Session, rosters: Rosters, *, limit: int = BATCH) -> dict[str, list[Found]]:
    """Revision → its hints, for one batch of those not looked through yet. Only reads, since it takes its time.

    In random order: identifiers tell no time.
    """
    rows = session.execute(
        select(Unexamined.revision_id, Revision.text, Revision.language, Answer.consultation_id)
        .join(Revision, Revision.id == Unexamined.revision_id)
        .join(Answer, Answer.id == Revision.answer_id)
        .order_by(Unexamined.revision_id)
        .limit(limit)
    )
    found = {}
    for revision_id, text, language, consultation_id in rows:
        consultation, roster = rosters.of(session, consultation_id)
        found[revision_id] = find(text or "", language, roster, consultation.languages)
    return found


def keep_hints(session: Session, found: Mapping[str, Sequence[Found]]) -> None:
    """Replace the hints of these revisions. What was replaced or withdrawn since it was read gets none."""
    standing = session.execute(
        select(Revision.id, Answer.consultation_id)
        .join(Answer, Answer.id == Revision.answer_id)
        .where(
            Revision.id.in_(found),
            Revision.current.is_(True),
            Answer.state != AnswerState.WITHDRAWN,
        )
        .with_for_update(of=Revision)
    ).all()
    session.execute(delete(Hint).where(Hint.revision_id.in_(found)))
    rows = [{"revision_id": row.id, **vars(hit)} for row in standing for hit in found[row.id]]
    if rows:
        session.execute(insert(Hint), rows)
    session.execute(delete(Unexamined).where(Unexamined.revision_id.in_(found)))
    _note_changes(session, {row.consultation_id for row in standing})


def keep_duplicates(
    session: Session, consultation_id: str, groups: Sequence[Sequence[Placed]], *, changes: int
) -> None:
    """Replace the consultation's groups. A group keeps its key where one of its answers had it already.

    `changes` is what stood when the answers were read, so that later ones are sought in the next pass.
    """
    standing = select(Duplicate.answer_id, Duplicate.group_key)
    rows_before = session.execute(standing.where(Duplicate.consultation_id == consultation_id))
    earlier = dict(rows_before.all())
    session.execute(delete(Duplicate).where(Duplicate.consultation_id == consultation_id))
    used: set[str] = set()
    rows = []
    for group in groups:
        known = (earlier[placed.answer_id] for placed in group if placed.answer_id in earlier)
        key = next((key for key in known if key not in used), None) or new_id()
        used.add(key)
        rows += [{"consultation_id": consultation_id, "group_key": key, **vars(placed)} for placed in group]
    for start in range(0, len(rows), _AT_ONCE):
        session.execute(insert(Duplicate), rows[start : start + _AT_ONCE])
    session.execute(
        update(Examination).where(Examination.consultation_id == consultation_id).values(compared=changes)
    )


def _note_all(session: Session, consultation_id: str) -> None:
    noted = select(Unexamined.revision_id).where(Unexamined.revision_id == Revision.id)
    standing = (
        select(Revision.id)
        .join(Answer, Answer.id == Revision.answer_id)
        .where(
            Answer.consultation_id == consultation_id,
            Answer.state != AnswerState.WITHDRAWN,
            Revision.current.is_(True),
            Revision.text.is_not(None),
            ~noted.exists(),
        )
    )
    session.execute(insert(Unexamined).from_select(["revision_id"], standing))


def _note_changes(session: Session, consultation_ids: Collection[str]) -> None:
    _ensure_examinations(session, consultation_ids)
    session.execute(
        update(Examination)
        .where(Examination.consultation_id.in_(consultation_ids))
        .values(changes=Examination.changes + literal(1))
    )


def _ensure_examinations(session: Session, consultation_ids: Collection[str]) -> None:
    known = set(session.scalars(select(Examination.consultation_id)))
    session.add_all(
        Examination(consultation_id=consultation_id, against="", changes=0, compared=0)
        for consultation_id in sorted(set(consultation_ids) - known)
    )
    session.flush()


def _digest(roster: Roster, languages: Sequence[str]) -> str:
    """SHA-256 in hex over everything that hints depend on. Of the whole roster, so a function of no one person."""
    people = sorted(astuple(person) for person in roster.people)
    matched = [VERSION, people, sorted(roster.topics), roster.smallest_group, list(languages)]
    return hashlib.sha256(json.dumps(matched).encode("utf-8")).hexdigest()
