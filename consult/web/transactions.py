"""The one place of the web that commits: the end of a request.

A page that only shows gets a session whose engine refuses to write. A request that acts is committed when its view
returned a success or a redirect, before a byte of the answer leaves; anything else is rolled back.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from consult.core.database import Database
from consult.core.errors import Conflict, Invalid, Unavailable
from consult.core.outbox import PROMISED
from consult.core.standing import why_refused

__all__ = [
    "SHOWING",
    "Session",
    "TransactionalFlask",
    "current_session",
    "end_session",
    "glance",
    "looking_session",
    "session_before_writing",
]
"""Pages name the Session type through here, and nothing else of SQLAlchemy."""

T = TypeVar("T")
SHOWING = frozenset({"GET", "HEAD", "OPTIONS"})
OF_FEW_ROWS = frozenset({"participate"})
"""Whose pages read a few rows in a statement or two. 200 people load them in the same seconds."""


class TransactionalFlask(Flask):
    """A Flask whose requests are transactions."""

    database: Database
    hand_over: Callable[[], None]

    def dispatch_request(self) -> ResponseReturnValue:
        cookie_before = {} if request.method in SHOWING else dict(cookie)
        try:
            response = self.make_response(super().dispatch_request())
            session = g.get("session")
            if session is not None and request.method not in SHOWING and response.status_code < 400:
                session.commit()
                if session.info.pop(PROMISED, False):
                    self.hand_over()
            return response
        except IntegrityError as error:
            _take_back(cookie_before)
            raise Conflict(
                "Somebody changed the same thing a moment ago. Load the page again and look."
            ) from error
        except DataError as error:
            _take_back(cookie_before)
            raise Invalid(
                "Something in this request cannot be stored. Check what was typed or pasted."
            ) from error
        except (DBAPIError, NoConnection) as error:
            _take_back(cookie_before)
            why = why_refused(error) if isinstance(error, DBAPIError) else type(error).__name__
            current_app.logger.error("database refused: %s", why)
            raise Unavailable(
                "The database cannot be reached or has no room. Nothing was saved: keep this page and try again."
            ) from error
        finally:
            end_session()


def _take_back(cookie_before: dict[str, Any]) -> None:
    """The cookie says nothing of what was not stored, and the token of the page that is sent again still holds."""
    if request.method not in SHOWING and dict(cookie) != cookie_before:
        cookie.clear()
        cookie.update(cookie_before)


def current_session() -> Session:
    """This request's session: reading for a page that shows, writing for one that acts."""
    if "session" not in g:
        app = cast(TransactionalFlask, current_app._get_current_object())  # type: ignore[attr-defined]
        g.session = app.database.session(
            writing=request.method not in SHOWING, few=request.blueprint in OF_FEW_ROWS
        )
    return cast(Session, g.session)


def session_before_writing() -> Session:
    """What a request that acts looks at before it waits for its turn to write. It reads, and is refused every write.

    SQLite lets one transaction write at a time: whoever has the turn while reading a form keeps all others from it.
    """
    if "before_writing" not in g:
        app = cast(TransactionalFlask, current_app._get_current_object())  # type: ignore[attr-defined]
        if not app.database.is_sqlite:  # everybody has a turn of their own
            return current_session()
        g.before_writing = app.database.session(writing=False, few=True)
    return cast(Session, g.before_writing)


def looking_session() -> Session:
    """Where staff and their rights are looked up: of a view that looks first, before its request waits for its turn."""
    return session_before_writing() if g.get("looks_first") else current_session()


def glance(app: TransactionalFlask, look: Callable[[Database], T]) -> T | None:
    """What a short look at the database says outside any request; None where it cannot be asked."""
    try:
        return look(app.database)
    except (DBAPIError, NoConnection, app.database.reader.dialect.loaded_dbapi.Error):
        return None


def end_session(_error: BaseException | None = None) -> None:
    """Close this request's sessions, undoing whatever was not committed."""
    for session in (g.pop("session", None), g.pop("before_writing", None)):
        if session is None:
            continue
        try:
            session.close()
        except DBAPIError:  # the connection is gone, and with it whatever was not committed
            session.invalidate()
