"""Somebody who wants to know who else is invited, where the ground rules keep the list closed, or what is prepared."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from consult.core.clock import now
from consult.participants.actions import ensure_participant
from consult.reports.tokens.actions import make_token
from consult.web.participate.form import naming
from tests.factories import World
from tests.pages import Page, PageClient
from tests.responses.test_unlinked import Scene, code_for
from tests.web.participate.test_joining import poster

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
USES = {"use_1": "quote_unattributed", "text_2": "Drift.", "use_2": "quote_unattributed"}


def tried(client: PageClient, form: Page, name: str) -> bool:
    """Whether the page warns of these words; it is sent anew each time, as if for the first."""
    page = client.submit(form, "/receipt/answer", text_1=f"Ask {name} of it.", **USES, warned=None)
    assert page.status in {200, 422, 409}
    return "that readers may know" in page.text


def test_a_poster_is_no_way_to_read_the_roster(client: PageClient, session: Session, world: World) -> None:
    """Its code may be anybody's, and a warning would say who is invited. What looks like a name is still warned of."""
    ensure_participant(session, world.consultation, name="Zbigniew Brzozowski", email="zb@example.org")
    code = poster(session, world.october)
    form = client.submit(client.page(f"/join?code={code}"), "/join")
    assert tried(client, form, "Colonel Zawisza")
    assert tried(client, form, "Colonel Brzozowski")
    assert not tried(client, form, "brzozowski")


def test_a_list_of_names_cannot_be_tried(
    client: PageClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is invited is warned by the roster, and not often enough to read it off."""
    monkeypatch.setattr(naming, "MOST_WARNED", 3)
    scene = Scene(session, 5)
    names = ["Brzozowski", "Kwiatkowska", "Zawadzki", "Nowakowska", "Lewandowski"]
    for name in names:
        ensure_participant(session, scene.consultation, name=name, email=f"{name.lower()}@example.org")
    code = code_for(session, scene, 0)
    form = client.submit(client.page("/receipt"), "/receipt", code=code)
    told = [tried(client, form, name) for name in names]
    assert told == [True, True, True, False, False]


def test_a_token_tells_of_no_other_draft(client: PageClient, session: Session, world: World) -> None:
    """Whoever may read one consultation by a program cannot try which others are being prepared."""
    world.elsewhere.draft = True
    secret = make_token(
        session, world.consultation, name="Ours", editions=True, answers=True,
        expires_at=now() + timedelta(days=9), by=world.director,
    )  # fmt: skip
    session.commit()
    bearer = {"Authorization": f"Bearer {secret}"}
    for address in ("answers", "editions", "editions/1", "editions/1/answers"):
        told = [
            client.get(f"/api/v1/consultations/{slug}/{address}", headers=bearer)
            for slug in (world.elsewhere.slug, "there-is-none")
        ]
        assert len({(one.status_code, one.get_data(as_text=True)) for one in told}) == 1, address
