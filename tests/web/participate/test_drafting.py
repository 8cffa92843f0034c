"""What is saved without sending: found again with the invitation, gone once it is sent, readable to nobody else."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from consult.consultations.enums import Mode
from consult.consultations.models import Consultation
from consult.core.clock import now
from consult.core.database import Database
from consult.core.errors import Refused
from consult.core.sealing import Seal
from consult.jobs.forget_drafts import forget_drafts
from consult.operations.linking import attack
from consult.participants.models import Invitation
from consult.responses.actions import Drafted, kept_draft, save_draft
from consult.responses.models import Draft, Response
from consult.web.transactions import TransactionalFlask
from tests.factories import LINK_KEY, World, make_consultation, make_invited, make_meeting
from tests.web.participate.cast import ANSWER, TEXTS, opened

HALF = {"text_1": TEXTS["text_1"], "use_1": "quote_unattributed", "text_2": "Half a"}


def stored(database: Database) -> tuple[int, int]:
    """How many drafts, and how many responses."""
    with database.reading() as session:
        return (
            session.scalar(select(func.count()).select_from(Draft)) or 0,
            session.scalar(select(func.count()).select_from(Response)) or 0,
        )


def test_saved_on_one_device_and_sent_from_another(
    app: TransactionalFlask, world: World, session: Session, database: Database
) -> None:
    session.close()
    phone, desk, stranger = app.test_client(), app.test_client(), app.test_client()
    page = phone.submit(opened(phone, world), "/respond/", act="save", **HALF)
    assert "Saved until" in page.text
    assert stored(database) == (1, 0)
    found = opened(desk, world)
    assert "This is what you saved." in found.text
    values = found.form("/respond/").values
    assert {name: values.get(name) for name in HALF} == {name: [value] for name, value in HALF.items()}
    other = stranger.submit(stranger.page(f"/i/{world.other_participant.secret}"), "/i/")
    assert TEXTS["text_1"] not in other.html
    again = phone.submit(page, "/respond/", act="save", **{**HALF, "text_2": "Half a thought"})
    assert again.form("/respond/").values["text_2"] == ["Half a thought"]
    assert stored(database) == (1, 0)
    seen = attack(database)
    assert TEXTS["text_1"] not in seen.texts
    with database.reading() as reading:
        draft = reading.scalars(select(Draft)).one()
        assert len(draft.sealed) > 4096
        assert world.participant.invitation.id not in draft.handle
    assert "We have it" in desk.submit(found, "/respond/", **ANSWER).text
    assert stored(database) == (0, 1)


def test_it_is_gone_when_it_is_forgotten_and_after_its_life(
    app: TransactionalFlask, world: World, session: Session, database: Database
) -> None:
    session.close()
    client = app.test_client()
    page = client.submit(opened(client, world), "/respond/", act="save", **HALF)
    assert "text_1" not in client.submit(page, "/respond/", act="forget", **HALF).form(
        "/respond/"
    ).values or (client.page("/respond/").form("/respond/").values["text_1"] == [""])
    assert stored(database) == (0, 0)
    client.submit(client.page("/respond/"), "/respond/", act="save", **HALF)
    assert forget_drafts(database) == 0
    session.execute(update(Consultation).values(closes_at=now() + timedelta(days=30)))
    session.commit()
    with time_machine.travel(now() + timedelta(hours=25)):
        seal = Seal(LINK_KEY)
        invitation = session.get_one(Invitation, world.participant.invitation.id)
        assert kept_draft(session, invitation, world.rules, seal) is None
    session.rollback()
    with time_machine.travel(now() + timedelta(days=3)):
        assert forget_drafts(database) == 1
    assert stored(database) == (0, 0)


def test_what_cannot_be_saved_loses_nothing(
    app: TransactionalFlask, world: World, session: Session, database: Database
) -> None:
    session.close()
    client = app.test_client()
    form = opened(client, world)
    page = client.submit(form, "/respond/", act="save", **{**HALF, "csrf_token": "another"})
    assert page.status == 422
    assert page.form("/respond/").values["text_2"] == ["Half a"]
    page = client.submit(form, "/respond/", act="save", **{**HALF, "text_2": "a\x00b"})
    assert page.status == 422
    session.execute(update(Consultation).values(closes_at=now() - timedelta(minutes=1)))
    session.commit()
    page = client.submit(form, "/respond/", act="save", **HALF)
    assert page.status == 409
    assert TEXTS["text_1"] in page.html
    assert stored(database) == (0, 0)


@pytest.mark.parametrize("key", ["another-key-0123456789-another-key-0123456789", LINK_KEY])
def test_without_the_key_it_says_nothing_and_unlinked_mode_keeps_none(session: Session, key: str) -> None:
    seal = Seal(LINK_KEY)
    consultation, rules = make_consultation(session, "linked")
    meeting = make_meeting(session, consultation, "one", "One", now().date())
    guest = make_invited(session, consultation, meeting).invitation
    save_draft(session, guest, rules, {"q": Drafted("Words.")}, use_closed="", seal=seal)
    found = kept_draft(session, guest, rules, Seal(key))
    assert (found is not None) == (key == LINK_KEY)
    other, unlinked = make_consultation(session, "unlinked", mode=Mode.UNLINKED)
    meeting = make_meeting(session, other, "one", "One", now().date())
    guest = make_invited(session, other, meeting).invitation
    with pytest.raises(Refused):
        save_draft(session, guest, unlinked, {"q": Drafted("Words.")}, use_closed="", seal=seal)
