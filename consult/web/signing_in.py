"""Flask-Login, behind one module: who is signed in, remembered by a session key that can be renewed."""

from flask import Flask, session
from flask_login import LoginManager, UserMixin, login_user, logout_user

from consult.accounts.models import User
from consult.accounts.queries import user_by_id
from consult.web.session_cookie import forget_all_but_language
from consult.web.transactions import looking_session


class SignedIn(UserMixin):
    """What Flask-Login keeps: an account's identifier with its session key."""

    def __init__(self, user: User) -> None:
        self.user = user

    def get_id(self) -> str:
        return f"{self.user.id}.{self.user.session_key}"


def init_signing_in(app: Flask) -> None:
    """Install the manager; a changed session key ends a session."""
    manager = LoginManager()
    manager.init_app(app)

    @manager.user_loader
    def load(token: str) -> SignedIn | None:
        user_id, _, session_key = token.partition(".")
        user = user_by_id(looking_session(), user_id)
        return SignedIn(user) if user and user.session_key == session_key else None


def remember(user: User) -> None:
    """Sign `user` in on this browser; what the cookie said of others is forgotten."""
    forget_all_but_language()
    session.permanent = True
    login_user(SignedIn(user))


def forget() -> None:
    """Sign this browser out."""
    logout_user()
    forget_all_but_language()
