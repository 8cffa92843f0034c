"""A new consultation: from a blank, from an earlier one, or from a definition file."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import FileField, SelectField

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.consultations.queries import consultation_by_slug, consultations_by_title
from consult.consultations.rules import slug_from
from consult.core.errors import Invalid, Refused
from consult.operations.definition import Definition, InvalidDefinition, parse
from consult.operations.loading.consultation import load
from consult.operations.preparing.making import cautious_rules, let_in, make_blank, make_copy
from consult.permissions import Permission, may
from consult.web.desk.setup.forms import Form, TextField, at_most, blame, needed, site_languages
from consult.web.desk.setup.promise import composed
from consult.web.desk.views import desk
from consult.web.errors import told, words
from consult.web.fields import SelectChoice
from consult.web.guards import creators_only
from consult.web.transactions import current_session

BLANK = ""
SHOWN = 20
LARGEST_FILE = 2 * 1024 * 1024


class NewForm(Form):
    """What every consultation needs from the start."""

    title = TextField(_l("Title"), [needed(), at_most(300)])
    slug = TextField(_l("Address"), [at_most(80)])
    earlier = SelectField(_l("Start from"))
    language = SelectField(_l("Its own language"))


class FileForm(Form):
    """A definition."""

    definition = FileField(_l("Definition file"))


@desk.get("/new")
@creators_only
def new_consultation(user: User) -> ResponseReturnValue:
    form = NewForm(formdata=None, data={"language": "en", "earlier": request.args.get("from", BLANK)})
    return _page(user, form, FileForm(formdata=None))


@desk.post("/new")
@creators_only
def new_consultation_make(user: User) -> ResponseReturnValue:
    form, session = NewForm(), current_session()
    sources = _fill(user, form)
    if not form.validate():
        return _page(user, form, FileForm(formdata=None)), 422
    slug, title = form.slug.data or slug_from(form.title.data or ""), form.title.data or ""
    try:
        if form.earlier.data:
            made = make_copy(session, sources[form.earlier.data], slug=slug, title=title, by=user)
        else:
            language = form.language.data or "en"
            languages = [language] if language == "en" else [language, "en"]
            made = make_blank(
                session,
                slug=slug,
                title=title,
                language=language,
                languages=languages,
                rules=_first_rules(languages, language),
                by=user,
            )
    except Invalid as error:
        session.rollback()
        blame(form, error, "slug")
        return _page(user, form, FileForm(formdata=None)), 422
    let_in(session, made, user)
    return redirect(url_for("desk.setup", slug=made.slug, said="created"), code=303)


@desk.post("/new/file")
@creators_only
def new_consultation_file(user: User) -> ResponseReturnValue:
    request.max_content_length = LARGEST_FILE + 64 * 1024
    form, session = FileForm(), current_session()
    given = form.definition.data if isinstance(form.definition.data, FileStorage) else None
    blank = NewForm(formdata=None, data={"language": "en"})
    if not form.validate():
        return _page(user, blank, form), 422
    if given is None or not given.filename:
        form.definition.errors = [_("Choose a file.")]
        return _page(user, blank, form), 422
    content = given.stream.read()
    given.close()
    try:
        definition = _read(content)
        stands = _check_may_load(user, definition)
        loaded = load(session, definition, by=user)
    except InvalidDefinition as error:
        session.rollback()
        form.definition.errors = [
            _("Nothing was loaded. Mend what is named here, then choose the file again.")
        ]
        return _page(user, blank, form, [told(one.sentence) for one in error.problems]), 422
    except (Invalid, Refused) as error:
        session.rollback()
        form.definition.errors = [words(error)]
        return _page(user, blank, form), 422
    if not stands:
        loaded.consultation.draft = loaded.consultation.opens_at is None
        let_in(session, loaded.consultation, user)
    return redirect(url_for("desk.setup", slug=loaded.consultation.slug, said="loaded"), code=303)


def _read(content: bytes) -> Definition:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("This is no text in UTF-8, so it is no definition. Choose a TOML file.") from error
    return parse(text)


def _check_may_load(user: User, definition: Definition) -> bool:
    """Whether the consultation stands already. Raises Refused for one that is not this person's to set up."""
    stands = consultation_by_slug(current_session(), definition.slug)
    if stands is not None and not may(user, Permission.SET_UP, stands.id):
        raise Refused("There is a consultation at %(slug)s that you do not direct.", slug=definition.slug)
    return stands is not None


def _first_rules(languages: list[str], own: str) -> dict[str, Any]:
    rules = cautious_rules({}, {})
    rules["promise"], rules["rules_text"] = composed(rules, languages, own)
    return rules


def _fill(user: User, form: NewForm) -> dict[str, Consultation]:
    """Choices, and the consultations that this person may copy by their address."""
    session = current_session()
    mine = {one.slug: one for one in consultations_by_title(session) if may(user, Permission.SET_UP, one.id)}
    form.earlier.choices = [
        SelectChoice(BLANK, _("A blank consultation")),
        *(SelectChoice(slug, _("A copy of %(title)s", title=one.title)) for slug, one in mine.items()),
    ]
    form.language.choices = [SelectChoice(code, name) for code, name in site_languages()]
    return mine


def _page(user: User, form: NewForm, file_form: FileForm, problems: list[str] | None = None) -> str:
    _fill(user, form)
    return render_template(
        "desk/setup/new.html",
        form=form,
        file_form=file_form,
        problems=(problems or [])[:SHOWN],
        more=max(len(problems or []) - SHOWN, 0),
    )
