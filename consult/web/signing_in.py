"""Flask-Login, behind one module: who is signed in, remembered by a session key that can be renewed.

It ends so many hours after signing in, whatever was done since, and earlier where nobody opened a page for a while.
"""

from datetime import UTC, datetime, timedelta

from flask import Flask, current_app, session
from flask_login import LoginManager, UserMixin, login_user, logout_user

from consult.accounts.models import User
from consult.accounts.queries import user_by_id
from consult.core.clock import now
from consult.web.session_cookie import IDLE, CookieSession, forget_all_but_language
from consult.web.transactions import looking_session


class SignedIn(UserMixin):
    """What Flask-Login keeps: an account's identifier with its session key, and when it signed in."""

    def __init__(self, user: User) -> None:
        self.user = user

    def get_id(self) -> str:
        return f"{self.user.id}.{self.user.session_key}.{int(now().timestamp())}"


def init_signing_in(app: Flask) -> None:
    """Install the manager; a changed session key ends a session."""
    manager = LoginManager()
    manager.init_app(app)

    @manager.user_loader
    def load(token: str) -> SignedIn | None:
        user_id, session_key, since = (*token.split("."), "", "")[:3]
        if not since.isdecimal() or _is_over(datetime.fromtimestamp(int(since), UTC)):
            return None
        user = user_by_id(looking_session(), user_id)
        return SignedIn(user) if user and user.session_key == session_key else None


def _is_over(since: datetime) -> bool:
    """Whether this browser signed in too long ago, or opened no page for too long."""
    lasts: timedelta = current_app.permanent_session_lifetime
    idle: timedelta = current_app.config[IDLE]
    signed_at = session.signed_at if isinstance(session, CookieSession) else None
    return now() - since > lasts or (signed_at is not None and now() - signed_at > idle)


def remember(user: User) -> None:
    """Sign `user` in on this browser; what the cookie said of others is forgotten."""
    forget_all_but_language()
    session.permanent = True
    login_user(SignedIn(user))


def forget() -> None:
    """Sign this browser out."""
    logout_user()
    forget_all_but_language()
