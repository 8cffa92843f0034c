"""The link by which a new colleague sets a first password: signed, for two weeks, and of use once.

It is bound to the account's session key, which setting a password renews.
"""

from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.accounts.queries import user_by_id

LASTS = timedelta(days=14)


def token_for(user: User, secret_key: str) -> str:
    """What the link carries."""
    return str(_signing(secret_key).dumps([user.id, user.session_key]))


def user_of(session: Session, token: str, secret_key: str) -> User | None:
    """Whose first password this sets; nobody's once it was set, or after two weeks."""
    try:
        user_id, session_key = _signing(secret_key).loads(token, max_age=int(LASTS.total_seconds()))
    except (BadSignature, ValueError, TypeError):
        return None
    user = user_by_id(session, str(user_id))
    usable = user is not None and user.password_hash is None and user.session_key == session_key
    return user if usable else None


def _signing(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt="first-password")
