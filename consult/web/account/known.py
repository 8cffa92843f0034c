"""A mark in a browser that somebody signed in there before, so that strangers who guess keep nobody out of it.

It lets nobody in and says to nobody whose browser it is: an HMAC over a random number and the address, which whoever
signs in types anew. With the mark as many wrong tries are open as a stranger has at one address.
"""

import hmac

from flask import current_app, request
from werkzeug import Response

from consult.core.identifiers import keyed_digest, new_secret

A_YEAR = 365 * 24 * 3600
_SEPARATOR = "."


def known_to(email: str) -> str | None:
    """The number of this browser if that account signed in here before."""
    number, _, mark = request.cookies.get(_name(), "").partition(_SEPARATOR)
    return number if number and hmac.compare_digest(mark.encode(), _mark(number, email).encode()) else None


def make_known(response: Response, email: str) -> None:
    """Leave the mark, where it is not there yet."""
    if known_to(email) is not None:
        return
    number = new_secret()
    response.set_cookie(
        _name(),
        f"{number}{_SEPARATOR}{_mark(number, email)}",
        max_age=A_YEAR,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )


def _mark(number: str, email: str) -> str:
    return keyed_digest(str(current_app.secret_key).encode(), "known-browser", f"{number}\x00{email}").hex()


def _name() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-known"
