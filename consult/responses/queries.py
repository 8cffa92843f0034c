"""Finding answers: scoped to a consultation and its meetings, in an order that says nothing about time."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, bindparam, func, literal, null, select, tuple_
from sqlalchemy.orm import Session, joinedload, raiseload, selectinload

from consult.accounts.models import User
from consult.consultations.enums import Mode
from consult.consultations.models import BREAKDOWN, Consultation, GroundRules, Question, Wording
from consult.core.identifiers import digest
from consult.core.marks import Marks, kept
from consult.core.sealing import Seal
from consult.meetings.models import Asking, Meeting, MeetingSession
from consult.participants.models import Invitation
from consult.participants.queries import combinations_invited
from consult.responses.enums import AnswerState, Voiced
from consult.responses.models import (
    Answer,
    ImportedRow,
    PaperCard,
    Response,
    ResponseCode,
    ResponseLink,
    Revision,
    SessionNote,
)
from consult.responses.rules import (
    Breakdown,
    coarsened,
    code_hash,
    country_group,
    is_withdrawn,
    tidy_receipt,
)

COUNTED_UP_TO = 10_000
"""So many answers of a meeting in one state are told exactly."""
Cursor = tuple[int, str]
"""Where a page ended: the last answer's shuffle key and identifier."""


def answer_in(
    session: Session, consultation: Consultation, meeting_ids: Collection[str], answer_id: str
) -> Answer | None:
    """That answer with its revisions, if it was given at one of these meetings of the consultation."""
    return session.scalars(
        select(Answer)
        .where(
            Answer.id == answer_id,
            Answer.consultation_id == consultation.id,
            Answer.meeting_id.in_(meeting_ids),
            Answer.released,
        )
        .options(selectinload(Answer.revisions))
    ).first()


def current_revision(session: Session, answer: Answer) -> Revision:
    """The words that stand now. Every answer has exactly one such revision."""
    return session.scalars(
        select(Revision).where(Revision.answer_id == answer.id, Revision.current.is_(True))
    ).one()


def current_revisions(session: Session, answer_ids: Collection[str]) -> dict[str, Revision]:
    """Answer → the words that stand now, for a page of answers, in one query."""
    revisions = session.scalars(
        select(Revision)
        .where(Revision.answer_id.in_(answer_ids), Revision.current.is_(True))
        .options(raiseload("*"))
    )
    return {revision.answer_id: revision for revision in revisions}


def chosen_of(session: Session, answer_ids: Collection[str]) -> dict[str, tuple[Question, list[str]]]:
    """Answer → its question and what stands chosen, for those with choices."""
    rows = session.execute(
        select(Answer.id, Question, Revision.choices)
        .join(Revision, (Revision.answer_id == Answer.id) & Revision.current)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.id.in_(answer_ids), Revision.choices.is_not(null()))
    )
    return {answer_id: (question, choices or []) for answer_id, question, choices in rows}


def counts_by_state(
    session: Session, consultation: Consultation, meeting_ids: Collection[str]
) -> dict[str, dict[AnswerState, int]]:
    """Meeting → state → how many answers, exactly up to COUNTED_UP_TO and one above it for more.

    Every meeting and every state is there, if with nought. One query, which reads one index and never all of it.
    """
    bounded = [
        select(func.count())
        .select_from(
            select(literal(1).label("one"))
            .where(Answer.meeting_id == Meeting.id, Answer.state == state, Answer.released)
            .correlate(Meeting)
            .limit(COUNTED_UP_TO + 1)
            .subquery()
        )
        .scalar_subquery()
        for state in AnswerState
    ]
    rows = session.execute(
        select(Meeting.id, *bounded).where(
            Meeting.consultation_id == consultation.id, Meeting.id.in_(meeting_ids)
        )
    )
    found = {meeting_id: dict(zip(AnswerState, numbers, strict=True)) for meeting_id, *numbers in rows}
    return {meeting_id: found.get(meeting_id, dict.fromkeys(AnswerState, 0)) for meeting_id in meeting_ids}


def answers_with_state(
    session: Session,
    consultation: Consultation,
    meeting_ids: Collection[str],
    state: AnswerState | None,
    *,
    after: Cursor | None = None,
    limit: int = 50,
) -> Sequence[Answer]:
    """A page of answers in shuffled order, each with its current revision as the only one of `revisions`.

    Two queries however long the page; anything else asked of a row raises. These answers are for showing:
    an action loads its own.
    """
    statement = (
        select(Answer)
        .where(Answer.consultation_id == consultation.id, Answer.meeting_id.in_(meeting_ids), Answer.released)
        .order_by(Answer.shuffle_key, Answer.id)
        .limit(limit)
        .options(
            raiseload("*"),
            selectinload(Answer.revisions.and_(Revision.current.is_(True))).options(raiseload("*")),
        )
    )
    if state is not None:
        statement = statement.where(Answer.state == state)
    if after is not None:
        statement = statement.where(tuple_(Answer.shuffle_key, Answer.id) > after)
    return session.scalars(statement).all()


