"""The roster on the desk: found, added, corrected, removed, exported, and never a word on who has answered."""

import csv
import io

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.core.audit import AuditEntry
from consult.core.identifiers import new_secret
from consult.core.mail.models import MailMessage, MailState
from consult.core.sealing import Seal
from consult.core.tabular import read_table
from consult.participants.actions import ensure_participant
from consult.participants.models import Invitation, Participant
from consult.responses.actions import GivenAnswer, submit
from consult.settings import Settings
from tests.factories import LINK_KEY, World, make_invited
from tests.pages import PageClient

SEAL = Seal(LINK_KEY)


@pytest.fixture
def director(client: PageClient, world: World) -> PageClient:
    return client.sign_in(world.director)


def answer(session: Session, world: World, settings: Settings) -> None:
    submit(
        session,
        world.participant.invitation,
        [GivenAnswer(world.asking, "Talk.", Attribution.QUOTE_UNATTRIBUTED, "en")],
        submission_key=new_secret(),
        secret_key=settings.secret_key,
        seal=SEAL,
    )
    session.commit()


def person_url(world: World, person: Participant) -> str:
    return f"/desk/{world.slug}/people/{person.id}"


def test_the_list_counts_and_pages_and_finds(session: Session, world: World, director: PageClient) -> None:
    for number in range(60):
        ensure_participant(
            session, world.consultation, name=f"Łucja {number:02}", email=f"l{number}@example.org"
        )
    ensure_participant(session, world.elsewhere, name="Łucja elsewhere", email="e@example.org")
    session.commit()
    first = director.page(f"/desk/{world.slug}/people")
    assert "0 of 1" in first.text
    assert "62 people on the roster" in first.text
    found = director.page(f"/desk/{world.slug}/people?q=łucja")
    assert "Łucja 49" in found.text
    assert "Łucja 50" not in found.text
    following = next(link for link in found.links() if "after=" in link)
    assert "Łucja 59" in director.page(following).text
    assert (
        "elsewhere"
        not in director.page(f"/desk/{world.slug}/people?q=ELSEWHERE").text.partition("matches")[0]
    )
    assert "Nobody on the roster matches “%”" in director.page(f"/desk/{world.slug}/people?q=%25").text


def test_somebody_is_added_once_at_both_meetings(
    session: Session, world: World, director: PageClient
) -> None:
    page = director.page(f"/desk/{world.slug}/people/new")
    done = director.submit(
        page,
        "people/new",
        name="فاطمة الزهراء",
        email="Fatima@Example.org",
        country="Maroc",
        meetings=["october", "may"],
    )
    assert "Added to the roster" in done.text
    person = session.scalars(select(Participant).where(Participant.email == "fatima@example.org")).one()
    assert (person.name, person.country, len(person.invitations)) == ("فاطمة الزهراء", "MA", 2)
    session.commit()
    again = director.submit(page, "people/new", name="Another", email=" FATIMA@example.org")
    assert again.status == 422
    assert "has this address already" in again.text
    assert "Another" in again.html


@pytest.mark.parametrize(
    ("field", "value", "advice"),
    [
        ("email", "no address", "Write it like name@example.org"),
        ("name", "  ", "Give the person a name"),
        ("country", "Atlantis", "is not a country that is known here"),
        ("name", "n" * 201, "Shorten this to 200"),
        ("language", "!!", "is not a language code"),
    ],
)
def test_a_bad_value_is_told_at_its_field(
    world: World, director: PageClient, field: str, value: str, advice: str
) -> None:
    page = director.page(f"/desk/{world.slug}/people/new")
    values = {"name": "Somebody", "email": "s@example.org", field: value}
    answered = director.submit(page, "people/new", **values)
    assert answered.status == 422
    assert advice in answered.text


def correct(director: PageClient, world: World, email: str) -> str:
    person = world.participant.participant
    page = director.page(person_url(world, person))
    form = next(form for form in page.forms if form.action.endswith(person.id))
    values = {name: value[0] for name, value in form.values.items()} | {"email": email, "send": "1"}
    return director.post(form.action, data=values, follow_redirects=True).text


