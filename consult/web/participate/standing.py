"""Answers that stand, as their author is shown them."""

from dataclasses import dataclass

from flask_babel import gettext as _

from consult.operations.receipts import StoredAnswer, StoredResponse
from consult.responses.enums import AnswerState
from consult.web.participate.uses import labels
from consult.web.participate.views import shown


@dataclass(frozen=True)
class ShownAnswer:
    """One answer with its question, its use and its state in words."""

    stored: StoredAnswer
    prompt: str
    prompt_language: str
    use: str
    state: str


def shown_answers(stored: StoredResponse) -> list[ShownAnswer]:
    """The answers of a response, in form order."""
    names = labels()
    return [
        ShownAnswer(
            answer,
            *shown(answer.prompt, stored.consultation.language),
            names[answer.attribution] if answer.text else "",
            _state(answer),
        )
        for answer in stored.answers
    ]


def _state(answer: StoredAnswer) -> str:
    """The state in plain words. Why an answer is not published stays with the moderators."""
    if answer.state is AnswerState.WAITING:
        return str(_("Waiting: a programme director or rapporteur has not decided yet."))
    if answer.state is AnswerState.REJECTED:
        return str(_("Not published: its words are in no report and in no figure."))
    if answer.state is AnswerState.WITHDRAWN:
        return str(_("Withdrawn: its words are erased, and it is used nowhere."))
    if answer.published is None:
        return str(_("Counted among the others. Its words are not printed."))
    return str(_("It may be printed like this:"))
