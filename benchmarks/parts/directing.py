"""A programme director who is signed in, without a page and a password."""

import time

from consult.accounts.enums import Role
from consult.accounts.models import Membership, User
from consult.app import create_app
from consult.consultations.queries import consultation_by_slug
from consult.core.clock import now
from consult.core.database import Database
from consult.settings import load
from parts.filling import SLUG

KEYS = {"CONSULT_SECRET_KEY": "s" * 40, "CONSULT_LINK_KEY": "l" * 40}


def director_cookie(url: str) -> str:
    """The session of a director of the consultation, as the server would give it after signing in."""
    settings = load({**KEYS, "CONSULT_DATABASE_URL": url})
    database = Database(url)
    with database.transaction() as session:
        consultation = consultation_by_slug(session, SLUG)
        assert consultation is not None
        user = User(email="rush@example.org", name="Director", created_at=now(), memberships=[])
        session.add(user)
        session.flush()
        session.add(
            Membership(user_id=user.id, consultation_id=consultation.id, role=Role.PROGRAMME_DIRECTOR)
        )
        session.flush()
        signed_in = f"{user.id}.{user.session_key}.{int(time.time())}"
    client = create_app(settings, database).test_client()
    with client.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = signed_in, True
    cookie = client.get_cookie("consult")
    assert cookie is not None
    database.close()
    return cookie.value