def _in_full() -> Select[Response]:
    """One response with its few answers and their few revisions, in one statement."""
    return (
        select(Response)
        .options(joinedload(Response.answers).joinedload(Answer.revisions))
        .execution_options(populate_existing=True)
    )


_BY_RECEIPT = _in_full().where(Response.receipt_hash == bindparam("receipt_hash"))


def response_by_receipt(session: Session, code: str) -> Response | None:
    """The response that a receipt code leads to, however the code was spaced, cased or misread, with its answers."""
    return _one(session, _BY_RECEIPT, receipt_hash=digest(tidy_receipt(code)))


def meeting_of_code(session: Session, code: str) -> str | None:
    """The meeting for which a response code was handed out, used or not."""
    handed = handed_out(session, code)
    return None if handed is None else handed.meeting_id


def handed_out(session: Session, code: str) -> ResponseCode | None:
    """The response code as it was handed out, used or not."""
    return session.get(ResponseCode, code_hash(code))


def response_by_id(session: Session, response_id: str) -> Response | None:
    """That response with its answers."""
    return _one(session, _in_full().where(Response.id == response_id))


def response_by_submission(session: Session, submission_key: str) -> Response | None:
    """The response that came in under a form's submission key, with its answers."""
    return _one(session, _in_full().where(Response.submission_hash == digest(submission_key)))


def own_response(session: Session, invitation: Invitation, mode: Mode, seal: Seal) -> Response | None:
    """What came in with this invitation, with its answers, where the mode keeps a way to it."""
    if mode is Mode.ATTRIBUTED:
        statement = _in_full().where(
            Response.participant_id == invitation.participant_id,
            Response.meeting_id == invitation.meeting_id,
        )
        return _one(session, statement)
    if mode is Mode.UNLINKED:
        return None
    handle = seal.handle(invitation.id)
    link = session.get(ResponseLink, handle)
    if link is None:
        return None
    return _one(session, _in_full().where(Response.id == seal.open(link.sealed, under=handle)))


def has_answered(session: Session, invitation: Invitation, mode: Mode, seal: Seal) -> bool:
    """Whether an answer of this invitation stands. Once it is withdrawn, the person may answer anew."""
    if not invitation.answered:
        return False
    own = own_response(session, invitation, mode, seal)
    if own is None:
        return mode is not Mode.ATTRIBUTED
    return not is_withdrawn(own)


def standing_revisions(response: Response) -> list[Revision]:
    """The words of a response as they stand; none of what was withdrawn."""
    return [revision for answer in response.answers for revision in answer.revisions if revision.current]


def locked_response(session: Session, response: Response) -> Response:
    """The same, held against everybody else until the transaction ends, as it stands now."""
    session.execute(select(Response.id).where(Response.id == response.id).with_for_update())
    session.execute(
        select(Answer.id).where(Answer.response_id == response.id).order_by(Answer.id).with_for_update()
    )
    return session.scalars(_in_full().where(Response.id == response.id)).unique().one()


def wordings_of(session: Session, revisions: Iterable[Revision]) -> dict[str, Wording]:
    """The wordings that those revisions are pinned to, with their questions, by identifier."""
    wordings = session.scalars(
        select(Wording)
        .where(Wording.id.in_({revision.wording_id for revision in revisions}))
        .options(joinedload(Wording.question))
    )
    return {wording.id: wording for wording in wordings}


def kept_about(
    session: Session,
    invitation: Invitation,
    consultation: Consultation,
    rules: GroundRules,
    marks: Marks | None = None,
) -> Breakdown:
    """What is stored about the person with an answer.

    Only what the ground rules name: all of it in attributed mode, else coarsened over everybody invited to the meeting.
    With `marks` what may be kept for each combination of attributes is worked out once for all who are invited.
    """
    groups, left_out = consultation.country_groups, set(BREAKDOWN) - set(rules.breakdown)
    person = invitation.participant
    group = country_group(person.country, groups)
    own = Breakdown(person.country, group, person.sector, person.role_label, person.language).without(
        *left_out
    )
    if rules.mode is Mode.ATTRIBUTED:
        return own

    def counted() -> dict[Breakdown, Breakdown]:
        invited: dict[Breakdown, int] = {}
        for row, people in combinations_invited(session, invitation.meeting_id).items():
            country, sector, role_label, language = row
            group = country_group(country, groups)
            combination = Breakdown(country, group, sector, role_label, language).without(*left_out)
            invited[combination] = invited.get(combination, 0) + people
        return coarsened(invited, rules.smallest_group)

    stored = counted() if marks is None else kept(session, ("about", invitation.meeting_id), marks, counted)
    return stored.get(own, Breakdown())


