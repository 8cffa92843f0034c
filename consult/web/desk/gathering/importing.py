"""Answers from a file: upload, say what its columns hold, look at what it would bring, take it in."""

from contextlib import AbstractContextManager
from typing import Any, cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from consult.consultations.enums import Attribution
from consult.consultations.kinds import KINDS
from consult.core.errors import Invalid
from consult.core.tabular import LIMITS, Table
from consult.meetings.models import Meeting
from consult.meetings.queries import askings_at
from consult.operations.importing import uploads
from consult.operations.importing.responses import MAPPED, SHOWN, ImportReport, import_responses
from consult.permissions import Permission
from consult.web.desk.frame import framed
from consult.web.desk.uploading import LARGEST_REQUEST, Shelf, TableForm, TakeForm, table_in, told
from consult.web.desk.views import desk
from consult.web.fields import Form, SelectChoice
from consult.web.guards import Scope, requires
from consult.web.installation import current_settings
from consult.web.languages import of_answers
from consult.web.participate.form.uses import offered

NOWHERE = ""
SHELF = Shelf("answers-upload")


class AnswersForm(Form):
    """Which column holds what, and what the answers are answers to."""

    class Meta:
        csrf = False

    meeting = SelectField(_l("Given at"), validate_choice=False)
    question = SelectField(_l("Question"), validate_choice=False)
    answer = SelectField(_l("Answer"), validate_choice=False)
    id = SelectField(_l("Identifier of a row"), validate_choice=False)
    language = SelectField(_l("Language of an answer"), validate_choice=False)
    time = SelectField(_l("When it was given"), validate_choice=False)
    otherwise = SelectField(_l("Language, where the row says none"), validate_choice=False)
    use = SelectField(_l("How may they be used?"), validate_choice=False)


@desk.get("/<slug>/gathering/import")
@requires(Permission.PREPARE)
def answers_file_choose(scope: Scope) -> ResponseReturnValue:
    return _upload_page(scope, TableForm(formdata=None))


@desk.post("/<slug>/gathering/import")
@requires(Permission.PREPARE)
def answers_file_upload(scope: Scope) -> ResponseReturnValue:
    request.max_content_length = LARGEST_REQUEST
    form = TableForm()
    received = form.received()
    if received is None:
        return _upload_page(scope, form), 422
    upload = SHELF.keep(scope, received, note=form.encoding.data or "")
    return redirect(
        url_for("desk.answers_file", slug=scope.consultation.slug, answers_upload=upload), code=303
    )


@desk.get("/<slug>/gathering/import/<answers_upload>")
@requires(Permission.PREPARE)
def answers_file(scope: Scope, answers_upload: str) -> ResponseReturnValue:
    return Preview(scope, answers_upload).page(TakeForm(formdata=None))


@desk.post("/<slug>/gathering/import/<answers_upload>")
@requires(Permission.PREPARE)
def answers_file_take(scope: Scope, answers_upload: str) -> ResponseReturnValue:
    preview, form = Preview(scope, answers_upload), TakeForm()
    if not form.validate() or preview.report is None or not preview.report.taken:
        return preview.page(form), 422
    if form.shown.data != preview.fingerprint:
        form.form_errors.append(
            _("Something has changed since. Look once more at what the file would bring.")
        )
        return preview.page(form), 409
    preview.take()
    uploads.drop(scope.session, preview.file)
    return redirect(url_for("desk.gathering", slug=scope.consultation.slug, said="imported"), code=303)


