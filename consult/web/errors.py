"""Every error becomes a page that says what happened and what to do. The status of each class is set here, once."""

from collections.abc import Mapping

from flask import Flask, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from consult.core import errors
from consult.web.problems import for_a_program, problem

STATUS: dict[type[errors.DomainError], int] = {
    errors.NotFound: 404,
    errors.Withdrawn: 410,
    errors.Unknown: 401,
    errors.Forbidden: 403,
    errors.Refused: 409,
    errors.Invalid: 422,
    errors.Conflict: 409,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}


def init_errors(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(errors.DomainError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unforeseen)
    app.before_request(_refuse_unstorable_address)


def words(error: errors.DomainError) -> str:
    """The error's sentence in the reader's language."""
    return _filled(error.message, error.facts)


def told(sentence: str) -> str:
    """A sentence from below in the reader's language, where it is known to the catalogues."""
    return _filled(sentence.message, sentence.facts) if isinstance(sentence, errors.Said) else sentence


def _filled(message: str, facts: Mapping[str, object]) -> str:
    sentence = str(_(message))
    return (
        sentence % {name: told(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
        if facts
        else sentence
    )


def status_of(error: errors.DomainError) -> int:
    """The HTTP status of a domain error, by its nearest class."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def page(status: int, heading: str, message: str) -> tuple[str, int]:
    """An error page and its status. It asks nothing of the database."""
    return render_template(
        "errors/page.html", status=status, heading=heading, message=message, **_way_back()
    ), status


def _way_back() -> dict[str, str]:
    """For somebody at the desk a link to where their work is; others read in the message what to do."""
    if request.blueprint != "desk":
        return {}
    slug = (request.view_args or {}).get("slug")
    if slug and request.path.startswith(f"/desk/{slug}/queue/"):
        return {"action_url": url_for("desk.queue", slug=slug), "action_text": _("Back to the queue")}
    return {"action_url": url_for("desk.home"), "action_text": _("Back to the desk")}


def _headings() -> dict[int, str]:
    return {
        400: _("This request cannot be read"),
        401: _("This is not open to you"),
        403: _("This is not open to you"),
        404: _("Page not found"),
        405: _("This address takes something else"),
        409: _("Not done, because something changed"),
        410: _("Withdrawn"),
        413: _("Too large"),
        422: _("Please check what you entered"),
        429: _("Please wait a little"),
        503: _("Not available just now"),
    }


def _sentences() -> dict[int, str]:
    return {
        400: _("Go back, load the page again and repeat the step."),
        404: _("If you typed the address, check it. If you followed a link, ask whoever sent it."),
        405: _("Go back and use the page's own buttons."),
        413: _(
            "What you sent is larger than this page takes. Shorten the text or split the file, then send it again."
        ),
    }


def _domain_error(error: errors.DomainError) -> ResponseReturnValue:
    status = status_of(error)
    body = page(status, _headings().get(status, _("Not done")), words(error))
    if isinstance(error, errors.TooMany):
        return *body, {"Retry-After": str(error.wait_seconds)}
    return body


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if for_a_program():
        return problem(status)
    heading = _headings().get(status, _("This did not work"))
    message = _sentences().get(
        status, _("Go back and try again. If it happens again, ask the people who invited you.")
    )
    return page(status, heading, message)


def _unforeseen(error: Exception) -> ResponseReturnValue:
    if current_app.testing:
        raise error
    # The traceback's text may hold what a participant wrote, so only the kind of error and the place are kept.
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else "?"
    current_app.logger.error("unforeseen %s at %s in %s", type(error).__name__, place, request.endpoint)
    if for_a_program():
        return problem(500)
    message = _("Nothing was saved. Go back, keep your text, and try again.")
    return page(500, _("Something went wrong on our side"), message)


def _refuse_unstorable_address() -> ResponseReturnValue | None:
    parts = [request.path, *request.args.keys(), *request.args.values()]
    if any("\x00" in part or any(0xD800 <= ord(c) <= 0xDFFF for c in part) for part in parts):
        if for_a_program():
            return problem(404)
        return page(404, _headings()[404], _sentences()[404])
    return None
