"""Mail scanners follow every link a hundred times and press what they find: nothing they do changes anything."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.actions import make_sign_off_link
from consult.core.clock import now
from consult.core.database import Base, Database
from consult.core.sealing import Seal
from consult.operations.mailing import first_password, no_digests
from consult.participants.actions import open_join_code
from consult.settings import Settings
from consult.web.transactions import TransactionalFlask
from tests.factories import LINK_KEY, World
from tests.web.scenes import PlainClient

MAY_CHANGE = {"throttle", "audit_entry", "audit_head"}
TIMES = 100

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def everything(database: Database) -> dict[str, list[str]]:
    """Every row of every table but those that count tries and what staff did."""
    with database.reading() as session:
        return {
            table.name: sorted(repr(tuple(row)) for row in session.execute(select(table)))
            for table in Base.metadata.sorted_tables
            if table.name not in MAY_CHANGE
        }


def test_every_link_that_leaves_in_a_mail_or_on_paper(
    app: TransactionalFlask, database: Database, session: Session, world: World, settings: Settings
) -> None:
    seal, invitation = Seal(LINK_KEY), world.participant.invitation
    poster = open_join_code(session, world.october, seal=seal, fresh=True)
    code = seal.join_code(world.october.id, poster.round)
    sign_off = make_sign_off_link(
        session, world.consultation, made_for="", expires_at=now() + timedelta(days=1), by=world.director
    )
    session.commit()
    links = {
        f"/i/{world.participant.secret}?lang=pl": TIMES,
        f"/stop/{seal.stop_token(invitation.id)}": TIMES,
        f"/join?code={code}": TIMES,
        f"/preview/{sign_off}": TIMES,
        f"/first-password/{first_password.token_for(world.observer, settings.secret_key)}": TIMES,
        f"/digests/{no_digests.token_for(world.observer, settings.secret_key)}": TIMES,
        "/receipt": 2,
        "/": 2,
    }
    before = everything(database)
    for link, times in links.items():
        for time in range(times):
            if time % 10 == 0:
                scanner = PlainClient(app, app.response_class)
            assert scanner.get(link).status_code == 200
            assert scanner.head(link).get_data() == b""
            posted = scanner.post(link.partition("?")[0], data={"code": code, "csrf_token": "guessed"})
            assert posted.status_code in {405, 422}, (link, posted.status)
    assert everything(database) == before
