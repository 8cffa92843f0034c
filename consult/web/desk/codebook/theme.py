"""One theme of the codebook: its words, and merging, splitting, retiring and restoring it."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from consult.analysis.codebook import actions
from consult.analysis.codebook.queries import answers_behind, answers_with
from consult.analysis.codebook.rules import ThemeWords
from consult.analysis.models import Theme
from consult.analysis.queries import theme_by_code, themes_of
from consult.core.errors import DomainError, Invalid, NotFound
from consult.moderation.phrases import removed_words
from consult.operations.codebook import merge_themes
from consult.permissions import Permission
from consult.web.desk.codebook.words import COLOURS
from consult.web.desk.frame import framed
from consult.web.desk.queue.forms import PlacesField
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.fields import Form, LongTextField, SelectChoice, TextField
from consult.web.guards import Scope, requires

SHOWN = 100


class ThemeForm(Form):
    """The words of a theme."""

    title = TextField(_l("Title"))
    code = TextField(_l("Code"))
    description = LongTextField(_l("Description"))
    includes = LongTextField(_l("What belongs to it"))
    excludes = LongTextField(_l("What does not"))
    examples = LongTextField(_l("Examples, one a line"))
    colour = SelectField(_l("Colour"), validate_choice=False)
    parent = SelectField(_l("Stands under"), validate_choice=False)

    def given(self) -> ThemeWords:
        return ThemeWords(
            title=self.title.data or "",
            description=self.description.data or "",
            includes=self.includes.data or "",
            excludes=self.excludes.data or "",
            examples=tuple((self.examples.data or "").splitlines()),
            colour=str(self.colour.data or ""),
        )


class MergeForm(Form):
    """Where a theme goes."""

    into = SelectField(_l("Merge into"), validate_choice=False)


class SplitForm(Form):
    """A new theme, and the answers that go into it."""

    title = TextField(_l("Title of the new theme"))
    answers = PlacesField(_l("Answers"))


class PlainForm(Form):
    """A button."""


@desk.get("/<slug>/codebook/new")
@requires(Permission.KEEP_CODEBOOK)
def theme_new(scope: Scope) -> ResponseReturnValue:
    return _new_page(scope, _form(scope, None, fresh=True))


@desk.post("/<slug>/codebook/new")
@requires(Permission.KEEP_CODEBOOK)
def theme_add(scope: Scope) -> ResponseReturnValue:
    form = _form(scope, None)
    if not form.validate():
        return _new_page(scope, form), 422
    try:
        actions.add_theme(
            scope.session,
            scope.consultation,
            form.given(),
            by=scope.user,
            code=form.code.data or "",
            parent=_parent(scope, form),
        )
    except Invalid as error:
        scope.session.rollback()
        _tell(form, error, "title")
        return _new_page(scope, form), 422
    return _done(scope, "added")


@desk.get("/<slug>/codebook/themes/<code>")
@requires(Permission.KEEP_CODEBOOK)
def theme(scope: Scope, code: str) -> ResponseReturnValue:
    found = _theme(scope, code)
    return _theme_page(scope, found)


@desk.post("/<slug>/codebook/themes/<code>")
@requires(Permission.KEEP_CODEBOOK)
def theme_change(scope: Scope, code: str) -> ResponseReturnValue:
    found = _theme(scope, code)
    form = _form(scope, found)
    if not form.validate():
        return _theme_page(scope, found, form=form), 422
    try:
        actions.change_theme(scope.session, found, form.given(), by=scope.user, parent=_parent(scope, form))
    except Invalid as error:
        scope.session.rollback()
        _tell(form, error, "title")
        return _theme_page(scope, _theme(scope, code), form=form), 422
    return _done(scope, "changed")


@desk.post("/<slug>/codebook/themes/<code>/merge")
@requires(Permission.KEEP_CODEBOOK)
def theme_merge(scope: Scope, code: str) -> ResponseReturnValue:
    found = _theme(scope, code)
    form = _merge_form(scope, found)
    into = theme_by_code(scope.session, scope.consultation, str(form.into.data or ""))
    if not form.validate():
        return _theme_page(scope, found, merge_form=form), 422
    if into is None:
        form.into.errors = [_("Choose the theme to merge into.")]
        return _theme_page(scope, found, merge_form=form), 422
    try:
        merge_themes(scope.session, scope.consultation, found, into, by=scope.user)
    except DomainError as error:
        scope.session.rollback()
        form.into.errors = [words(error)]
        return _theme_page(scope, _theme(scope, code), merge_form=form), 422
    return _done(scope, "merged")


@desk.get("/<slug>/codebook/themes/<code>/split")
@requires(Permission.KEEP_CODEBOOK)
def theme_split(scope: Scope, code: str) -> ResponseReturnValue:
    return _split_page(scope, _theme(scope, code), SplitForm(formdata=None))


@desk.post("/<slug>/codebook/themes/<code>/split")
@requires(Permission.KEEP_CODEBOOK)
def theme_split_off(scope: Scope, code: str) -> ResponseReturnValue:
    found, form = _theme(scope, code), SplitForm()
    if not form.validate():
        return _split_page(scope, found, form), 422
    try:
        actions.split(
            scope.session, found, ThemeWords(form.title.data or ""), form.answers.data, by=scope.user
        )
    except DomainError as error:
        scope.session.rollback()
        _tell(form, error, "title")
        return _split_page(scope, _theme(scope, code), form), 422
    return _done(scope, "split")


@desk.post("/<slug>/codebook/themes/<code>/retire")
@requires(Permission.KEEP_CODEBOOK)
def theme_retire(scope: Scope, code: str) -> ResponseReturnValue:
    """Retire it, or bring it back."""
    found, form = _theme(scope, code), PlainForm()
    if not form.validate():
        return _theme_page(
            scope, found, problem=_("The page was open for long. Press the button again.")
        ), 422
    if found.retired:
        actions.restore(scope.session, found, by=scope.user)
        return _done(scope, "restored")
    actions.retire(scope.session, found, by=scope.user)
    return _done(scope, "retired")


def _theme(scope: Scope, code: str) -> Theme:
    found = theme_by_code(scope.session, scope.consultation, code)
    if found is None:
        raise NotFound("There is no such theme in the codebook.")
    return found


def _done(scope: Scope, said: str) -> ResponseReturnValue:
    return redirect(url_for("desk.codebook", slug=scope.consultation.slug, said=said), code=303)


def _tell(form: Form, error: DomainError, otherwise: str) -> None:
    name = getattr(error, "field", "") or otherwise
    field = getattr(form, name, None) or getattr(form, otherwise)
    field.errors = [words(error)]


def _parent(scope: Scope, form: ThemeForm) -> Theme | None:
    if not form.parent.data:
        return None
    found = theme_by_code(scope.session, scope.consultation, str(form.parent.data))
    if found is None or found.retired:
        raise Invalid("Choose a theme that is in use.", field="parent")
    return found


def _form(scope: Scope, found: Theme | None, *, fresh: bool = False) -> ThemeForm:
    form = ThemeForm(formdata=None) if fresh else ThemeForm()
    others = [each for each in themes_of(scope.session, scope.consultation) if each is not found]
    form.parent.choices = [
        SelectChoice("", _("Nothing: a theme of its own")),
        *(SelectChoice(each.code, each.title) for each in others),
    ]
    colours = {code: str(name) for code, name in COLOURS.items()}
    if found is not None and found.colour:
        colours.setdefault(found.colour, found.colour)
    form.colour.choices = [SelectChoice(code, name) for code, name in colours.items()]
    if fresh and found is not None:
        codes = {each.id: each.code for each in others}
        form.title.data, form.description.data = found.title, found.description
        form.includes.data, form.excludes.data = found.includes, found.excludes
        form.examples.data, form.colour.data = "\n".join(found.examples), found.colour
        form.parent.data = codes.get(found.parent_id or "", "")
    return form


def _merge_form(scope: Scope, found: Theme, *, fresh: bool = False) -> MergeForm:
    form = MergeForm(formdata=None) if fresh else MergeForm()
    form.into.choices = [
        SelectChoice("", _("Choose a theme")),
        *(
            SelectChoice(each.code, each.title)
            for each in themes_of(scope.session, scope.consultation)
            if each is not found
        ),
    ]
    return form


def _new_page(scope: Scope, form: ThemeForm) -> str:
    return render_template("desk/codebook/new.html", **framed(scope, "codebook"), form=form)


def _theme_page(
    scope: Scope,
    found: Theme,
    *,
    form: ThemeForm | None = None,
    merge_form: MergeForm | None = None,
    problem: str | None = None,
) -> str:
    into = scope.session.get(Theme, found.merged_into_id) if found.merged_into_id else None
    origin = scope.session.get(Theme, found.split_from_id) if found.split_from_id else None
    return render_template(
        "desk/codebook/theme.html",
        **framed(scope, "codebook"),
        theme=found,
        merged_into=into,
        split_from=origin,
        count=answers_behind(scope.session, [found]).get(found.id, 0),
        form=form or _form(scope, found, fresh=True),
        merge_form=merge_form or _merge_form(scope, found, fresh=True),
        plain_form=PlainForm(formdata=None),
        problem=problem,
    )


def _split_page(scope: Scope, found: Theme, form: SplitForm) -> str:
    language = scope.consultation.language
    sought = request.args.get("words", "")[:200]
    return render_template(
        "desk/codebook/split.html",
        **framed(scope, "codebook"),
        theme=found,
        form=form,
        sought=sought,
        most=SHOWN,
        answers=[
            (
                each.revision_id,
                [
                    (part or "", removed_words(kind, language) if kind else None)
                    for part, kind in each.segments
                ]
                if each.segments is not None
                else None,
                each.language,
            )
            for each in answers_with(scope.session, found, words=sought, limit=SHOWN)
        ],
    )
