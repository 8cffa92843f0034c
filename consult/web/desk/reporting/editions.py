"""One edition on the desk: approval, named readers before the day, what is stale in it, and two of them compared."""

from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, SubmitField
from wtforms.validators import InputRequired, Length

from consult.core.clock import now
from consult.core.errors import Conflict, Forbidden, NotFound, Refused
from consult.exports.editions.presentation import present
from consult.operations.people.announcing import may_announce
from consult.permissions import Permission
from consult.reports import actions, queries
from consult.reports.approving.actions import let_read, take_back
from consult.reports.approving.queries import reader_of, readers_of, stale_sentences
from consult.reports.comparing import compare
from consult.reports.document import Document
from consult.reports.drafting import sourced_draft
from consult.reports.enums import EditionState
from consult.reports.models import Edition
from consult.reports.moving import Moved, moved
from consult.reports.rules import may_be_withdrawn
from consult.web.desk.frame import framed
from consult.web.desk.views import desk
from consult.web.errors import status_of, words
from consult.web.fields import ButtonForm, Form, LongTextField, SelectChoice, TextField
from consult.web.guards import Scope, requires
from consult.web.installation import current_seal, site_address

LARGEST_NUMBER = 2_000_000_000
PREVIEWED = 40
"""Views of each meeting that the page prints; the files hold all of them."""
DAYS = (1, 3, 7, 14, 30)


class ApproveForm(Form):
    """A button; `read` is the hash of the document that stood on the page."""

    read = HiddenField(
        validators=[InputRequired(_l("Load the page again and read the edition.")), Length(max=64)]
    )
    approve = SubmitField()


class ReaderForm(Form):
    """Who may read it before the day, and for how long."""

    name = TextField(
        _l("Name of the reader"),
        [InputRequired(_l("Give the reader’s name: it stands on every page of the copy.")), Length(max=120)],
    )
    days = SelectField(_l("The link works for"))


class WithdrawForm(Form):
    """Why an edition is taken back; whoever asks for it reads that."""

    why = LongTextField(
        _l("Reason"), [InputRequired(_l("Say why: whoever asks for the edition reads it.")), Length(max=600)]
    )


@desk.get("/<slug>/report/editions/<int:number>")
@requires(Permission.READ_REPORT)
def edition_page(scope: Scope, number: int) -> ResponseReturnValue:
    return _page(scope, edition_of(scope, number))


@desk.post("/<slug>/report/editions/<int:number>/approve")
@requires(Permission.FREEZE)
def edition_approve(scope: Scope, number: int) -> ResponseReturnValue:
    edition, form = edition_of(scope, number), ApproveForm()
    if not form.validate():
        return _page(scope, edition, approving=form), 422
    try:
        actions.approve(scope.session, edition, read=str(form.read.data), by=scope.user)
    except (Refused, Conflict) as error:
        form.form_errors.append(words(error))
        return _page(scope, edition, approving=form), status_of(error)
    return _back(scope, edition, "approval")


@desk.post("/<slug>/report/editions/<int:number>/readers")
@requires(Permission.FREEZE)
def edition_reader(scope: Scope, number: int) -> ResponseReturnValue:
    edition, form = edition_of(scope, number), _reader_form()
    if not form.validate():
        return _page(scope, edition, reading=form), 422
    try:
        let_read(
            scope.session,
            edition,
            name=str(form.name.data),
            expires_at=now() + timedelta(days=int(form.days.data)),
            seal=current_seal(),
            by=scope.user,
        )
    except Refused as error:
        form.form_errors.append(words(error))
        return _page(scope, edition, reading=form), 409
    return _back(scope, edition, "readers")


@desk.post("/<slug>/report/editions/<int:number>/readers/<reader_id>/revoke")
@requires(Permission.FREEZE)
def edition_reader_revoke(scope: Scope, number: int, reader_id: str) -> ResponseReturnValue:
    edition, form = edition_of(scope, number), ButtonForm()
    if not form.validate():
        return _page(scope, edition, button=form), 422
    reader = reader_of(scope.session, edition, reader_id)
    if reader is None:
        raise NotFound("There is no such reader.")
    take_back(scope.session, edition, reader, by=scope.user)
    return _back(scope, edition, "readers")


@desk.post("/<slug>/report/editions/<int:number>/withdraw")
@requires(Permission.FREEZE)
def edition_withdraw(scope: Scope, number: int) -> ResponseReturnValue:
    edition, form = edition_of(scope, number), WithdrawForm()
    if not form.validate():
        return _page(scope, edition, withdrawing=form), 422
    try:
        actions.withdraw(scope.session, edition, why=form.why.data or "", by=scope.user)
    except Refused as error:
        form.form_errors.append(words(error))
        return _page(scope, edition, withdrawing=form), status_of(error)
    return _back(scope, edition, "withdrawn")


