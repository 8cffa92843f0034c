"""The link at the foot of a digest, which stops digests and opens nothing: signed, and good for ever."""

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.accounts.queries import user_by_id


def token_for(user: User, secret_key: str) -> str:
    """What the link carries."""
    return str(_signing(secret_key).dumps(user.id))


def user_of(session: Session, token: str, secret_key: str) -> User | None:
    """Whose digests it stops."""
    try:
        return user_by_id(session, str(_signing(secret_key).loads(token)))
    except BadSignature:
        return None


def _signing(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="no-digests")
