"""The session's cookie is sent when it says something new, and once in a while to stay valid: never for nothing.

A page that was asked for earlier may be answered later. Were the cookie sent with every answer, that one would undo
what the browser has been told since: another language, or that somebody signed out.
"""

from datetime import datetime
from typing import Any

from flask import Flask, Request, Response, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature

from consult.core.clock import now
from consult.web.transactions import SHOWING

LANGUAGE = "language"
"""Where it keeps the language that its reader chose."""
READING = "reading"
"""Where it keeps a language in which only a consultation's words are read."""
RENEWED_IN = 12
"""A cookie that lasts twelve hours is renewed once an hour, by a page that is opened, not by what one sends itself.

Nor by an answer that a cache may hand to others, such as a style sheet.
"""
IDLE = "IDLE"
"""Where the application keeps how long staff stay signed in who open no page. Theirs is renewed as often in that."""
SIGNED_IN = "_user_id"
"""Where Flask-Login keeps who signed in."""


class CookieSession(SecureCookieSession):
    """What a cookie says, beside what it said when the request came."""

    def __init__(self, said: dict[str, Any] | None = None, signed_at: datetime | None = None) -> None:
        super().__init__(said)
        self.said = dict(said or {})
        self.signed_at = signed_at
        self.goes_to_others = False
        """Whether the answer is one that a cache hands to others as well, who would be signed in by the cookie."""

    @property
    def says_something_new(self) -> bool:
        return dict(self) != self.said


class CookieSessions(SecureCookieSessionInterface):
    """Flask's own, but for when the cookie is sent."""

    def open_session(self, app: Flask, request: Request) -> CookieSession | None:
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            return None
        sent = request.cookies.get(self.get_cookie_name(app), "")
        try:
            said, signed_at = serializer.loads(sent, return_timestamp=True)
        except BadSignature:
            return CookieSession()
        # A clock that was put right lies behind what it signed before, and nobody is to be thrown out by that.
        if abs(now() - signed_at) > app.permanent_session_lifetime:
            return CookieSession()
        return CookieSession(said, signed_at)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint == "static":
            return  # the same for everybody: a browser keeps it, whatever its cookie says by then
        if isinstance(session, CookieSession) and response.cache_control.public:
            session.goes_to_others = not session.says_something_new
            if session.says_something_new:
                response.headers["Cache-Control"] = "no-store"
        super().save_session(app, session, response)

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        if not isinstance(session, CookieSession) or session.says_something_new:
            return True
        renewed = bool(session.permanent) and request.method in SHOWING and not session.goes_to_others
        return renewed and _old(app, session)


def forget_all_but_language() -> None:
    """Empty the cookie: who comes or goes reads on in the language they chose."""
    kept = {key: session[key] for key in (LANGUAGE, READING) if session.get(key)}
    session.clear()
    g.pop("csrf_token", None)  # it belonged to the cookie that was just emptied
    session.update(kept)


def _old(app: Flask, session: CookieSession) -> bool:
    lasts = app.config[IDLE] if SIGNED_IN in session else app.permanent_session_lifetime
    return session.signed_at is None or bool(abs(now() - session.signed_at) * RENEWED_IN > lasts)
