"""Making and taking back tokens. The secret is given once, to whoever makes it; only its hash is kept."""

from datetime import datetime

from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core import audit, clock
from consult.core.errors import Invalid, Refused
from consult.core.identifiers import digest, new_id, new_secret
from consult.reports.tokens.models import ApiToken
from consult.reports.tokens.queries import tokens_of

MOST_TOKENS = 50
PREFIX = "consult_"
"""How a token begins, so that those who look for lost secrets know one."""


def make_token(
    session: Session,
    consultation: Consultation,
    *,
    name: str,
    editions: bool,
    answers: bool,
    expires_at: datetime,
    by: User,
) -> str:
    """A new token, which is returned here and never again."""
    if not editions and not answers:
        raise Invalid("Choose at least one thing that the token reads.", field="scopes")
    if expires_at <= clock.now():
        raise Invalid("Choose a day that is still to come.", field="days")
    if sum(token.works for token in tokens_of(session, consultation)) >= MOST_TOKENS:
        raise Refused("There are %(most)s tokens already. Take one back first.", most=MOST_TOKENS)
    secret = PREFIX + new_secret()
    token = ApiToken(
        id=new_id(),
        consultation_id=consultation.id,
        name=name,
        secret_hash=digest(secret),
        reads_editions=editions,
        reads_answers=answers,
        made_by=by.id,
        made_at=clock.now(),
        expires_at=expires_at,
        revoked=False,
    )
    session.add(token)
    session.flush()
    _record(session, "api_token.make", token, by)
    return secret


def revoke_token(session: Session, token: ApiToken, *, by: User) -> ApiToken:
    """It opens nothing any more."""
    token.revoked = True
    session.flush()
    _record(session, "api_token.revoke", token, by)
    return token


def _record(session: Session, act: str, token: ApiToken, by: User) -> None:
    audit.record(session, act, user_id=by.id, consultation_id=token.consultation_id, subject=token.id)
