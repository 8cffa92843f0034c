"""Taking away what was set up by mistake, while nobody has answered it and nothing else rests on it."""

from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations import actions
from consult.consultations.kinds import condition_of
from consult.consultations.models import Consultation, Question
from consult.consultations.queries import questions_of
from consult.core.errors import Refused
from consult.meetings.actions import ask
from consult.meetings.queries import meetings_in_full
from consult.responses.queries import frozen_questions, unchangeable_meetings


def check_removable(session: Session, consultation: Consultation, question: Question) -> None:
    """Raises Refused, saying what rests on the question."""
    if question.id in frozen_questions(session, consultation):
        raise Refused(
            "This question was answered, so it stays. It can be asked no longer at a meeting to come."
        )
    kept = unchangeable_meetings(session, consultation)
    if kept and any(
        asking.question_id == question.id
        for meeting in meetings_in_full(session, consultation)
        for asking in meeting.askings
        if meeting.id in kept
    ):
        raise Refused(
            "Answers without links are given where this question is asked, so it stays until that meeting is closed."
        )
    for other in questions_of(session, consultation):
        condition = condition_of(other)
        if condition is not None and condition.question == question.code:
            raise Refused(
                "Question “%(code)s” is shown only after an answer to this one. Show it always first.",
                code=other.code,
            )


def remove_question(session: Session, consultation: Consultation, question: Question, *, by: User) -> None:
    """The question with its wordings, where it was asked, and what staff tried on it. Raises Refused."""
    check_removable(session, consultation, question)
    for meeting in meetings_in_full(session, consultation):
        ask(session, consultation, meeting, question, None, by=by)
    actions.remove_question(session, consultation, question, by=by)
