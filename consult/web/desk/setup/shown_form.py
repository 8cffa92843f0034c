"""Under which condition a question is shown: an earlier question first, then answers picked from what it offers."""

from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from consult.consultations.kinds import (
    KINDS,
    Condition,
    Limits,
    Way,
    codes_meant,
    condition_of,
    limits_meant,
    ways_for,
)
from consult.consultations.kinds.conditions import MOST_LISTED
from consult.consultations.kinds.kind import prompt_of
from consult.consultations.models import Question
from consult.consultations.queries import questions_of
from consult.core.errors import Invalid
from consult.web.desk.setup.forms import EachLine, Form, LinesField, TextField, at_most, blame
from consult.web.errors import words
from consult.web.fields import SelectChoice
from consult.web.guards import Scope

LONGEST_PROMPT = 90
LONGEST_NAME = 300
MOST_NAMES = 300
LONGEST_LIMIT = 40
ALWAYS = "always"
WAYS = {
    Way.ANY: _l("Only if it was answered at all"),
    Way.IS: _l("Only if its answer is one of those below"),
    Way.IS_NOT: _l("Only if its answer is none of those below"),
    Way.AT_LEAST: _l("Only if its answer is the step below or a higher one"),
    Way.AT_MOST: _l("Only if its answer is the step below or a lower one"),
    Way.WITHIN: _l("Only if its answer lies within the limits below"),
}


class AfterForm(Form):
    """Which earlier question decides. It is asked for in the address, and changes nothing."""

    after = SelectField(_l("Earlier question"))


class ShownForm(Form):
    """How its answer is compared, and with which; `named` in place of ticks where there are too many."""

    source = HiddenField()
    way = RadioField(_l("Show this question"), [InputRequired(_l("Choose one."))])
    picked = SelectMultipleField(_l("Answers"))
    named = LinesField(_l("Answers, one a line"), [EachLine(LONGEST_NAME, MOST_NAMES)])
    least = TextField(_l("The least"), [at_most(LONGEST_LIMIT)])
    most = TextField(_l("The most"), [at_most(LONGEST_LIMIT)])


@dataclass(frozen=True)
class Showing:
    """What the page says of a question's condition. `after` is None where nothing is asked before it."""

    sentence: str
    after: AfterForm | None
    form: ShownForm | None
    source: str = ""
    """The prompt of the question that decides."""
    long: bool = False
    """Whether its answers are written instead of ticked, there being so many."""
    limits: Limits | None = None
    """How the limits of its answers are told, where they have any."""


def showing(scope: Scope, question: Question, came_back: ShownForm | None = None) -> Showing:
    """How it is shown now, and the forms that change it, for the question named in the address or kept."""
    earlier, condition = _earlier(scope, question), condition_of(question)
    wanted = came_back.source.data if came_back else request.args.get("after", "")
    source = earlier.get(wanted or "") or earlier.get(condition.question if condition else "")
    after = AfterForm(formdata=None, data={"after": source.code if source else ""}) if earlier else None
    if after is not None:
        after.after.choices = [SelectChoice(code, _short(one)) for code, one in earlier.items()]
    form = came_back or (_fresh(question, source) if source else None)
    if form is not None and source is not None:
        _offer(form, source)
    return Showing(
        _said(question, earlier),
        after,
        form,
        _short(source) if source else "",
        source is not None and _is_long(source),
        KINDS[source.kind].limits if source is not None else None,
    )


def source_of(scope: Scope, question: Question, form: ShownForm) -> Question | None:
    """The earlier question that the form is about, its answers offered in the form; None where there is none such."""
    source = _earlier(scope, question).get(form.source.data or "")
    if source is not None:
        _offer(form, source)
    return source


def condition_in(form: ShownForm, source: Question) -> dict[str, Any] | None:
    """The condition as it is kept, {} for none, or None with an error at its field."""
    if form.way.data == ALWAYS:
        return {}
    kind, long = KINDS[source.kind], _is_long(source)
    if form.way.data == Way.WITHIN.value:
        try:
            limits = limits_meant(form.least.data or "", form.most.data or "", kind, source.settings)
        except Invalid as error:
            blame(form, error, "least")
            return None
        return {"question": source.code, "any_of": [], **limits}
    picked = [kind.code_of(source, line) for line in form.named.lines] if long else form.picked.data or []
    try:
        codes = codes_meant(Way(form.way.data), picked, kind, source.settings)
    except Invalid as error:
        (form.named if long else form.picked).errors = [words(error)]
        return None
    return {"question": source.code, "any_of": codes}


def _earlier(scope: Scope, question: Question) -> dict[str, Question]:
    return {
        one.code: one
        for one in questions_of(scope.session, scope.consultation)
        if (one.position, one.id) < (question.position, question.id) and KINDS[one.kind].asks
    }


def _fresh(question: Question, source: Question) -> ShownForm:
    condition = condition_of(question)
    kept = condition if condition and condition.question == source.code else Condition(source.code)
    codes = list(kept.any_of)
    way = Way.WITHIN if kept.limited else Way.IS if codes else Way.ANY
    return ShownForm(
        formdata=None,
        data={
            "source": source.code,
            "way": way.value,
            "picked": codes,
            "named": "\n".join(_names(source, codes)),
            "least": kept.least,
            "most": kept.most,
        },
    )


def _offer(form: ShownForm, source: Question) -> None:
    ways = ways_for(KINDS[source.kind], source.settings)
    form.way.choices = [
        SelectChoice(ALWAYS, _("Always")),
        *(SelectChoice(way.value, WAYS[way]) for way in ways),
    ]
    if limits := KINDS[source.kind].limits:
        form.least.label.text, form.most.label.text = _(limits.least), _(limits.most)
    codes = [] if _is_long(source) else KINDS[source.kind].codes(source.settings)
    form.picked.choices = [
        SelectChoice(code, name) for code, name in zip(codes, _names(source, codes), strict=True)
    ]


def _is_long(source: Question) -> bool:
    return len(KINDS[source.kind].codes(source.settings)) > MOST_LISTED


def _names(source: Question, codes: list[str]) -> list[str]:
    told = KINDS[source.kind].words(source, codes, str(get_locale() or "en"))
    return [_(name) for name in told]


def _said(question: Question, earlier: dict[str, Question]) -> str:
    condition = condition_of(question)
    if condition is None:
        return str(_("It is shown always."))
    source = earlier.get(condition.question)
    if source is None:
        return str(_("It is never shown: the question that decides stands after it, or nowhere."))
    if condition.limited:
        told = _within(source, condition)
    elif condition.any_of:
        told = ", ".join(_names(source, list(condition.any_of)))
    else:
        return str(_("It is shown if “%(prompt)s” was answered.", prompt=_short(source)))
    return str(
        _(
            "It is shown if the answer to “%(prompt)s” is: %(answers)s.",
            prompt=_short(source),
            answers=told,
        )
    )


def _within(source: Question, condition: Condition) -> str:
    """The limits in words; as they were written, where the question is of another kind by now."""
    limits = KINDS[source.kind].limits
    if limits is None or not condition.suits(KINDS[source.kind]):
        return f"{condition.least} … {condition.most}"
    least, most = (_names(source, [code])[0] if code else "" for code in (condition.least, condition.most))
    if least and most:
        return str(_(limits.between, least=least, most=most))
    return str(_(limits.from_least, least=least) if least else _(limits.to_most, most=most))


def _short(question: Question) -> str:
    text = " ".join(prompt_of(question).split())
    return text if len(text) <= LONGEST_PROMPT else text[: LONGEST_PROMPT - 1].rstrip() + "…"
