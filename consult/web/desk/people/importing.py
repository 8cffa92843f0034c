"""A roster from a file: upload, look at what it would change, take it in. Nothing is kept of a file with a fault."""

import csv
import io
from itertools import islice
from typing import Any, cast

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from consult.core.errors import Invalid
from consult.core.tabular import LIMITS
from consult.exports.data.csv import BOM, neutral
from consult.meetings.models import Meeting
from consult.operations.importing import uploads
from consult.operations.people.actions import FACTS
from consult.operations.people.columns import GUESSED_FROM, chosen, guessed
from consult.operations.people.intake import Plan, planned, taken_in
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.people.forms import country_name
from consult.web.desk.uploading import LARGEST_REQUEST, Shelf, TableForm, TakeForm, table_in, told
from consult.web.desk.views import desk
from consult.web.errors import told as told_note
from consult.web.errors import words
from consult.web.fields import ButtonForm, Form, SelectChoice
from consult.web.guards import Scope, requires
from consult.web.installation import current_seal

SHOWN = 20
NOWHERE = ""


SHELF = Shelf("roster-upload")


class ColumnsForm(Form):
    """Which column holds which fact, and where to invite the people."""

    class Meta:
        csrf = False

    name = SelectField(_l("Name"), validate_choice=False)
    email = SelectField(_l("E-mail address"), validate_choice=False)
    country = SelectField(_l("Country"), validate_choice=False)
    organisation = SelectField(_l("Organisation"), validate_choice=False)
    role = SelectField(_l("Role"), validate_choice=False)
    role_label = SelectField(_l("Role as a quotation may name it"), validate_choice=False)
    sector = SelectField(_l("Sector"), validate_choice=False)
    language = SelectField(_l("Language of the invitation"), validate_choice=False)
    meeting = SelectField(_l("Invite these people to"), validate_choice=False)


@desk.get("/<slug>/people/import")
@requires(Permission.PREPARE)
def roster_file_choose(scope: Scope) -> ResponseReturnValue:
    return _upload_page(scope, TableForm(formdata=None))


@desk.post("/<slug>/people/import")
@requires(Permission.PREPARE)
def roster_file_upload(scope: Scope) -> ResponseReturnValue:
    request.max_content_length = LARGEST_REQUEST
    form = TableForm()
    received = form.received()
    if received is None:
        return _upload_page(scope, form), 422
    upload = SHELF.keep(scope, received, note=form.encoding.data or "")
    return redirect(url_for("desk.roster_file", slug=scope.consultation.slug, upload=upload), code=303)


@desk.get("/<slug>/people/import/<upload>")
@requires(Permission.PREPARE)
def roster_file(scope: Scope, upload: str) -> ResponseReturnValue:
    return Preview(scope, upload).page(TakeForm(formdata=None))


@desk.post("/<slug>/people/import/<upload>")
@requires(Permission.PREPARE)
def roster_file_take(scope: Scope, upload: str) -> ResponseReturnValue:
    preview, form = Preview(scope, upload), TakeForm()
    if not form.validate() or preview.plan is None or preview.plan.problems:
        return preview.page(form), 422
    if form.shown.data != preview.plan.fingerprint:
        form.form_errors.append(
            _("The roster has changed since. Look once more at what the file would change.")
        )
        return preview.page(form), 409
    taken_in(
        scope.session,
        scope.consultation,
        preview.plan,
        preview.meeting,
        seal=current_seal(),
        by=scope.user,
    )
    uploads.drop(scope.session, preview.file)
    return redirect(url_for("desk.people", slug=scope.consultation.slug, said="imported"), code=303)


