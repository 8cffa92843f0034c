"""What the pages of figures show: names for what tables are made of, and forms that offer them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from consult.analysis.disclosure import Rounded
from consult.analysis.disclosure.cells.axes import (
    NO_ANSWER,
    NOT_STATED,
    OTHERS,
    names_of_axes,
    values_to_stay_within,
)
from consult.analysis.disclosure.cells.grids import GridEntry, TableRequest
from consult.analysis.disclosure.closed import Distribution
from consult.analysis.disclosure.scales import Scale
from consult.analysis.queries import themes_of
from consult.analysis.queries.tallies import MEETING, QUESTION, THEME, WROTE
from consult.consultations.kinds import KINDS
from consult.consultations.kinds.country import countries
from consult.consultations.models import Question
from consult.consultations.queries import questions_of
from consult.exports.speaking import share_said
from consult.web.fields import Form, LongTextField
from consult.web.guards import Scope

ANY = ""


class TableForm(Form):
    """Which table to release."""

    rows = SelectField(_l("Rows"), [InputRequired(_l("Choose what the rows are."))])
    columns = SelectField(_l("Columns"), [InputRequired(_l("Choose what the columns are."))])
    meeting = SelectField(_l("Meeting"), default=ANY)
    within = SelectField(_l("Only people of one group"), default=ANY)

    @property
    def request(self) -> TableRequest:
        attribute, _colon, value = str(self.within.data or "").partition(":")
        return TableRequest(
            str(self.rows.data),
            str(self.columns.data),
            str(self.meeting.data or "") or None,
            (attribute, value) if attribute else None,
        )


class ScaleForm(Form):
    """From which per cent on each word is used."""

    from_some = IntegerField(_l("“some” from, in per cent"), [NumberRange(1, 100)])
    from_many = IntegerField(_l("“many” from, in per cent"), [NumberRange(1, 100)])
    from_most = IntegerField(_l("“most” from, in per cent"), [NumberRange(1, 100)])
    from_nearly_all = IntegerField(_l("“nearly all” from, in per cent"), [NumberRange(1, 100)])

    @classmethod
    def of(cls, scale: Scale) -> "ScaleForm":
        names = ("from_some", "from_many", "from_most", "from_nearly_all")
        return cls(formdata=None, data=dict(zip(names, scale.bounds, strict=True)))

    @property
    def bounds(self) -> list[int]:
        fields = (self.from_some, self.from_many, self.from_most, self.from_nearly_all)
        return [int(field.data or 0) for field in fields]


class DraftForm(Form):
    """Words to check against the counts."""

    text = LongTextField(_l("Your text"), [InputRequired(_l("Write or paste the text to check."))])


class Names:
    """What rows, columns and their values are called, in the reader's language."""

    def __init__(self, scope: Scope) -> None:
        self._questions: dict[str, Question] = {
            QUESTION + question.code: question for question in questions_of(scope.session, scope.consultation)
        }
        self._themes = {
            theme.code: theme.title for theme in themes_of(scope.session, scope.consultation, retired=True)
        }
        self._meetings = {meeting.slug: meeting.short_title for meeting in scope.all_meetings}
        self._axes: Mapping[str, str] = {
            THEME: _("Themes"),
            MEETING: _("Meetings"),
            "country": _("Country"),
            "country_group": _("Country group"),
            "sector": _("Sector"),
            "role_label": _("Role"),
            "language": _("Language"),
        }

    def axis(self, name: str) -> str:
        question = self._questions.get(name)
        if question is not None:
            return question.wordings[-1].source_text if question.wordings else question.code
        return str(self._axes.get(name, name))

    def value(self, axis: str, label: str) -> str:
        plain = {OTHERS: _("Others"), NOT_STATED: _("Not stated"), NO_ANSWER: _("No answer")}
        if label in plain:
            return str(plain[label])
        if axis == THEME:
            return str(self._themes.get(label, label))
        if axis == MEETING:
            return self._meetings.get(label, label)
        if axis == "country":
            return str(countries(str(get_locale() or "en")).get(label, label))
        return label

    def base(self, document: GridEntry) -> str:
        """Of whom the table is."""
        number = document["base"] or 0
        if document.get("of") == WROTE:
            return str(ngettext("%(num)s respondent who wrote.", "%(num)s respondents who wrote.", number))
        if document.get("of"):
            return str(
                ngettext(
                    "%(num)s respondent who answered the question.",
                    "%(num)s respondents who answered the question.",
                    number,
                )
            )
        if document["several"]:
            return str(
                ngettext(
                    "%(num)s respondent, whether or not they answered this.",
                    "%(num)s respondents, whether or not they answered this.",
                    number,
                )
            )
        return str(ngettext("%(num)s respondent.", "%(num)s respondents.", number))

    def missing(self, document: GridEntry) -> str:
        number = document.get("missing") or 0
        return str(ngettext("%(num)s more did not.", "%(num)s more did not.", number))

    def reasons(self, document: GridEntry, smallest: int) -> list[str]:
        told = {
            "rolled_up": _(
                "Countries are put together in groups, since some stand for fewer than %(least)s people.",
                least=smallest,
            ),
            "put_together": _(
                "Groups of fewer than %(least)s people are put together as “others”.", least=smallest
            ),
            "held_back": _(
                "Some numbers are held back: small ones, and others from which a small one could be worked out."
            ),
            "too_telling": _(
                "Together with tables that were released before, this one would say too much about a small group."
            ),
            "stands": _("Too few answers have come since this table was released, so it stands as it was."),
        }
        return [str(told[reason]) for reason in document["reasons"]]


