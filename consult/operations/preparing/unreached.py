"""Questions that stand where no participant, or not every one who should, would come to them."""

from collections.abc import Iterator, Sequence

from consult.consultations.kinds import KINDS, condition_of
from consult.consultations.models import Question
from consult.core.errors import Said
from consult.meetings.models import Meeting


def unreached(questions: Sequence[Question], meetings: Sequence[Meeting]) -> Iterator[Said]:
    """What is wrong with pages and conditions, `questions` in form order. A definition says the same of itself."""
    reached = 1
    earlier: dict[str, Question] = {}
    for question in questions:
        if question.page < reached:
            yield Said(
                "Question “%(code)s” is on page %(page)s, after one on page %(reached)s. Move it, or change its page.",
                code=question.code,
                page=question.page,
                reached=reached,
            )
        reached = max(reached, question.page)
        yield from _unfulfilled(question, earlier, meetings)
        if KINDS[question.kind].asks:
            earlier[question.code] = question


def _unfulfilled(
    question: Question, earlier: dict[str, Question], meetings: Sequence[Meeting]
) -> Iterator[Said]:
    condition = condition_of(question)
    if condition is None:
        return
    source = earlier.get(condition.question)
    if source is None:
        yield Said(
            "Question “%(code)s” is never shown: “%(source)s”, which decides, does not stand before it.",
            code=question.code,
            source=condition.question,
        )
        return
    kind = KINDS[source.kind]
    if condition.limited and not (
        condition.suits(kind) and kind.reaches(source.settings, condition.least, condition.most)
    ):
        yield Said(
            "Question “%(code)s” is never shown: no answer that “%(source)s” allows lies within its limits.",
            code=question.code,
            source=source.code,
        )
    offered = KINDS[source.kind].codes(source.settings)
    if gone := [code for code in condition.any_of if code not in offered]:
        yield Said(
            "Question “%(code)s” is shown after the answer “%(answer)s” to “%(source)s”, which offers it no more.",
            code=question.code,
            answer=gone[0],
            source=source.code,
        )
    for meeting in meetings:
        asked = {asking.question_id for asking in meeting.askings}
        if question.id in asked and source.id not in asked:
            yield Said(
                "Question “%(code)s” is never shown at “%(meeting)s”: “%(source)s”, which decides, is not asked there.",
                code=question.code,
                meeting=meeting.short_title,
                source=source.code,
            )