@desk.post("/<slug>/people/import/<upload>/problems")
@requires(Permission.PREPARE)
def roster_file_problems(scope: Scope, upload: str) -> ResponseReturnValue:
    preview, form = Preview(scope, upload), ButtonForm()
    if not form.validate() or preview.plan is None:
        return preview.page(TakeForm(formdata=None)), 422
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(("line", "column", "cell", "problem"))
    writer.writerows(
        [str(one.line), one.fact, neutral(one.cell), neutral(words(one.error))]
        for one in preview.plan.problems
    )
    response = Response(
        BOM + written.getvalue().encode("utf-8", "replace"), content_type="text/csv; charset=utf-8"
    )
    response.headers.set("Content-Disposition", "attachment", filename="roster-problems.csv")
    return response


class Preview:
    """An upload, read anew, with the columns chosen in the address or guessed."""

    def __init__(self, scope: Scope, upload: str) -> None:
        self.scope, self.upload = scope, upload
        (self.file,), encoding = SHELF.fetched(scope, upload)
        self.plan: Plan | None = None
        self.form = ColumnsForm(formdata=request.args)
        self.meeting = self._meeting()
        guess = {} if "email" in request.args else self._guess(encoding)
        with table_in(self.file.content, self.file.name, encoding) as table:
            self.columns = table.columns
            self.places = guess or chosen(request.args, table.columns)
            self._fill()
            try:
                self.plan = planned(scope.session, scope.consultation, table, self.places, self.meeting)
            except Invalid as error:
                field = getattr(self.form, error.field or "email", self.form.email)
                field.errors = [told(error)]

    def page(self, form: TakeForm) -> str:
        plan = self.plan
        if plan is not None:
            form.shown.data = plan.fingerprint
        return render_template(
            "desk/people/preview.html",
            **framed(self.scope, "people"),
            form=form,
            columns_form=self.form,
            file=self.file,
            plan=plan,
            facts=[(fact, self.form[fact].label.text) for fact in FACTS],
            names={fact: self.form[fact].label.text for fact in FACTS},
            meeting=self.meeting,
            shown=SHOWN,
            notes=[told_note(note) for note in plan.notes] if plan else [],
            problems=[(one, words(one.error)) for one in plan.problems[:SHOWN]] if plan else [],
            country_name=country_name,
            take_url=self._url("desk.roster_file_take"),
            problems_url=self._url("desk.roster_file_problems"),
        )

    def _guess(self, encoding: str) -> dict[str, int]:
        with table_in(self.file.content, self.file.name, encoding) as table:
            return guessed(table.columns, [row.cells for row in islice(table.rows, GUESSED_FROM)])

    def _url(self, endpoint: str) -> str:
        given: dict[str, Any] = {fact: str(place) for fact, place in self.places.items()}
        given["meeting"] = self.meeting.slug if self.meeting else NOWHERE
        return url_for(endpoint, slug=self.scope.consultation.slug, upload=self.upload, **given)

    def _meeting(self) -> Meeting | None:
        """The one that was chosen; where none was asked for and there is but one, that one."""
        meetings = self.scope.all_meetings
        if "meeting" not in request.args and len(meetings) == 1:
            return meetings[0]
        wanted = request.args.get("meeting", NOWHERE)
        return next((one for one in meetings if one.slug == wanted), None)

    def _fill(self) -> None:
        nothing = SelectChoice(NOWHERE, _("not in the file"))
        columns = [
            SelectChoice(str(place), name or _("(column %(number)s)", number=place + 1))
            for place, name in enumerate(self.columns)
        ]
        for fact in FACTS:
            field = cast(SelectField, self.form[fact])
            field.choices = [nothing, *columns]
            field.data = str(self.places.get(fact, NOWHERE))
        self.form.meeting.choices = [
            SelectChoice(NOWHERE, _("No meeting yet")),
            *(SelectChoice(meeting.slug, meeting.title) for meeting in self.scope.all_meetings),
        ]
        self.form.meeting.data = self.meeting.slug if self.meeting else NOWHERE


def _upload_page(scope: Scope, form: TableForm) -> str:
    return render_template(
        "desk/people/import.html",
        **framed(scope, "people"),
        form=form,
        most=LIMITS.content >> 20,
        rows=LIMITS.rows,
    )
