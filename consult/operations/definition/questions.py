"""The questions of a definition: their kinds' settings, conditions and pages."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from consult.consultations.kinds import DEFAULT, KINDS, Setting, limits_meant
from consult.core.errors import Invalid, Said
from consult.operations.definition.fields import Faults, Fields
from consult.operations.definition.shapes import AskingPart, QuestionPart, WordingPart

LONGEST_ANSWER = 20_000
LONGEST_LABEL = 300
MOST_PAGES = 50


def read_questions(tables: Sequence[Fields], languages: list[str], source: str) -> list[QuestionPart]:
    """All of them in form order."""
    questions: list[QuestionPart] = []
    for fields in tables:
        questions.append(_question(fields, languages, source, {one.code: one for one in questions}))
    return questions


def _question(
    fields: Fields, languages: list[str], source: str, earlier: Mapping[str, QuestionPart]
) -> QuestionPart:
    """One question. A key that its kind does not know is a fault."""
    code = fields.slug("code")
    written = fields.text("kind", longest=32, default=DEFAULT)
    if written not in KINDS:
        fields.note("kind", Said("this must be one of: %(known)s.", known=", ".join(KINDS)))
    kind = KINDS.get(written, KINDS[DEFAULT])
    settings = {setting.name: _setting(fields, setting, languages, source) for setting in kind.settings}
    for problem in kind.problems(settings):
        fields.note(problem.field, Said(problem.message, **problem.facts))
    question = QuestionPart(
        code=code,
        kind=kind.code,
        required=fields.switch("required", default=kind.asks),
        max_length=fields.whole("max_length", least=1, most=LONGEST_ANSWER, default=1500),
        page=fields.whole("page", least=1, most=MOST_PAGES, default=1),
        settings=settings,
        condition=_condition(fields, earlier),
        wordings=[
            read_wording(wording, languages, source) for wording in fields.tables("wordings", required=True)
        ],
    )
    if question.required and not kind.asks:
        fields.note("required", Said("nothing is answered here, so nothing is required."))
    versions = [wording.version for wording in question.wordings]
    if len(set(versions)) != len(versions):
        fields.note("wordings", Said("two wordings have the same version. Number them 1, 2, 3 …"))
    if written in KINDS:  # else the keys of a kind that does not exist would be noted one by one
        fields.finish()
    return question


def read_wording(fields: Fields, languages: list[str], source: str) -> WordingPart:
    """One version of a question's text."""
    wording = WordingPart(
        version=fields.whole("version", least=1, most=10_000),
        prompt=fields.translations("prompt", languages=languages, source=source, longest=2000),
        help_text=fields.translations(
            "help", languages=languages, source=source, required=False, longest=2000
        ),
    )
    fields.finish()
    return wording


def check_questions(questions: Sequence[QuestionPart], askings: Sequence[AskingPart], faults: Faults) -> None:
    """Note pages that go back, and conditions that no answer given before can fulfil."""
    reached = 1
    earlier: dict[str, QuestionPart] = {}
    for number, question in enumerate(questions):
        if question.page < reached:
            faults.note(
                ("questions", number, "page"),
                Said(
                    "the question before is on page %(page)s. Put this one before it, or on that page or a later one.",
                    page=reached,
                ),
            )
        reached = max(reached, question.page)
        if question.condition is not None:
            _check_condition(number, question, earlier, askings, faults)
        earlier[question.code] = question


def _check_condition(
    number: int,
    question: QuestionPart,
    earlier: dict[str, QuestionPart],
    askings: Sequence[AskingPart],
    faults: Faults,
) -> None:
    where = ("questions", number, "shown_if")
    condition = question.condition or {}
    source = earlier.get(condition["question"])
    if source is None or not KINDS[source.kind].asks:
        faults.note((*where, "question"), Said("name a question that is asked and stands before this one."))
        return
    codes = KINDS[source.kind].codes(source.settings)
    for place, code in enumerate(condition["any_of"]):
        if code not in codes:
            faults.note((*where, "any_of", place), _no_answer(source.code, code, codes))
    asked_at = {asking.meeting for asking in askings if asking.question == source.code}
    alone = sorted({a.meeting for a in askings if a.question == question.code} - asked_at)
    if alone:
        faults.note(
            (*where, "question"),
            Said(
                "“%(source)s” is not asked at %(meetings)s, where this question is.",
                source=source.code,
                meetings=", ".join(alone),
            ),
        )


def _no_answer(question: str, code: str, known: Sequence[str]) -> Said:
    if not known:
        return Said(
            "“%(question)s” has no answer “%(code)s”. Leave any_of out: shown if it is answered at all.",
            question=question,
            code=code,
        )
    return Said(
        "“%(question)s” has no answer “%(code)s”. It has: %(known)s.",
        question=question,
        code=code,
        known=", ".join(known),
    )


def _condition(fields: Fields, earlier: Mapping[str, QuestionPart]) -> dict[str, Any] | None:
    """As `Question.condition` keeps it; limits are read as the earlier question's kind reads its answers."""
    table = fields.table("shown_if")
    if table is None:
        return None
    code = table.text("question", longest=80)
    condition: dict[str, Any] = {"question": code, "any_of": table.texts("any_of", longest=80)}
    least, most = table.written("least", float, date), table.written("most", float, date)
    source = earlier.get(code)
    if source is not None and (least or most):
        kind = KINDS[source.kind]
        if kind.limits is None:
            table.note("least" if least else "most", Said("only a number or a date has limits. Use any_of."))
        else:
            try:
                condition |= limits_meant(least, most, kind, source.settings)
            except Invalid as problem:
                table.note(problem.field, Said(problem.message, **problem.facts))
    table.finish()
    return condition


def _setting(fields: Fields, setting: Setting, languages: list[str], source: str) -> Any:
    """What the file says for one setting, as `Question.settings` keeps it."""
    name = setting.name
    if setting.form == "options":
        return [_option(table, languages, source) for table in fields.tables(name, required=True)]
    if setting.form == "labels":
        return [_translations(table, languages, source) for table in fields.tables(name)]
    if setting.form == "switch":
        return fields.switch(name, default=setting.default)
    if setting.form == "whole":
        return fields.whole(name, least=setting.least, most=setting.most, default=setting.default)
    if setting.form == "translations":
        return fields.translations(
            name, languages=languages, source=source, required=False, longest=LONGEST_LABEL
        )
    return fields.written(name, date if setting.form == "date" else float)


def _option(fields: Fields, languages: list[str], source: str) -> dict[str, Any]:
    option = {
        "code": fields.text("code", longest=80),
        "label": fields.translations("label", languages=languages, source=source, longest=LONGEST_LABEL),
    }
    fields.finish()
    return option


def _translations(fields: Fields, languages: list[str], source: str) -> dict[str, str]:
    return fields.own_translations(languages=languages, source=source, longest=LONGEST_LABEL)
