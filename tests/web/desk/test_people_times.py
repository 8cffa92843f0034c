"""Opening and closing: an instant on the meeting's clock, looked at first, written to the log."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.core.audit import AuditEntry
from consult.core.clock import now
from consult.operations.opening import instant
from tests.factories import World
from tests.pages import Page, PageClient


@pytest.fixture
def director(client: PageClient, world: World) -> PageClient:
    return client.sign_in(world.director)


def set_(director: PageClient, world: World, **values: str) -> Page:
    looked = director.submit(director.page(f"/desk/{world.slug}/times"), "/times", **values)
    assert looked.status == 200, looked.text
    return director.submit(looked, "/times", button="act=confirmed")


def test_times_are_said_in_the_meetings_zone_then_set(
    session: Session, world: World, director: PageClient
) -> None:
    page = director.page(f"/desk/{world.slug}/times")
    looked = director.submit(
        page, "/times", opens="2016-05-14 09:00", closes="2016-07-09 17:00", button="act=look"
    )
    assert "9 July 2016, 17:00 (Warsaw)" in looked.text
    assert session.scalars(select(AuditEntry).where(AuditEntry.act == "times_set")).all() == []
    session.commit()
    assert "The times are set" in director.submit(looked, "/times", button="act=confirmed").text
    found = session.get_one(Consultation, world.consultation.id, populate_existing=True)
    assert found.closes_at == datetime(2016, 7, 9, 15, tzinfo=UTC)
    assert session.scalars(select(AuditEntry).where(AuditEntry.act == "times_set")).one()


def test_closing_by_hand_and_reopening(session: Session, world: World, director: PageClient) -> None:
    assert "The times are set" in set_(director, world, button="act=close").text
    found = session.get_one(Consultation, world.consultation.id, populate_existing=True)
    assert found.closes_at is not None
    assert found.closes_at <= now()
    session.commit()
    looked = director.submit(
        director.page(f"/desk/{world.slug}/times"), "/times", closes="2090-01-01 12:00", button="act=look"
    )
    assert "there is more time" in looked.text
    assert "The times are set" in director.submit(looked, "/times", tell="y", button="act=confirmed").text


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({"opens": "soon"}, "like 2016-05-14 17:00"),
        ({"opens": "2016-03-27 02:30"}, "does not exist"),
        ({"opens": "2016-05-14 17:00", "closes": "2016-05-14 16:00"}, "Closing comes after opening"),
        ({"opens": "", "closes": "2016-05-14 16:00"}, "Say when answering opens"),
        ({"opens": "0001-01-01 00:00"}, "between 2000 and 2099"),
        ({"opens": "2016-05-14T17:00+02:00"}, "Leave the zone out"),
    ],
)
def test_a_bad_time_is_told_at_its_field(
    world: World, director: PageClient, values: dict[str, str], advice: str
) -> None:
    page = director.page(f"/desk/{world.slug}/times")
    answered = director.submit(page, "/times", **values, button="act=confirmed")
    assert answered.status == 422
    assert advice in answered.text


def test_nothing_is_no_instant() -> None:
    assert instant("  ", "Europe/Warsaw", field="opens") is None