def table_form(scope: Scope, names: Names, *, fresh: bool = False) -> TableForm:
    """The form with everything that this consultation's tables can show."""
    form = TableForm(formdata=None) if fresh else TableForm()
    known = [(name, names.axis(name)) for name in names_of_axes(scope.session, scope.consultation)]
    first = [(name, label) for name, label in known if name not in (THEME, MEETING)]
    form.rows.choices = first
    form.columns.choices = known
    form.meeting.choices = [(ANY, _("All meetings"))] + [
        (meeting.slug, meeting.title) for meeting in scope.all_meetings
    ]
    smallest = scope.rules.smallest_group
    offered = values_to_stay_within(scope.session, scope.consultation, smallest) if scope.covers_all else []
    form.within.choices = [(ANY, _("Everybody"))] + [
        (f"{name}:{value}", f"{names.axis(name)}: {names.value(name, value)}")
        for name, value in sorted(offered)
    ]
    return form


def closed_questions(scope: Scope) -> Sequence[Question]:
    """Those whose answers are counted by their choices."""
    return [
        question
        for question in questions_of(scope.session, scope.consultation)
        if KINDS[question.kind].closed and KINDS[question.kind].asks
    ]


@dataclass(frozen=True)
class AnswersTable:
    """A closed question's answers: a column for each meeting and one for all, None where a number is not given."""

    title: str
    meetings: list[str | None]
    numbers: list[tuple[str, list[int | None]]]
    """Respondents, base and missing."""
    options: list[tuple[str, list[tuple[int, Rounded] | None]]]
    """Answer → (respondents, share of those who answered)."""
    summary: list[tuple[str, list[str]]]
    """Of a scale: median, middle half and the two highest steps."""
    withheld: list[tuple[str | None, str]]
    """Meeting and why its figures are not given."""


def answers_table(names: Names, question: Question, found: Sequence[Distribution]) -> AnswersTable:
    """The distributions of one question side by side; of one meeting only that one."""
    shown = found if len(found) > 2 else found[:1]
    axis = QUESTION + question.code
    labels = dict.fromkeys(option.label for one in shown for option in one.options)
    given = [{option.label: (option.count, option.share) for option in one.options} for one in shown]
    summary = []
    if any(one.median is not None for one in shown):
        summary = [
            (_("Median"), [_step(one.median) for one in shown]),
            (
                _("Middle half"),
                [
                    f"{_step(one.quartiles[0])} – {_step(one.quartiles[1])}" if one.quartiles else ""
                    for one in shown
                ],
            ),
            (
                _("On the two highest steps"),
                [share_said(one.top_two, _) if one.top_two is not None else "" for one in shown],
            ),
        ]
    return AnswersTable(
        title=names.axis(axis),
        meetings=[one.meeting for one in shown],
        numbers=[
            (_("Respondents"), [one.people for one in shown]),
            (_("of them answered: the base of the shares"), [one.base for one in shown]),
            (_("missing: did not answer this"), [one.missing for one in shown]),
        ],
        options=[
            (names.value(axis, label), [told.get(label, (0, Rounded(0)) if told else None) for told in given])
            for label in labels
        ],
        summary=summary,
        withheld=[(one.meeting, one.withheld) for one in shown if one.withheld],
    )


def _step(value: float | None) -> str:
    return "" if value is None else format_decimal(value, locale=get_locale())


def columns_of(names: Names, document: GridEntry) -> list[dict[str, Any]]:
    """A table's columns with their totals."""
    return [
        {"label": names.value(document["columns_by"], label), "total": total}
        for label, total in zip(document["columns"], document["totals"], strict=True)
    ]
