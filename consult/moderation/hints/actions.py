"""Looking answers through, in batches, and keeping what was found. Nothing here decides on anything."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass, field

from sqlalchemy import delete, insert, literal, select, update
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.core.identifiers import new_id
from consult.moderation.hints.queries import roster_of
from consult.moderation.hints.rules.finding import VERSION, find
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


def promise_hints(session: Session, revision_ids: Collection[str]) -> None:
    """Have these revisions looked through (again). New ones need no promise: the database notes them itself."""
    noted = set(
        session.scalars(select(Unexamined.revision_id).where(Unexamined.revision_id.in_(revision_ids)))
    )
    rows = [{"revision_id": revision_id} for revision_id in set(revision_ids) - noted]
    if rows:
        session.execute(insert(Unexamined), rows)


def notice_changes(session: Session, rosters: Rosters) -> list[str]:
    """Have everything of a consultation looked through again whose roster, topics or rules of matching have changed.

    The slugs of those. One query more where nothing has.
    """
    changed = []
    standing = {row.consultation_id: row for row in session.scalars(select(Examination))}
    for consultation in session.scalars(select(Consultation).order_by(Consultation.id)):
        roster = rosters.of(session, consultation.id)[1]
        against = _digest(roster, consultation.languages)
        examination = standing.get(consultation.id)
        if examination is None:
            examination = Examination(consultation_id=consultation.id, against="", changes=0, compared=0)
            session.add(examination)
        if examination.against != against:
            examination.against = against
            _examine_all(session, consultation)
            changed.append(consultation.slug)
    session.flush()
    return changed


def examine_some(session: Session, rosters: Rosters, *, limit: int = BATCH) -> int:
    """Look one batch through and replace its hints; how many that were. In random order: identifiers tell no time."""
    rows = session.execute(
        select(
            Unexamined.revision_id, Revision.text, Revision.language, Answer.consultation_id, Revision.current
        )
        .join(Revision, Revision.id == Unexamined.revision_id)
        .join(Answer, Answer.id == Revision.answer_id)
        .order_by(Unexamined.revision_id)
        .limit(limit)
        .with_for_update(of=Unexamined, skip_locked=True)
    ).all()
    hints = []
    for row in rows:
        if row.current and row.text is not None:
            consultation, roster = rosters.of(session, row.consultation_id)
            found = find(row.text, row.language, roster, consultation.languages)
            hints += [{"revision_id": row.revision_id, **vars(hit)} for hit in found]
    examined = [row.revision_id for row in rows]
    if not examined:
        return 0
    session.execute(delete(Hint).where(Hint.revision_id.in_(examined)))
    if hints:
        session.execute(insert(Hint), hints)
    session.execute(delete(Unexamined).where(Unexamined.revision_id.in_(examined)))
    _note_changes(session, {row.consultation_id for row in rows})
    return len(examined)


def keep_duplicates(
    session: Session, consultation_id: str, groups: Sequence[Sequence[Placed]], *, changes: int
) -> None:
    """Replace the consultation's groups. A group keeps its key where one of its answers had it already.

    `changes` is what stood when the answers were read, so that later ones are sought in the next pass.
    """
    earlier = dict(
        session.execute(
            select(Duplicate.answer_id, Duplicate.group_key).where(
                Duplicate.consultation_id == consultation_id
            )
        )
    )
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


def _examine_all(session: Session, consultation: Consultation) -> None:
    noted = select(Unexamined.revision_id).where(Unexamined.revision_id == Revision.id)
    standing = (
        select(Revision.id)
        .join(Answer, Answer.id == Revision.answer_id)
        .where(
            Answer.consultation_id == consultation.id,
            Answer.state != AnswerState.WITHDRAWN,
            Revision.current.is_(True),
            Revision.text.is_not(None),
            ~noted.exists(),
        )
    )
    session.execute(insert(Unexamined).from_select(["revision_id"], standing))


def _note_changes(session: Session, consultation_ids: Collection[str]) -> None:
    known = set(session.scalars(select(Examination.consultation_id)))
    for consultation_id in sorted(set(consultation_ids) - known):
        session.add(Examination(consultation_id=consultation_id, against="", changes=0, compared=0))
    session.flush()
    session.execute(
        update(Examination)
        .where(Examination.consultation_id.in_(consultation_ids))
        .values(changes=Examination.changes + literal(1))
    )


def _digest(roster: Roster, languages: Sequence[str]) -> str:
    """SHA-256 in hex over everything that hints depend on. Of the whole roster, so a function of no one person."""
    people = sorted(astuple(person) for person in roster.people)
    matched = [VERSION, people, sorted(roster.topics), roster.smallest_group, list(languages)]
    return hashlib.sha256(json.dumps(matched).encode("utf-8")).hexdigest()
