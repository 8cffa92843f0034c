"""Writing one part: its words beside the page as printed, with remarks in the margin, saved over what was read."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from consult.analysis.disclosure import release_themes
from consult.analysis.disclosure.scales import scale_of
from consult.core import clock
from consult.core.errors import Invalid, NotFound, StaleRead
from consult.exports.editions.presentation import present
from consult.moderation.published import published_notes
from consult.permissions import Permission
from consult.reports import queries
from consult.reports.composing import actions
from consult.reports.composing.checking import margin
from consult.reports.composing.models import ReportSection
from consult.reports.composing.previewing import part_draft
from consult.reports.composing.queries import meeting_of, picked_for, section_coded
from consult.reports.document import PARTS
from consult.web.desk.composing.forms import WriteForm, covering_all, part_names
from consult.web.desk.frame import framed
from consult.web.desk.views import desk
from consult.web.errors import words
from consult.web.guards import Scope, requires


@desk.get("/<slug>/report/compose/<part>")
@requires(Permission.COMPOSE)
def compose_part(scope: Scope, part: str) -> ResponseReturnValue:
    section = part_of(scope, part)
    return _page(scope, section, _read(section))


@desk.post("/<slug>/report/compose/<part>")
@requires(Permission.COMPOSE)
def compose_write(scope: Scope, part: str) -> ResponseReturnValue:
    section, form = part_of(scope, part), WriteForm()
    if not form.validate():
        return _page(scope, section, form), 422
    typed = {"heading": form.heading.data or "", "body": form.body.data or ""}
    try:
        actions.write(
            scope.session, scope.consultation, part, **typed, read=int(form.read.data or 0), by=scope.user
        )
    except Invalid as error:
        form[error.field].errors = [words(error)]
        return _page(scope, section, form), 422
    except StaleRead as error:
        return _conflict(scope, form, part, words(error))
    return redirect(url_for("desk.compose_part", slug=scope.consultation.slug, part=part), code=303)


@desk.post("/<slug>/report/compose/<part>/preview")
@requires(Permission.COMPOSE)
def compose_preview(scope: Scope, part: str) -> ResponseReturnValue:
    """The same page with what was typed; nothing is saved. A page that listens takes the preview out of it."""
    section, form = part_of(scope, part), WriteForm()
    if not form.validate():
        return _page(scope, section, form), 422
    return _page(scope, section, form)


def part_of(scope: Scope, code: str) -> ReportSection:
    """The part of this report with that code. Raises NotFound, or Forbidden."""
    section = section_coded(scope.session, covering_all(scope).consultation, code)
    if section is None:
        raise NotFound("The report has no such part any more.")
    return section


def _read(section: ReportSection) -> WriteForm:
    return WriteForm(
        formdata=None, data={"heading": section.heading, "body": section.body, "read": section.version}
    )


def _conflict(scope: Scope, form: WriteForm, part: str, why: str) -> ResponseReturnValue:
    """Both texts: what stands now, and what was typed, ready to be saved over it on purpose."""
    scope.session.rollback()
    standing = part_of(scope, part)
    again = WriteForm(
        formdata=None,
        data={"heading": form.heading.data, "body": form.body.data, "read": standing.version},
    )
    again.form_errors = [why]
    return _page(scope, standing, again, standing=standing), 409


def _page(
    scope: Scope, section: ReportSection, form: WriteForm, *, standing: ReportSection | None = None
) -> str:
    session, consultation = scope.session, scope.consultation
    body, heading = form.body.data or "", form.heading.data or ""
    picked = picked_for(session, section) if section.version else []
    document = part_draft(
        session,
        consultation,
        number=queries.next_number(session, consultation),
        on=clock.now().date(),
        code=section.code,
        heading=heading,
        body=body,
        picked=picked,
    )
    about = meeting_of(session, section)
    released, scale = release_themes(session, consultation, scope.rules), scale_of(session, consultation)
    return render_template(
        "desk/composing/part.html",
        **framed(scope, "report"),
        section=section,
        name=part_names().get(section.code, section.heading),
        is_text=section.code not in PARTS,
        form=form,
        about=about,
        picked=len(document["quotes"]),
        notes=margin(
            body,
            released,
            scale,
            document,
            about.slug if about else None,
            notes=[
                one
                for one in published_notes(session, consultation)
                if about is None or one.meeting_id == about.id
            ],
        ),
        ranges=scale.ranges(),
        story=present(document, str(get_locale() or "en"), _),
        views_limit=0,
        only_part=True,
        standing=standing,
    )
