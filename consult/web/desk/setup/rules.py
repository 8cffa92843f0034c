"""The ground rules, with what a participant is told beside each choice. Once people were told, they only tighten."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Optional

from consult.consultations.actions import GROUND_RULES, change_ground_rules, set_country_groups
from consult.consultations.enums import Attribution, Mode, Switch, Timing
from consult.consultations.models import BREAKDOWN, MINIMUM_GROUP
from consult.consultations.rules import Stage
from consult.core.errors import Refused
from consult.core.markdown import rendered
from consult.operations.preparing.stage import stage_of
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.setup import promise as told
from consult.web.desk.setup.forms import (
    Form,
    boxes,
    filled,
    in_each_language,
    translated,
)
from consult.web.desk.setup.groups import GroupsForm, as_lines, read_groups
from consult.web.desk.views import desk
from consult.web.desk.words import ATTRIBUTIONS
from consult.web.errors import words
from consult.web.fields import SelectChoice
from consult.web.guards import Scope, requires

LONGEST_KEPT = 600
SAID = {
    "saved": _l("Saved. A change is a new version; answers keep the version they were given under."),
    "groups": _l("The country groups are saved."),
}
CHOOSE = InputRequired(_l("Choose one."))


def _whole(least: int, most: int) -> NumberRange:
    return NumberRange(
        least, most, _l("Write a whole number from %(least)s to %(most)s.", least=least, most=most)
    )


class RulesForm(Form):
    """Everything that a version of the ground rules says."""

    mode = RadioField(_l("Mode"), [CHOOSE])
    ceiling = RadioField(_l("At most, an answer may be used like this"), [CHOOSE])
    speaker = RadioField(_l("Who spoke"), [CHOOSE])
    affiliation = RadioField(_l("Affiliations"), [CHOOSE])
    attendance = RadioField(_l("Who took part"), [CHOOSE])
    timing = RadioField(_l("Time kept with an answer"), [CHOOSE])
    smallest_group = IntegerField(
        _l("Smallest group"), [InputRequired(_l("Write a whole number.")), _whole(MINIMUM_GROUP, 1000)]
    )
    breakdown = SelectMultipleField(_l("Facts about a person kept with an answer"))
    people_kept_months = IntegerField(_l("Months after closing"), [Optional(), _whole(1, LONGEST_KEPT)])
    answers_kept_months = IntegerField(_l("Months after closing"), [Optional(), _whole(1, LONGEST_KEPT)])
    grace_minutes = IntegerField(
        _l("Grace after closing, in minutes"),
        [InputRequired(_l("Write a whole number.")), _whole(0, 24 * 60)],
    )
    rewrite = BooleanField(_l("Write both texts anew from the choices above"))


@desk.get("/<slug>/setup/rules")
@requires(Permission.SET_UP)
def setup_rules(scope: Scope) -> ResponseReturnValue:
    return rules_page(scope, stored_form(scope))


@desk.post("/<slug>/setup/groups")
@requires(Permission.SET_UP)
def setup_groups_save(scope: Scope) -> ResponseReturnValue:
    form = GroupsForm()
    if not form.validate():
        return rules_page(scope, stored_form(scope), form), 422
    groups, problem = read_groups(form.groups.data or "")
    if problem is not None:
        form.groups.errors = [problem]
        return rules_page(scope, stored_form(scope), form), 422
    try:
        set_country_groups(
            scope.session,
            scope.consultation,
            groups,
            stage=stage_of(scope.session, scope.consultation),
            by=scope.user,
        )
    except Refused as error:
        form.groups.errors = [words(error)]
        return rules_page(scope, stored_form(scope), form), 422
    return redirect(url_for("desk.setup_rules", slug=scope.consultation.slug, said="groups"), code=303)


def stored_form(scope: Scope) -> Any:
    """The form as the rules in force fill it."""
    rules = scope.rules
    known = {name: getattr(rules, name) for name in GROUND_RULES if name not in ("promise", "rules_text")}
    known |= {"mode": rules.mode.value, "ceiling": rules.ceiling.code, "timing": rules.timing.value}
    known |= {name: known[name].value for name in ("speaker", "affiliation", "attendance")}
    known |= filled("promise", rules.promise) | filled("rules_text", rules.rules_text)
    return _form(scope)(formdata=None, data=known)


@desk.post("/<slug>/setup/rules")
@requires(Permission.SET_UP)
def setup_rules_save(scope: Scope) -> ResponseReturnValue:
    form = _form(scope)()
    _fill(form)
    if not form.validate():
        return rules_page(scope, form), 422
    wanted = _wanted(scope, form)
    if wanted["mode"] is Mode.UNLINKED and wanted["timing"] is not Timing.NONE:
        form.timing.errors = [_("In unlinked mode no time may be kept.")]
        return rules_page(scope, form), 422
    try:
        change_ground_rules(
            scope.session,
            scope.consultation,
            wanted,
            stage=stage_of(scope.session, scope.consultation),
            by=scope.user,
        )
    except Refused as error:
        form.mode.errors = [words(error)]
        return rules_page(scope, form), 422
    return redirect(url_for("desk.setup_rules", slug=scope.consultation.slug, said="saved"), code=303)


def rules_page(scope: Scope, form: Any, groups: GroupsForm | None = None) -> str:
    """The page; `groups` came back with an error."""
    _fill(form)
    languages, stage = scope.consultation.languages, stage_of(scope.session, scope.consultation)
    if groups is None:
        groups = GroupsForm(formdata=None, data={"groups": as_lines(scope.consultation.country_groups)})
    own = scope.consultation.language
    return render_template(
        "desk/setup/rules.html",
        **framed(scope, "setup"),
        form=form,
        groups_form=groups,
        rules=scope.rules,
        told=told,
        stage=stage.name.lower(),
        free=stage is Stage.FREE,
        answered=stage is Stage.ANSWERED,
        promises=boxes(form, "promise", languages),
        texts=boxes(form, "rules_text", languages),
        promise_now=scope.rules.promise.get(own, ""),
        rules_now=rendered(scope.rules.rules_text.get(own, "")),
        by_hand=not _composed_from_choices(scope),
        said=SAID.get(request.args.get("said", "")),
    )


def follow_languages(scope: Scope) -> None:
    """Once languages were added or left: the texts in those there are now, unless somebody wrote them by hand."""
    if not _composed_from_choices(scope):
        return
    wanted = {name: getattr(scope.rules, name) for name in GROUND_RULES}
    languages, own = scope.consultation.languages, scope.consultation.language
    wanted["promise"], wanted["rules_text"] = told.composed(wanted, languages, own)
    stage = stage_of(scope.session, scope.consultation)
    change_ground_rules(scope.session, scope.consultation, wanted, stage=stage, by=scope.user)


def _form(scope: Scope) -> type[Any]:
    fields = [("promise", _("Promise"), 2000, False), ("rules_text", _("Full ground rules"), 60_000, False)]
    return in_each_language(RulesForm, scope.consultation, fields)


def _fill(form: Any) -> None:
    form.mode.choices = [
        SelectChoice(Mode.CONFIDENTIAL.value, _("Confidential")),
        SelectChoice(Mode.UNLINKED.value, _("Unlinked")),
        SelectChoice(Mode.ATTRIBUTED.value, _("Attributed")),
    ]
    form.ceiling.choices = [
        SelectChoice(step.code, str(ATTRIBUTIONS[step]).capitalize()) for step in Attribution
    ]
    for name in ("speaker", "affiliation", "attendance"):
        form[name].choices = [
            SelectChoice(Switch.CLOSED.value, _("Not revealed")),
            SelectChoice(Switch.OPEN.value, _("May be revealed")),
        ]
    form.timing.choices = [
        SelectChoice(Timing.NONE.value, _("None")),
        SelectChoice(Timing.DAY.value, _("The day")),
        SelectChoice(Timing.MINUTE.value, _("The minute")),
    ]
    form.breakdown.choices = [SelectChoice(code, name) for code, name in told.attributes().items()]


def _wanted(scope: Scope, form: Any) -> dict[str, Any]:
    """A whole version. Texts that still are what the old choices made are made from the new ones."""
    languages, own = scope.consultation.languages, scope.consultation.language
    wanted: dict[str, Any] = {
        "mode": Mode(form.mode.data),
        "ceiling": Attribution.from_code(form.ceiling.data),
        **{name: Switch(form[name].data) for name in ("speaker", "affiliation", "attendance")},
        "timing": Timing(form.timing.data),
        "smallest_group": form.smallest_group.data,
        "breakdown": [name for name in BREAKDOWN if name in (form.breakdown.data or ())],
        "people_kept_months": form.people_kept_months.data,
        "answers_kept_months": form.answers_kept_months.data,
        "grace_minutes": form.grace_minutes.data,
        "promise": translated(form, "promise", languages),
        "rules_text": translated(form, "rules_text", languages),
    }
    untouched = (wanted["promise"], wanted["rules_text"]) == (scope.rules.promise, scope.rules.rules_text)
    blank = not wanted["promise"].get(own) or not wanted["rules_text"].get(own)
    if form.rewrite.data or blank or (untouched and _composed_from_choices(scope)):
        wanted["promise"], wanted["rules_text"] = told.composed(wanted, languages, own)
    return wanted


def _composed_from_choices(scope: Scope) -> bool:
    """Whether the texts in force are what the choices in force make, so that nobody wrote them by hand."""
    rules = {name: getattr(scope.rules, name) for name in GROUND_RULES}
    own = scope.consultation.language
    promise, _texts = told.composed(rules, scope.consultation.languages, own)
    return bool(promise.get(own) == scope.rules.promise.get(own))