def frozen_questions(session: Session, consultation: Consultation) -> set[str]:
    """The questions whose kind, settings and condition the database keeps: a response came in where they are asked."""
    responded = select(Response.meeting_id).where(Response.consultation_id == consultation.id)
    asked = select(Asking.question_id).where(Asking.meeting_id.in_(responded))
    answered = select(Answer.question_id).where(Answer.consultation_id == consultation.id)
    return set(session.scalars(asked.union(answered)))


def imported_among(session: Session, meeting_id: str, keys: Collection[str]) -> set[str]:
    """Those of the keys under which imports have taken a row for a meeting."""
    return set(
        session.scalars(
            select(ImportedRow.key).where(ImportedRow.meeting_id == meeting_id, ImportedRow.key.in_(keys))
        )
    )


def part_of_note(session: Session, answer_id: str) -> str:
    """The title of the session that a rapporteur's note is about; empty for a whole meeting."""
    return (
        session.scalar(
            select(MeetingSession.title)
            .join(SessionNote, SessionNote.session_id == MeetingSession.id)
            .where(SessionNote.answer_id == answer_id)
        )
        or ""
    )


@dataclass(frozen=True)
class NoteRow:
    """A note as the desk lists it. `text` is None once it was taken back."""

    answer_id: str
    state: AnswerState
    part: str
    text: str | None
    language: str
    written_by: str
    voiced: Voiced = Voiced.SAID
    position: int = 0


def notes_at(session: Session, meeting: Meeting) -> list[NoteRow]:
    """A meeting's notes by session, in the place that their rapporteur gave them; else in no order of time."""
    rows = session.execute(
        select(
            Answer.id,
            Answer.state,
            MeetingSession.title,
            Revision.text,
            Revision.language,
            User.name,
            SessionNote.voiced,
            SessionNote.position,
        )
        .select_from(SessionNote)
        .join(Answer, Answer.id == SessionNote.answer_id)
        .join(User, User.id == SessionNote.written_by)
        .outerjoin(Revision, (Revision.answer_id == Answer.id) & Revision.current)
        .outerjoin(MeetingSession, MeetingSession.id == SessionNote.session_id)
        .where(SessionNote.meeting_id == meeting.id, Answer.state != AnswerState.WITHDRAWN)
        .order_by(MeetingSession.position, SessionNote.position, Answer.shuffle_key, Answer.id)
    )
    return [
        NoteRow(id_, state, part or "", text, language or "", name, voiced, position)
        for id_, state, part, text, language, name, voiced, position in rows
    ]


def note_at(session: Session, meeting_ids: Collection[str], answer_id: str) -> Response | None:
    """The response of a note at one of these meetings, with its answer."""
    return _one(
        session,
        _in_full()
        .join(Answer, Answer.response_id == Response.id)
        .join(SessionNote, SessionNote.answer_id == Answer.id)
        .where(SessionNote.answer_id == answer_id, SessionNote.meeting_id.in_(meeting_ids)),
    )


def cards_at(session: Session, meeting_ids: Collection[str]) -> Sequence[PaperCard]:
    """The cards that were typed at these meetings and wait for a second person, in no order of time."""
    return session.scalars(
        select(PaperCard)
        .where(PaperCard.meeting_id.in_(meeting_ids), PaperCard.checked_by.is_(None))
        .order_by(PaperCard.id)
    ).all()


def card_at(session: Session, meeting_ids: Collection[str], card_id: str) -> PaperCard | None:
    """That card, at one of these meetings."""
    return session.scalars(
        select(PaperCard).where(PaperCard.id == card_id, PaperCard.meeting_id.in_(meeting_ids))
    ).first()


def cards_checked(session: Session, meeting_ids: Collection[str]) -> int:
    """How many cards of these meetings two people have gone through."""
    return (
        session.scalar(
            select(func.count())
            .select_from(PaperCard)
            .where(PaperCard.meeting_id.in_(meeting_ids), PaperCard.checked_by.is_not(None))
        )
        or 0
    )


def _one(session: Session, statement: Select[Response], **bound: str) -> Response | None:
    return session.scalars(statement, bound).unique().first()
