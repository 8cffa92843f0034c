"""What a receipt code shows: the answer as it is stored, and what has become of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.consultations.kinds import KINDS
from consult.consultations.models import Consultation, GroundRules, Question, Translations
from consult.consultations.queries import questions_of
from consult.core.marks import Marks
from consult.meetings.models import Asking, Meeting
from consult.meetings.setting import setting_at
from consult.moderation.models import PublishedText
from consult.responses.actions import may_change
from consult.responses.enums import AnswerState
from consult.responses.models import Answer, Response, Revision
from consult.responses.queries import handed_out, response_by_receipt, standing_revisions, wordings_of
from consult.responses.rules import is_withdrawn


@dataclass(frozen=True)
class StoredAnswer:
    """One answer as it stands. `published` and `line` are how it is printed, where it is; reasons are not here."""

    question: Question
    prompt: Translations
    text: str
    choices: tuple[str, ...]
    language: str
    attribution: Attribution
    state: AnswerState
    published: str | None
    line: str | None
    waived_on: date | None = None
    """When the ceiling of the ground rules was set aside for it."""

    @property
    def question_id(self) -> str:
        return self.question.id

    @property
    def closed(self) -> bool:
        """Whether it is a matter of choices."""
        return KINDS[self.question.kind].closed

    @property
    def erased(self) -> bool:
        """Whether nothing of it is left."""
        return not self.text and not self.choices

    def chosen(self, language: str) -> list[str]:
        """The choices in words, a sentence of the catalogues as its English."""
        return KINDS[self.question.kind].words(self.question, self.choices, language)


@dataclass(frozen=True)
class StoredResponse:
    """What came in under one receipt code. Nothing here says who sent it, or when."""

    consultation: Consultation
    meeting: Meeting
    rules: GroundRules
    """Those in force now, which govern a change."""
    askings: tuple[Asking, ...]
    """What is asked at the meeting now, in form order."""
    response: Response
    answers: tuple[StoredAnswer, ...]
    late: bool
    may_change: bool
    """Whether it may still be changed and withdrawn."""
    withdrawn: bool


def stored_response(session: Session, code: str, marks: Marks | None = None) -> StoredResponse | None:
    """What the code leads to, or None where it leads nowhere."""
    response = response_by_receipt(session, code)
    return None if response is None else as_stored(session, response, marks)


@dataclass(frozen=True)
class UnusedCode:
    """Unlinked mode: what a response code opens with which nothing has come in yet."""

    consultation: Consultation
    meeting: Meeting
    rules: GroundRules
    askings: tuple[Asking, ...]
    joined: bool
    """Whether it was handed out for a meeting's join code, which anybody may have."""


def unused_code(session: Session, code: str) -> UnusedCode | None:
    """See UnusedCode; None for a code that was not handed out. Whether it is used the caller has looked up before."""
    handed = handed_out(session, code)
    if handed is None:
        return None
    setting = setting_at(session, handed.meeting_id)
    return UnusedCode(setting.consultation, setting.meeting, setting.rules, setting.askings, handed.joined)


def as_stored(session: Session, response: Response, marks: Marks | None = None) -> StoredResponse:
    """A response as it stands, its answers in form order. Of a withdrawn answer nothing but the question is left."""
    current = {revision.answer_id: revision for revision in standing_revisions(response)}
    published = _published(session, response, current)
    setting = setting_at(session, response.meeting_id, marks)
    consultation, rules = setting.consultation, setting.rules
    asked = {asking.question_id: asking.wording.prompt for asking in setting.askings}
    questions = {asking.question_id: asking.question for asking in setting.askings}
    if not {answer.question_id for answer in response.answers} <= set(questions):  # one is asked no longer
        questions = {question.id: question for question in questions_of(session, consultation)}
    wordings = {asking.wording_id: asking.wording for asking in setting.askings}
    if not {revision.wording_id for revision in current.values()} <= set(wordings):  # or in other words
        wordings = wordings_of(session, current.values())
    withdrawn = is_withdrawn(response)
    return StoredResponse(
        consultation=consultation,
        meeting=setting.meeting,
        rules=rules,
        askings=setting.askings,
        response=response,
        answers=tuple(
            _stored(
                answer,
                questions[answer.question_id],
                current[answer.id],
                wordings[current[answer.id].wording_id].prompt,
                published,
            )
            if answer.id in current
            else _empty(answer, questions[answer.question_id], asked.get(answer.question_id, {}))
            for answer in sorted(
                response.answers, key=lambda answer: (questions[answer.question_id].position, answer.id)
            )
        ),
        late=response.late,
        may_change=not withdrawn and may_change(consultation, rules),
        withdrawn=withdrawn,
    )


def _published(
    session: Session, response: Response, current: Mapping[str, Revision]
) -> dict[str, PublishedText]:
    """Revision → how it is printed. Only what is approved can be; right after submitting nothing is asked for."""
    approved = [answer.id for answer in response.answers if answer.state is AnswerState.APPROVED]
    revisions = [current[answer_id].id for answer_id in approved if answer_id in current]
    if not revisions:
        return {}
    rows = session.scalars(select(PublishedText).where(PublishedText.revision_id.in_(revisions)))
    return {row.revision_id: row for row in rows}


def _stored(
    answer: Answer,
    question: Question,
    revision: Revision,
    prompt: Translations,
    published: Mapping[str, PublishedText],
) -> StoredAnswer:
    printed = published.get(revision.id)
    return StoredAnswer(
        question=question,
        prompt=prompt,
        text=revision.text or "",
        choices=tuple(revision.choices or ()),
        language=revision.language,
        attribution=revision.attribution,
        state=answer.state,
        published=printed.text if printed else None,
        line=printed.attribution_line if printed else None,
        waived_on=revision.waived_at.date() if revision.waived_at else None,
    )


def _empty(answer: Answer, question: Question, prompt: Translations) -> StoredAnswer:
    return StoredAnswer(
        question=question,
        prompt=prompt,
        text="",
        choices=(),
        language="",
        attribution=Attribution.NOT_FOR_USE,
        state=answer.state,
        published=None,
        line=None,
    )
