"""Answers that stand, as their author is shown them."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from consult.consultations.enums import Attribution, Mode
from consult.moderation.queries import Told, told_of_openings
from consult.operations.receipts import StoredAnswer, StoredResponse
from consult.responses.enums import AnswerState, Source
from consult.web.participate.form.uses import labels
from consult.web.participate.form.walk import in_words
from consult.web.participate.views import language, shown
from consult.web.transactions import current_session


@dataclass(frozen=True)
class ShownAnswer:
    """One answer with its question, its use and its state in words."""

    stored: StoredAnswer
    prompt: str
    prompt_language: str
    use: str
    state: str
    choices: tuple[str, ...]


def shown_answers(stored: StoredResponse) -> list[ShownAnswer]:
    """The answers of a response, in form order."""
    names = labels()
    return [
        ShownAnswer(
            answer,
            *shown(answer.prompt, stored.consultation.language),
            "" if answer.erased else _use(answer, names),
            _state(answer),
            tuple(str(_(words)) for words in answer.chosen(language())),
        )
        for answer in stored.answers
    ]


def openings_of(stored: StoredResponse) -> list[Told]:
    """When two directors could read who gave this response, and why."""
    sealed = stored.response.mode is Mode.CONFIDENTIAL and stored.response.source is Source.LINK
    return told_of_openings(current_session(), stored.response) if sealed else []


def _use(answer: StoredAnswer, names: Mapping[Attribution, str]) -> str:
    """What a choice may be used for is one of two things."""
    if answer.closed and answer.attribution is not Attribution.NOT_FOR_USE:
        return str(_("Counted among the others."))
    if answer.waived_on is None:
        return names[answer.attribution]
    day = in_words(answer.waived_on)
    use = names[answer.attribution]
    return str(_("%(use)s: beyond the ground rules, as you allowed on %(day)s", use=use, day=day))


def _state(answer: StoredAnswer) -> str:
    """The state in plain words. Why an answer is not published stays with the moderators."""
    if answer.state is AnswerState.WAITING:
        if answer.closed and not answer.text:
            return str(_("It will be counted together with others."))
        return str(_("Waiting: a programme director or rapporteur has not decided yet."))
    if answer.state is AnswerState.REJECTED:
        return str(_("Not published: its words are in no report and in no figure."))
    if answer.state is AnswerState.WITHDRAWN:
        return str(_("Withdrawn: its words are erased, and it is used nowhere."))
    if answer.published is None:
        counted, printed = (
            _("Counted among the others."),
            _("Counted among the others. Its words are not printed."),
        )
        return str(counted if answer.closed else printed)
    return str(_("It may be printed like this:"))


def as_told(stored: StoredResponse) -> list[str]:
    """What stands of each answer, as one text: what was chosen, then the words."""
    told = ["\n".join([*answer.choices, answer.stored.text]).strip() for answer in shown_answers(stored)]
    return [text for text in told if text]