@desk.get("/<slug>/report/compare")
@requires(Permission.READ_REPORT)
def editions_compared(scope: Scope) -> ResponseReturnValue:
    """Two editions that the address names, else the last two."""
    known = [
        edition
        for edition in queries.editions_of(scope.session, scope.consultation)
        if _may_see(scope, edition)
    ]
    numbers = [edition.number for edition in known]
    chosen = [number for name in ("before", "after") if (number := _number(name)) in numbers]
    if len(chosen) != 2:
        chosen = [numbers[1], numbers[0]] if len(numbers) > 1 else []
    found = None
    if chosen:
        by_number = {edition.number: edition for edition in known}
        before, after = (queries.document_of(scope.session, by_number[number]) for number in chosen)
        found = compare(before, after)
    return render_template(
        "desk/composing/compare.html",
        **framed(scope, "report"),
        numbers=numbers,
        chosen=chosen,
        found=found,
        titles={meeting.slug: meeting.short_title for meeting in scope.all_meetings}
        | {"*": _("All meetings")},
        names=figure_names(),
    )


def edition_of(scope: Scope, number: int) -> Edition:
    """An edition of this consultation that the person may see: a frozen one only with a role at every meeting."""
    found = None
    if number <= LARGEST_NUMBER:
        found = queries.edition_numbered(scope.session, scope.consultation, number)
    if found is None or not _may_see(scope, found):
        raise NotFound("There is no edition with this number.")
    return found


def _may_see(scope: Scope, edition: Edition) -> bool:
    return scope.covers_all or edition.state is not EditionState.FROZEN


def _number(name: str) -> int:
    """The number that the address gives, or 0, which no edition has."""
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def _reader_form(*, fresh: bool = False) -> ReaderForm:
    form = ReaderForm(formdata=None, data={"days": "7"}) if fresh else ReaderForm()
    form.days.choices = [
        SelectChoice(str(days), _("%(days)s days", days=days) if days > 1 else _("one day")) for days in DAYS
    ]
    return form


def _back(scope: Scope, edition: Edition, anchor: str) -> ResponseReturnValue:
    address = url_for(
        "desk.edition_page", slug=scope.consultation.slug, number=edition.number, _anchor=anchor
    )
    return redirect(address, code=303)


def figure_names() -> dict[str, str]:
    """What the figures are called that an edition counts."""
    return {
        "participants": _("Participants"),
        "countries": _("Countries"),
        "programme_directors": _("Programme directors"),
        "meetings": _("Meetings"),
        "invited": _("Invited"),
        "answered": _("Answered"),
        "approved": _("Approved for use"),
    }


def _moved(scope: Scope, edition: Edition, document: Document) -> Moved | None:
    """What would be otherwise if it were frozen now; nothing of one that was superseded or taken back."""
    if edition.state is EditionState.SUPERSEDED:
        return None
    now_drafted, _sources = sourced_draft(
        scope.session,
        scope.consultation,
        number=edition.number,
        on=edition.frozen_at.date(),
        quoted=False,
    )
    return moved(document, now_drafted)


def _page(
    scope: Scope,
    edition: Edition,
    *,
    approving: ApproveForm | None = None,
    reading: ReaderForm | None = None,
    button: ButtonForm | None = None,
    withdrawing: WithdrawForm | None = None,
) -> str:
    if not scope.covers_all and request.method != "GET":
        raise Forbidden("An edition covers every meeting. Ask a programme director.")
    seal = current_seal()
    base = site_address()
    directing = scope.may(Permission.FREEZE) and scope.covers_all
    entries = readers_of(scope.session, edition) if directing else []
    told = may_announce(scope.session, scope.consultation)
    document = queries.document_of(scope.session, edition)
    return render_template(
        "desk/composing/edition.html",
        **framed(scope, "report"),
        edition=edition,
        directing=directing,
        may_approve=directing and edition.frozen_by != scope.user.id,
        approving=approving or ApproveForm(formdata=None, data={"read": edition.document_hash}),
        reading=reading or _reader_form(fresh=True),
        button=button,
        withdrawing=withdrawing or WithdrawForm(formdata=None),
        may_withdraw=directing and (may_be_withdrawn(edition) or withdrawing is not None),
        readers=[
            (
                entry,
                base + url_for("public.embargoed", copy=seal.reader_secret(entry.reader.id))
                if entry.works
                else None,
            )
            for entry in entries
        ],
        stale=stale_sentences(scope.session, edition) if scope.covers_all else [],
        moved=_moved(scope, edition, document) if scope.covers_all else None,
        names=figure_names(),
        titles={meeting.slug: meeting.short_title for meeting in scope.all_meetings}
        | {"*": _("All meetings")},
        story=present(document, str(get_locale() or "en"), _),
        views_limit=PREVIEWED,
        announce=told is not None and told.id == edition.id and scope.may(Permission.PREPARE),
    )
