"""The task list of a consultation, what it says of itself, and its definition to take away."""

from typing import cast

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField

from consult.consultations.actions import describe
from consult.consultations.rules import phase
from consult.core.clock import now
from consult.core.errors import Refused
from consult.operations.definition.writing import written
from consult.operations.preparing.checklist import LANGUAGES, Checked, Part, checklist, ready_to_open
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.setup.forms import (
    ButtonForm,
    EachLine,
    Form,
    LinesField,
    TextField,
    at_most,
    needed,
    site_languages,
)
from consult.web.desk.setup.rules import follow_languages
from consult.web.desk.views import desk
from consult.web.desk.words import PHASES, language_name
from consult.web.fields import SelectChoice
from consult.web.guards import Scope, requires

SAID = {
    "created": _l("The consultation is there. Nobody but its staff sees it until you set when it opens."),
    "saved": _l("Saved."),
    "loaded": _l("The definition is loaded."),
}
WHOLE = frozenset({Part.MEETINGS, Part.QUESTIONS})
"""Parts without which a definition says nothing."""


class AboutForm(Form):
    """What the consultation says of itself."""

    title = TextField(_l("Title"), [needed(), at_most(300)])
    strapline = TextField(_l("One line under the title"), [at_most(500)])
    programme = TextField(_l("Programme"), [at_most(200)])
    convenor = TextField(_l("Who convenes it"), [at_most(200)])
    event = TextField(_l("What it leads up to"), [at_most(200)])
    help_contact = TextField(_l("Whom participants can ask"), [at_most(254)])
    licence = TextField(_l("Licence of its reports and data"), [at_most(300)])
    objectives = LinesField(_l("Objectives of all meetings together"), [EachLine(2000, 50)])
    languages = SelectMultipleField(_l("Languages of the form"))


@desk.get("/<slug>/setup")
@requires(Permission.SET_UP)
def setup(scope: Scope) -> ResponseReturnValue:
    return _tasks_page(scope, ButtonForm(formdata=None))


@desk.get("/<slug>/setup/about")
@requires(Permission.SET_UP)
def setup_about(scope: Scope) -> ResponseReturnValue:
    consultation = scope.consultation
    form = AboutForm(
        formdata=None,
        data={
            name: getattr(consultation, name)
            for name in (
                "title",
                "strapline",
                "programme",
                "convenor",
                "event",
                "help_contact",
                "licence",
                "languages",
            )
        }
        | {"objectives": "\n".join(consultation.objectives)},
    )
    return _about_page(scope, form)


@desk.post("/<slug>/setup/about")
@requires(Permission.SET_UP)
def setup_about_save(scope: Scope) -> ResponseReturnValue:
    form, consultation = AboutForm(), scope.consultation
    form.languages.choices = _languages(scope)
    if not form.validate():
        return _about_page(scope, form), 422
    chosen = set(form.languages.data or ()) | {consultation.language}
    facts = {
        name: form[name].data or ""
        for name in ("title", "strapline", "programme", "convenor", "event", "help_contact", "licence")
    }
    languages = [code for code in consultation.languages if code in chosen]
    languages += [code for code, _name in site_languages() if code in chosen and code not in languages]
    describe(
        scope.session,
        consultation,
        facts | {"objectives": form.objectives.lines, "languages": languages},
        by=scope.user,
    )
    follow_languages(scope)
    return redirect(url_for("desk.setup", slug=consultation.slug, said="saved"), code=303)


@desk.post("/<slug>/setup/definition")
@requires(Permission.SET_UP)
def setup_definition(scope: Scope) -> ResponseReturnValue:
    form = ButtonForm()
    if not form.validate():
        return _tasks_page(scope, form), 422
    lacking = [checked.part for checked in checklist(scope.session, scope.consultation) if not checked.count]
    if WHOLE & set(lacking):
        raise Refused("A definition needs a meeting and a question. Add them first.")
    text = written(scope.session, scope.consultation)
    response = Response(text, content_type="application/toml; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"{scope.consultation.slug}.toml")
    return response


def part_names() -> dict[Part, tuple[str, str]]:
    """Part → its title, and what is done there."""
    return {
        Part.ABOUT: (_("About"), _("Title, convenor, whom to ask, languages.")),
        Part.MEETINGS: (_("Meetings"), _("When, where, sessions, outcomes, links and documents.")),
        Part.QUESTIONS: (_("Questions"), _("What is asked, in which words, at which meeting.")),
        Part.RULES: (_("Ground rules"), _("What may be revealed, and what participants are promised.")),
        Part.PEOPLE: (_("People"), _("The roster, and who is invited to which meeting.")),
        Part.INVITATIONS: (_("Invitations"), _("By mail, as letters, by a poster.")),
        Part.OPENING: (_("Opening"), _("From when to when answers are taken.")),
    }


def _tasks_page(scope: Scope, form: ButtonForm) -> str:
    parts = checklist(scope.session, scope.consultation)
    slug = scope.consultation.slug
    ours = scope.may(Permission.PREPARE)
    urls = {
        Part.ABOUT: url_for("desk.setup_about", slug=slug),
        Part.MEETINGS: url_for("desk.setup_meetings", slug=slug),
        Part.QUESTIONS: url_for("desk.setup_questions", slug=slug),
        Part.RULES: url_for("desk.setup_rules", slug=slug),
        Part.PEOPLE: url_for("desk.people", slug=slug) if ours else None,
        Part.INVITATIONS: url_for("desk.invitations", slug=slug) if ours else None,
        Part.OPENING: url_for("desk.times", slug=slug) if ours else None,
    }
    return render_template(
        "desk/setup/tasks.html",
        **framed(scope, "setup"),
        form=form,
        tasks=[
            (checked, *part_names()[checked.part], urls[checked.part], missing_words(checked))
            for checked in parts
        ],
        done=sum(checked.ready for checked in parts),
        ready=ready_to_open(parts),
        phase=PHASES[phase(scope.consultation, scope.rules, now())],
        first_meeting=next(iter(scope.all_meetings), None),
        said=SAID.get(request.args.get("said", "")),
    )


def missing_words(checked: Checked) -> list[str]:
    """What a part lacks, in the reader's language."""
    told = []
    for one in checked.missing:
        facts = dict(one.facts)
        if LANGUAGES in facts:
            facts[LANGUAGES] = ", ".join(map(language_name, cast(list[str], facts[LANGUAGES])))
        told.append(str(_(one.sentence)) % facts if facts else str(_(one.sentence)))
    return told


def _languages(scope: Scope) -> list[SelectChoice]:
    return [SelectChoice(code, name) for code, name in site_languages(scope.consultation.languages)]


def _about_page(scope: Scope, form: AboutForm) -> str:
    form.languages.choices = _languages(scope)
    return render_template(
        "desk/setup/about.html", **framed(scope, "setup"), form=form, own=scope.consultation.language
    )
