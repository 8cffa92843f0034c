"""What was set up by mistake is put in order or taken away, until somebody has relied on it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.consultations.models import Question, Wording
from consult.consultations.queries import questions_of
from consult.core.audit import first_broken
from consult.core.database import Database
from consult.meetings.models import Asking, Meeting
from consult.meetings.queries import meetings_of
from consult.participants.models import Invitation
from tests.factories import World, make_answer
from tests.pages import Page, PageClient


def test_meetings_are_put_in_another_order(
    client: PageClient, session: Session, database: Database, world: World
) -> None:
    client.sign_in(world.director)
    page = client.page("/desk/warsaw/setup/meetings")
    moved = client.submit(page, "/meetings/order", button="act=down:october")
    assert "Moved." in moved.text
    for wrong in ("down:nowhere", "sideways:may", ""):
        assert client.submit(page, "/meetings/order", button=f"act={wrong}").status == 422
    with database.reading() as reading:
        assert [one.slug for one in meetings_of(reading, world.consultation)] == ["may", "october"]
        assert first_broken(reading) is None


def test_a_question_goes_until_it_is_answered_and_not_from_under_another(
    client: PageClient, session: Session, database: Database, world: World
) -> None:
    client.sign_in(world.director)
    first, second = world.questions
    second.condition = {"question": first.code, "any_of": []}
    session.commit()
    address = f"/desk/warsaw/setup/questions/{first.code}"
    held = client.submit(client.page(address), "/remove")
    assert held.status == 409
    assert second.code in held.text
    second.condition = None
    session.commit()
    assert "The question is removed." in client.submit(client.page(address), "/remove").text
    with database.reading() as reading:
        assert [one.code for one in questions_of(reading, world.consultation)] == [second.code]
        for model in (Asking, Wording):
            assert not reading.scalar(
                select(func.count()).select_from(model).where(model.question_id == first.id)
            )
        asking = reading.scalars(
            select(Asking).where(Asking.question_id == second.id, Asking.meeting_id == world.october.id)
        ).one()
    other = f"/desk/warsaw/setup/questions/{second.code}"
    before = client.page(other)
    make_answer(session, world.consultation, world.rules, session.merge(asking))
    session.commit()
    refused = client.submit(before, "/remove")
    assert refused.status == 409
    assert "so it stays" in refused.text
    assert "Remove the question" not in client.page(other).html
    with database.reading() as reading:
        assert reading.get(Question, second.id) is not None


def test_invitations_to_the_wrong_meeting_are_taken_back_until_somebody_answers(
    client: PageClient, session: Session, database: Database, world: World
) -> None:
    client.sign_in(world.director)
    guest, meeting = world.participant.invitation, world.october
    page = client.page("/desk/warsaw/invitations/october/back")
    assert client.submit(page, "/back", shown="999").status == 409
    back = client.submit(page, "/back")
    assert "taken back" in back.text
    assert client.application.test_client().get(f"/i/{world.participant.secret}").status_code == 404
    with database.reading() as reading:
        standing = select(func.count()).where(
            Invitation.meeting_id == meeting.id, Invitation.revoked.is_(False)
        )
        assert not reading.scalar(standing)
    person = f"/desk/warsaw/people/{guest.participant_id}"
    again = client.post(
        f"{person}/invitation",
        data={**client.page(person).form("/invitation").values},
        follow_redirects=True,
    )
    assert again.status_code == 200
    with database.reading() as reading:
        assert reading.scalar(standing) == 1
    shown = client.page(person)
    assert "Take the invitation back" in shown.text
    taken = next(form for form in shown.forms if form.values.get("act") == ["back"])
    session.scalars(
        select(Invitation).where(Invitation.meeting_id == meeting.id, Invitation.revoked.is_(False))
    ).one().answered = True
    session.commit()
    refused = client.post(taken.action, data=taken.values)
    assert refused.status_code == 409
    assert "Answers have come in" in refused.get_data(as_text=True)
    assert "Take the invitation back" not in client.page(person).text
    assert client.submit(client.page("/desk/warsaw/invitations/october/back"), "/back").status == 409


def test_a_meeting_whose_invitations_were_taken_back_can_go(
    client: PageClient, database: Database, world: World
) -> None:
    client.sign_in(world.director)
    address = "/desk/warsaw/setup/meetings/may"
    blocked = client.page(address)
    assert "Take their invitations back first." in blocked.text
    client.submit(client.page("/desk/warsaw/invitations/may/back"), "/back")
    assert "The meeting is removed." in client.submit(client.page(address), "/remove").text
    with database.reading() as reading:
        assert reading.get(Meeting, world.may.id) is None


def test_a_join_code_that_is_taken_invites_as_mail_does(client: PageClient, world: World) -> None:
    client.sign_in(world.director)
    assert "No invitation has been sent" in client.page("/desk/warsaw/setup").text
    client.submit(client.page("/desk/warsaw/join/october"), "/join/october", act="on")
    assert "No invitation has been sent" not in client.page("/desk/warsaw/setup").text


def test_a_condition_is_picked_from_what_an_earlier_question_offers(
    client: PageClient, session: Session, database: Database, world: World
) -> None:
    client.sign_in(world.director)
    first, second = world.questions
    options = [{"code": f"o-{n}", "label": {"en": f"Option {n}", "fr": f"Choix {n}"}} for n in range(3)]
    first.kind, first.settings = "single_choice", {"options": options, "other": True}
    session.commit()
    address = f"/desk/warsaw/setup/questions/{second.code}"

    def condition() -> object:
        with database.reading() as reading:
            kept = reading.get(Question, second.id)
            assert kept is not None
            return kept.condition

    def picked(way: str, *codes: str, after: str = first.code) -> Page:
        page = client.page(f"{address}?after={after}")
        return client.submit(page, "/shown", way=way, picked=list(codes))

    assert "Save when it is shown" not in client.page(address).html, "first the question that decides"
    page = client.page(f"{address}?after={first.code}&lang=fr")
    assert "Choix 2" in page.text
    client.page("/desk?lang=en")
    assert "is: Option 0, Other." in picked("is", "o-0", "other").text
    assert condition() == {"question": first.code, "any_of": ["o-0", "other"]}
    picked("is_not", "o-0")
    assert condition() == {"question": first.code, "any_of": ["o-1", "o-2", "other"]}
    kept = client.page(address).form("/shown").values
    assert (kept["way"], kept["picked"]) == (["is"], ["o-1", "o-2", "other"])
    for way, codes, sentence in (
        ("is", (), "Choose at least one answer."),
        ("is_not", ("o-0", "o-1", "o-2", "other"), "no answer is left"),
    ):
        refused = picked(way, *codes)
        assert (refused.status, sentence in refused.text) == (422, True)
    picked("any")
    assert condition() == {"question": first.code, "any_of": []}

    first.kind, first.settings = "scale", {"points": 5, "labels": [], "no_view": True}
    session.commit()
    picked("at_least", "4")
    assert condition() == {"question": first.code, "any_of": ["4", "5"]}
    assert "Choose one step" in picked("at_most", "2", "3").text
    first.kind, first.settings = "country", {}
    session.commit()
    tasks = client.page("/desk/warsaw/setup")
    assert "the answer “4”" in tasks.text, "what is offered no more"
    page = client.page(f"{address}?after={first.code}")
    assert client.submit(page, "/shown", way="is", named="Poland\nNarnia").status == 422
    client.submit(page, "/shown", way="is", named="Poland\nAllemagne\nee")
    assert condition() == {"question": first.code, "any_of": ["EE", "DE", "PL"]}

    first.kind, first.settings = "number", {"least": "0", "most": "100", "unit": {"en": "per cent"}}
    session.commit()
    page = client.page(f"{address}?after={first.code}")
    assert "So much at least" in page.text
    for values, sentence in (
        ({"least": "", "most": ""}, "Write one limit or both."),
        ({"least": "half", "most": ""}, "Write a number, e.g. 10 or 2.5."),
        ({"least": "20", "most": "10"}, "the other way round"),
        ({"least": "101", "most": ""}, "No answer that this question allows lies there."),
    ):
        refused = client.submit(page, "/shown", way="within", **values)
        assert (refused.status, sentence in refused.text) == (422, True)
        assert refused.form("/shown").values["least"] == [values["least"]]
    within = client.submit(page, "/shown", way="within", least="12,50", most="")
    assert "is: 12.5 per cent or more." in within.text
    assert condition() == {"question": first.code, "any_of": [], "least": "12.5"}
    kept = client.page(address).form("/shown").values
    assert (kept["way"], kept["least"], kept["most"]) == (["within"], ["12.5"], [""])
    assert "is never shown" not in client.page("/desk/warsaw/setup").text
    first.settings = first.settings | {"most": "10"}
    session.commit()
    assert "lies within its limits" in client.page("/desk/warsaw/setup").text, "never true"
    first.kind, first.settings = "date", {}
    session.commit()
    page = client.page(f"{address}?after={first.code}")
    assert "On or after" in page.text
    within = client.submit(page, "/shown", way="within", least="8.7.2016", most="2016-07-09")
    assert "is: 8 July 2016 to 9 July 2016." in within.text

    client.submit(
        client.page("/desk/warsaw/setup/questions"), "/questions/order", button=f"act=down:{first.code}"
    )
    assert "is never shown" in client.page("/desk/warsaw/setup").text
    assert "It is never shown" in client.page(address).text
    client.submit(
        client.page("/desk/warsaw/setup/questions"), "/questions/order", button=f"act=up:{first.code}"
    )
    page = client.page(f"{address}?after={first.code}")
    make_answer(session, world.consultation, world.rules, world.asking)
    session.commit()
    assert client.submit(page, "/shown", way="always").status == 409


def test_a_time_zone_is_picked_from_the_worlds_and_never_taken_for_granted(
    client: PageClient, database: Database, world: World
) -> None:
    client.sign_in(world.director)
    client.submit(client.page("/desk/new"), "/desk/new", title="Madrid: what next?", slug="madrid")
    page = client.page("/desk/madrid/setup/meetings/new")
    assert page.form("/meetings/new").values["time_zone"] == [""], "none is the first one's by itself"
    for told in ("Often chosen", "Warsaw – Poland", "Buenos Aires – Argentina", "Réunion"):
        assert told in page.html
    for wrong, said in (("", "Choose the time zone."), ("Nowhere", "Choose one of the list.")):
        refused = client.submit(page, "/new", title="Kept", starts="2022-06-29", time_zone=wrong)
        assert (refused.status, said in refused.text) == (422, True)
        assert refused.form("/meetings/new").values["time_zone"] == [""], "not the first of the list"
        assert refused.form("/meetings/new").values["title"] == ["Kept"]
    client.submit(page, "/new", title="First", starts="2022-06-29", time_zone="Europe/Belfast", slug="first")
    kept = client.page("/desk/madrid/setup/meetings/first")
    assert kept.form("/meetings/first").values["time_zone"] == ["Europe/Belfast"], "an older name stays"
    following = client.page("/desk/madrid/setup/meetings/new?lang=pl")
    assert following.form("/meetings/new").values["time_zone"] == ["Europe/Belfast"]
    assert "Warszawa – Polska" in following.html
