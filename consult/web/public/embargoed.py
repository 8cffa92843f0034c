"""A copy of an edition for named readers before its day: the link opens by a button, and every opening is noted."""

from flask import Response, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.core.errors import NotFound
from consult.exports.editions import pdf
from consult.exports.editions.presentation import present
from consult.reports.approving.actions import note_opening
from consult.reports.approving.queries import Reading, reading_by_id, reading_by_secret
from consult.reports.document import Document, parsed
from consult.web.fields import Form
from consult.web.guards import anyone
from consult.web.public.editions import language_of_reader
from consult.web.public.views import public
from consult.web.transactions import current_session

READER = "reader"
"""Where the cookie keeps whose link was opened."""


class OpenForm(Form):
    """A button."""


@public.get("/embargoed/<copy>")
@anyone
def embargoed(copy: str) -> ResponseReturnValue:
    return _door(_by_secret(copy), copy, OpenForm(formdata=None))


@public.post("/embargoed/<copy>")
@anyone
def embargoed_open(copy: str) -> ResponseReturnValue:
    reading, form = _by_secret(copy), OpenForm()
    if not form.validate():
        return _door(reading, copy, form), 422
    note_opening(current_session(), reading.reader, "page")
    session[READER] = reading.reader.id
    return redirect(url_for("public.embargoed_copy"), code=303)


@public.get("/embargoed")
@anyone
def embargoed_copy() -> ResponseReturnValue:
    reading = _opened()
    document = _marked(reading)
    return render_template(
        "public/embargoed.html",
        story=present(document, language_of_reader(), _),
        reader=reading.reader,
        form=OpenForm(formdata=None),
    )


@public.post("/embargoed")
@anyone
def embargoed_file() -> ResponseReturnValue:
    """The same as a PDF that carries the reader's name on every page."""
    reading, form = _opened(), OpenForm()
    if not form.validate():
        return (
            render_template(
                "public/embargoed.html",
                story=present(_marked(reading), language_of_reader(), _),
                reader=reading.reader,
                form=form,
            ),
            422,
        )
    note_opening(current_session(), reading.reader, "pdf")
    response: Response = make_response(pdf.render(_marked(reading)))
    response.headers["Content-Type"] = "application/pdf"
    name = f"{reading.consultation.slug}-edition-{reading.edition.number}-embargoed.pdf"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _marked(reading: Reading) -> Document:
    """The edition with the reader's own handling mark in place of the usual one."""
    document = parsed(reading.edition.document)
    document["edition"]["handling"] = _(
        "Under embargo. Copy for %(name)s alone, not to be passed on", name=reading.reader.name
    )
    return document


def _by_secret(secret: str) -> Reading:
    reading = reading_by_secret(current_session(), secret)
    if reading is None:
        raise NotFound("This link opens nothing, or nothing any more. Ask whoever sent it.")
    return reading


def _opened() -> Reading:
    reading = reading_by_id(current_session(), str(session.get(READER, "")))
    if reading is None:
        session.pop(READER, None)
        raise NotFound("This copy is not open to you any more. Use the link that you were sent.")
    return reading


def _door(reading: Reading, copy: str, form: OpenForm) -> str:
    return render_template(
        "public/embargoed_door.html",
        consultation=reading.consultation,
        edition=reading.edition,
        reader=reading.reader,
        copy=copy,
        form=form,
    )
