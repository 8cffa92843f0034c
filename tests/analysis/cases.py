"""Approved answers by the real way: decided on, then coded."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.actions import assign, ensure_theme
from consult.analysis.models import Theme
from consult.consultations.enums import Attribution
from consult.consultations.models import Question
from consult.core.text import fold
from consult.meetings.models import Asking, Meeting
from consult.moderation.actions import Span, decide
from consult.moderation.enums import RejectReason, Verdict
from consult.moderation.models import Decision, PublishedCase
from consult.moderation.published import case_values
from consult.responses.enums import AnswerState, Source
from consult.responses.models import Answer, Response, Revision
from consult.responses.queries import current_revision
from consult.responses.rules import content_hash, move
from tests.factories import World, make_answer, make_asking, make_question

CANARY = "Colonel Zawisza of the Riga staff told me so."


def codebook(session: Session, world: World, *codes: str) -> list[Theme]:
    return [
        ensure_theme(session, world.consultation, code=code, title=code.replace("-", " ").capitalize())
        for code in codes or ("deterrence", "dialogue", "unity")
    ]


def approve(session: Session, world: World, answer: Answer, *, redactions: Sequence[Span] = ()) -> Revision:
    revision = current_revision(session, answer)
    number = session.query(Decision).filter_by(answer_id=answer.id).count()
    decide(
        session,
        answer,
        Verdict.APPROVE,
        read=revision.hash,
        read_number=number,
        by=world.director,
        redactions=redactions,
    )
    return revision


def reject(session: Session, world: World, answer: Answer) -> None:
    number = session.query(Decision).filter_by(answer_id=answer.id).count()
    decide(
        session,
        answer,
        Verdict.REJECT,
        read=current_revision(session, answer).hash,
        read_number=number,
        by=world.director,
        reason=RejectReason.OFF_TOPIC,
    )


def approved(
    session: Session,
    world: World,
    meeting: Meeting | None = None,
    *themes: Theme,
    times: int = 1,
    text: str = "A standing channel for incidents at sea.",
    question: int = 0,
    by: User | None = None,
    attribution: Attribution = Attribution.QUOTE_UNATTRIBUTED,
    source: Source = Source.LINK,
    language: str = "en",
    **breakdown: str,
) -> list[Revision]:
    """So many answers of as many people at a meeting, approved and given these themes."""
    asking = world.askings[(meeting or world.october).id][question]
    revisions = []
    for _ in range(times):
        answer = make_answer(
            session,
            world.consultation,
            world.rules,
            asking,
            text,
            attribution=attribution,
            source=source,
            language=language,
        )
        for name, value in breakdown.items():
            setattr(session.get_one(Response, answer.response_id), name, value)
        revision = approve(session, world, answer)
        for theme in themes:
            assign(session, revision, theme, by=by or world.director)
        revisions.append(revision)
    return revisions


def answer_too(session: Session, revision: Revision, asking: Asking, question: Question) -> Answer:
    """The same person's answer to another question."""
    first = session.get_one(Answer, revision.answer_id)
    answer = Answer(
        response_id=first.response_id,
        consultation_id=first.consultation_id,
        meeting_id=first.meeting_id,
        question_id=question.id,
    )
    session.add(answer)
    session.flush()
    add_revision(session, answer, "Drifting apart.", asking.wording_id, like=revision)
    return answer


def change_words(session: Session, revision: Revision, words: str) -> None:
    """As if the participant had changed their mind, which puts the answer back into the queue."""
    answer = session.get_one(Answer, revision.answer_id)
    if answer.state is not AnswerState.WAITING:
        move(answer, AnswerState.WAITING)
    revision.current = False
    session.flush()
    add_revision(session, answer, words, revision.wording_id, like=revision, number=revision.number + 1)


def add_revision(
    session: Session, answer: Answer, words: str, wording_id: str, *, like: Revision, number: int = 1
) -> None:
    session.add(
        Revision(
            answer_id=answer.id,
            number=number,
            wording_id=wording_id,
            text=words,
            language=like.language,
            attribution=like.attribution,
            ground_rules_id=like.ground_rules_id,
            ceiling=like.ceiling,
            hash=content_hash(words, None, like.attribution, wording_id),
            folded=fold(words),
        )
    )
    session.flush()


@contextmanager
def counted_queries(session: Session) -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def closed_question(
    session: Session, world: World, code: str, kind: str, settings: dict[str, object], *, position: int = 3
) -> Question:
    """A question with choices, asked at both meetings."""
    question = make_question(session, world.consultation, code, f"Of {code}?", position)
    question.kind, question.settings = kind, settings
    session.flush()
    for meeting in (world.october, world.may):
        world.askings[meeting.id].append(make_asking(session, question, meeting))
    return question


def who_answered(
    session: Session,
    world: World,
    times: int,
    choices: Mapping[str, Sequence[str]],
    *themes: Theme,
    meeting: Meeting | None = None,
    words: bool = True,
    **breakdown: str,
) -> list[Answer]:
    """So many people with choices by question and words to the first question, approved or left in the queue."""
    askings = world.askings[(meeting or world.october).id]
    by_code = {session.get_one(Question, asking.question_id).code: asking for asking in askings}
    first = []
    for _ in range(times):
        if words:
            [revision] = approved(session, world, meeting, *themes, **breakdown)
            answer = session.get_one(Answer, revision.answer_id)
        else:
            answer = make_answer(session, world.consultation, world.rules, askings[0], **breakdown)
        for code, chosen in choices.items():
            choose(session, world, answer.response_id, by_code[code], chosen)
        first.append(answer)
    return first


def choose(session: Session, world: World, response_id: str, asking: Asking, chosen: Sequence[str]) -> None:
    """One person's choice at one question, counted at once."""
    answer = Answer(
        response_id=response_id,
        consultation_id=world.consultation.id,
        meeting_id=asking.meeting_id,
        question_id=asking.question_id,
        state=AnswerState.APPROVED,
    )
    session.add(answer)
    session.flush()
    revision = Revision(
        answer_id=answer.id,
        number=1,
        wording_id=asking.wording_id,
        choices=list(chosen),
        language="en",
        attribution=Attribution.AGGREGATE_ONLY,
        ground_rules_id=world.rules.id,
        ceiling=world.rules.ceiling,
        hash=content_hash(None, list(chosen), Attribution.AGGREGATE_ONLY, asking.wording_id),
    )
    session.add(revision)
    session.flush()
    session.add(PublishedCase(**case_values(answer, revision, session.get_one(Response, response_id))))
    session.flush()