def test_an_address_is_corrected_and_mailed_again(
    session: Session, world: World, director: PageClient
) -> None:
    for address in ("right@example.org", "better@example.org"):
        assert "on its way" in correct(director, world, address)
    session.expire_all()
    states = {m.address: m.state for m in session.scalars(select(MailMessage)).all()}
    assert states == {"right@example.org": MailState.SUPPRESSED, "better@example.org": MailState.QUEUED}


def act(director: PageClient, world: World, person: Participant, name: str, meeting: str = "") -> object:
    page = director.page(person_url(world, person))
    form = next(f for f in page.forms if f.values.get("act") == [name])
    return director.post(form.action, data={k: v[0] for k, v in form.values.items()}, follow_redirects=True)


@pytest.mark.parametrize("answered", [False, True])
def test_a_new_link_looks_the_same_whether_there_is_an_answer_or_not(
    session: Session, world: World, director: PageClient, settings: Settings, answered: bool
) -> None:
    if answered:
        answer(session, world, settings)
    person, old = world.participant.participant, world.participant.invitation
    before = director.page(f"/desk/{world.slug}/people").text
    response = act(director, world, person, "replace")
    assert response.status_code == 200
    assert "A new link is on its way" in response.text
    session.expire_all()
    fresh = session.scalars(
        select(Invitation).where(Invitation.participant_id == person.id, Invitation.revoked.is_(False))
    ).one()
    assert fresh.id != old.id
    assert old.revoked
    assert fresh.answered is answered
    assert fresh.supplementary
    assert director.page(f"/desk/{world.slug}/people").text == before
    from consult.responses.queries import has_answered

    assert has_answered(session, fresh, world.rules.mode, SEAL) is answered


@pytest.mark.parametrize("answered", [False, True])
def test_a_link_taken_out_of_use_is_mailed_to_nobody(
    session: Session, world: World, director: PageClient, settings: Settings, answered: bool
) -> None:
    from consult.operations.mailing.actions import send_invitations

    if answered:
        answer(session, world, settings)
    assert "given to nobody" in act(director, world, world.participant.participant, "hold").text
    assert "Link not given out" in director.page(person_url(world, world.participant.participant)).text
    session.expire_all()
    assert send_invitations(session, world.consultation, meeting=world.october) == 0


def test_nobody_is_removed_once_answers_have_come_in_whoever_gave_them(
    session: Session, world: World, director: PageClient, settings: Settings
) -> None:
    silent = make_invited(session, world.consultation, world.october, 7).participant
    unneeded = make_invited(session, world.consultation, world.may, 8).participant
    answer(session, world, settings)
    pages = {
        director.page(f"{person_url(world, person)}/remove").text.replace(person.name, "N")
        for person in (silent, world.participant.participant)
    }
    assert len(pages) == 1
    page = director.page(person_url(world, unneeded) + "/remove")
    token = page.form("remove").values["csrf_token"][0]
    for person in (silent, world.participant.participant):
        refused = director.post(person_url(world, person) + "/remove", data={"csrf_token": token})
        assert refused.status_code == 409
    gone = director.submit(page, "remove")
    assert "Removed from the roster" in gone.text
    assert session.get(Participant, unneeded.id, populate_existing=True) is None


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_the_roster_is_exported_inert_and_logged(
    session: Session, world: World, director: PageClient, format_: str
) -> None:
    world.participant.participant.organisation = "=HYPERLINK(1)"
    session.commit()
    page = director.page(f"/desk/{world.slug}/people")
    form = page.form("export")
    response = director.post(
        form.action, data={"csrf_token": form.values["csrf_token"][0], "format": format_}
    )
    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]
    table = read_table(response.data, name=f"roster.{format_}")
    rows = [dict(zip(table.columns, row.cells, strict=True)) for row in table.rows]
    assert sorted(row["meetings"] for row in rows) == ["may", "october"]
    if format_ == "csv":
        assert list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))[1:]
        assert "'=HYPERLINK(1)" in {row["organisation"] for row in rows}
    assert session.scalars(select(AuditEntry).where(AuditEntry.act == "roster_exported")).one()


def test_a_person_of_another_consultation_is_not_found(
    session: Session, world: World, director: PageClient
) -> None:
    other = ensure_participant(session, world.elsewhere, name="Other", email="other@example.org")
    session.commit()
    for tail in ("", "/remove"):
        assert director.get(person_url(world, other) + tail).status_code == 404