class Preview:
    """An upload, read anew, with the columns chosen in the address or recognised."""

    def __init__(self, scope: Scope, upload: str) -> None:
        self.scope, self.upload = scope, upload
        (self.file,), self.encoding = SHELF.fetched(scope, upload)
        self.form = AnswersForm(formdata=request.args)
        self.meeting = self._meeting()
        with self._table() as table:
            self.columns = table.columns
        self.report: ImportReport | None = None
        self.problem = ""
        if self.meeting is not None:
            try:
                self.report = self._imported(self.meeting, look=True)
            except Invalid as error:
                if "answer" in request.args:
                    self.problem = told(error)
        self._fill()

    @property
    def fingerprint(self) -> str:
        """What was shown, so that nothing else is taken in."""
        report = self.report
        return "" if report is None else f"{report.taken} {report.already} {report.empty} {report.refused}"

    def take(self) -> None:
        """What was shown becomes answers."""
        if self.meeting is not None:
            self._imported(self.meeting, look=False)

    def page(self, form: TakeForm) -> str:
        form.shown.data = self.fingerprint
        return render_template(
            "desk/gathering/import_preview.html",
            **framed(self.scope, "gathering"),
            form=form,
            columns_form=self.form,
            file=self.file,
            report=self.report,
            problem=self.problem,
            facts=[(name, self.form[name].label.text) for name in MAPPED],
            shown=SHOWN,
            take_url=url_for(
                "desk.answers_file_take",
                slug=self.scope.consultation.slug,
                answers_upload=self.upload,
                **cast(Any, {name: str(field.data or "") for name, field in self.form._fields.items()}),
            ),
        )

    def _table(self) -> AbstractContextManager[Table]:
        return table_in(self.file.content, self.file.name, self.encoding)

    def _imported(self, meeting: Meeting, *, look: bool) -> ImportReport:
        use = request.args.get("use", "")
        allowed = {code for code, _label in offered(self.scope.rules.ceiling)}
        with self._table() as table:
            return import_responses(
                self.scope.session,
                self.scope.consultation,
                meeting,
                table,
                secret_key=current_settings().secret_key,
                mapping=self._mapping(),
                question=self._question(),
                attribution=Attribution.from_code(use) if use in allowed else None,
                language=request.args.get("otherwise") or None,
                by=self.scope.user,
                look=look,
            )

    def _mapping(self) -> dict[str, str]:
        """What the address chose, by the columns' names; nothing where it chose no answer, so that it is recognised."""
        places = {what: request.args.get(what, "") for what in MAPPED}
        chosen = {
            what: self.columns[int(place)]
            for what, place in places.items()
            if place.isascii() and place.isdigit() and len(place) < 5 and int(place) < len(self.columns)
        }
        return chosen if "answer" in chosen else {}

    def _question(self) -> str | None:
        codes = [asking.question.code for asking in self._askings()]
        wanted = request.args.get("question", "")
        return wanted if wanted in codes else next(iter(codes), None)

    def _askings(self) -> list[Any]:
        if self.meeting is None:
            return []
        return [one for one in askings_at(self.scope.session, self.meeting) if KINDS[one.question.kind].asks]

    def _meeting(self) -> Meeting | None:
        wanted = request.args.get("meeting", "")
        meetings = self.scope.meetings
        return next((one for one in meetings if one.slug == wanted), meetings[0] if meetings else None)

    def _fill(self) -> None:
        form, places = self.form, self.report.columns if self.report is not None else {}
        nothing = SelectChoice(NOWHERE, _("not in the file"))
        columns = [
            SelectChoice(str(place), name or _("(column %(number)s)", number=place + 1))
            for place, name in enumerate(self.columns)
        ]
        for what in MAPPED:
            field = cast(SelectField, form[what])
            field.choices = [nothing, *columns]
            field.data = str(places.get(what, request.args.get(what, NOWHERE)))
        form.meeting.choices = [SelectChoice(one.slug, one.title) for one in self.scope.meetings]
        form.meeting.data = self.meeting.slug if self.meeting else NOWHERE
        form.question.choices = [
            SelectChoice(one.question.code, one.wording.source_text[:120]) for one in self._askings()
        ]
        form.question.data = self._question() or NOWHERE
        form.otherwise.choices = of_answers(self.scope.consultation)
        form.otherwise.data = form.otherwise.data or self.scope.consultation.language
        form.use.choices = [SelectChoice(code, label) for code, label in offered(self.scope.rules.ceiling)]
        usual = min(Attribution.QUOTE_UNATTRIBUTED, self.scope.rules.ceiling).code
        form.use.data = form.use.data or usual


def _upload_page(scope: Scope, form: TableForm) -> str:
    return render_template(
        "desk/gathering/import.html",
        **framed(scope, "gathering"),
        form=form,
        most=LIMITS.content >> 20,
        rows=LIMITS.rows,
    )
