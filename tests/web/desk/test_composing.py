"""Composing a report on the desk: shape, order, words, picked answers, takeaways; and from approval to follow-up."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from consult.moderation.actions import decide
from consult.moderation.enums import RejectReason, Verdict
from consult.reports import actions
from consult.reports.composing.models import Pick, ReportSection
from consult.reports.models import Edition, Takeaway
from consult.responses.queries import current_revision
from tests.factories import World
from tests.pages import PageClient
from tests.reports.scenes import REJECTED, publish_approved, tell

REPORT = "/desk/warsaw/report"
COMPOSE = f"{REPORT}/compose"
OWN = "Most participants spoke of “Dialogue”, and 77 of them left.\n\n**Set off** <script>alert(1)</script>"


def sections(session: Session) -> list[tuple[str, bool]]:
    session.rollback()
    rows = session.execute(
        select(ReportSection.code, ReportSection.hidden).order_by(ReportSection.position)
    ).all()
    session.rollback()
    return [(code, hidden) for code, hidden in rows]


def test_an_outline_from_before_a_part_existed_can_have_it_added(
    client: PageClient, session: Session, world: World
) -> None:
    tell(session, world)
    client.sign_in(world.director)
    client.submit(client.page(COMPOSE), "/themes/place", act="hide")
    assert "does not have" not in client.page(COMPOSE).text
    session.execute(delete(ReportSection).where(ReportSection.code == "attendance"))
    session.commit()
    page = client.page(COMPOSE)
    assert "Parts this outline does not have" in page.text
    assert client.submit(page, "/attendance/place", act="show").status == 200
    assert sections(session)[-1] == ("attendance", False)
    assert "does not have" not in client.page(COMPOSE).text
    assert client.post(f"{COMPOSE}/nothing/place", data={"act": "show"}).status_code == 404


def test_a_report_is_composed_and_frozen_as_composed(
    client: PageClient, session: Session, world: World
) -> None:
    tell(session, world)
    client.sign_in(world.director)
    session.rollback()
    page = client.page(COMPOSE)
    assert "As it would be printed" in page.text
    client.submit(page, "/views/place", act="up")
    assert [code for code, _hidden in sections(session)][4:6] == ["views", "meetings"]
    client.submit(client.page(COMPOSE), "/themes/place", act="hide")
    assert ("themes", True) in sections(session)
    refused = client.post(f"{COMPOSE}/method/place", data=page.form("/method/place").values | {"act": "hide"})
    assert refused.status_code == 409
    assert ("method", False) in sections(session)

    page = client.submit(client.page(COMPOSE), "/texts", heading="How it began")
    assert "How it began" in page.text
    part = page.response.request.path
    shown = (
        client.submit(page, "/preview", formaction=True)
        if False
        else client.post(
            f"{part}/preview", data=page.form(part).values | {"heading": "How it began", "body": OWN}
        ).get_data(as_text=True)
    )
    assert "Here the counts carry “" in shown
    assert "”, not “most”." in shown
    assert "77 is not among the figures" in shown
    assert "<strong>Set off</strong>" in shown
    assert "<script>alert" not in shown
    assert [body for body in session.scalars(select(ReportSection.body)) if body] == []
    session.rollback()
    saved = client.submit(page, part, heading="How it began", body=OWN)
    assert "How it began" in saved.text

    late = client.post(
        part, data=page.form(part).values | {"heading": "Late", "body": "Somebody else’s text"}
    )
    assert late.status_code == 409
    both = late.get_data(as_text=True)
    assert "Somebody else’s text" in both
    assert "left." in both
    session.rollback()
    assert (
        session.scalars(select(ReportSection.body).where(ReportSection.heading == "How it began")).one()
        == OWN
    )
    session.rollback()

    picking = client.page(f"{part}/quotes")
    assert REJECTED not in picking.html
    offered = picking.tree.findall(".//input[@name='wanted']")
    first = offered[0].get("value")
    assert (
        client.post(
            f"{part}/quotes", data=picking.forms[-1].values | {"wanted": [first, "x" * 26]}
        ).status_code
        == 303
    )
    session.rollback()
    assert session.scalars(select(Pick.revision_id)).all() == [first]
    session.rollback()

    takeaway = session.scalars(select(Takeaway).order_by(Takeaway.position)).first()
    assert takeaway is not None
    address = f"{REPORT}/takeaways/{takeaway.id}"
    session.rollback()
    page = client.page(address)
    values = page.form(address).values
    both_sides = values | {"text": "Talk.", "themes": ["dialogue"], "against": ["dialogue"]}
    assert client.post(address, data=both_sides).status_code == 422
    right = values | {"text": "Talk.", "themes": ["dialogue"], "against": ["unity"]}
    assert client.post(address, data=right).status_code == 303
    assert client.post(address, data=right | {"text": "Late."}).status_code == 409
    page = client.page(address)
    assert "%" in page.text

    edition = actions.freeze(session, world.consultation, by=world.director)
    document = actions.parsed(edition.document)
    session.commit()
    composed = {section["code"]: section for section in document["sections"]}
    assert "themes" not in composed
    own = next(section for section in document["sections"] if section["heading"] == "How it began")
    assert len(own["quotes"]) == 1
    assert document["takeaways"][0]["text"] == "Talk."
    assert {shown["theme"] for shown in document["takeaways"][0]["dissent"]} == {"unity"}


def test_the_summary_is_drafted_from_the_counts_and_only_replaces_when_told(
    client: PageClient, session: Session, world: World
) -> None:
    tell(session, world)
    client.sign_in(world.director)
    session.rollback()
    client.submit(client.page(COMPOSE), "/start", shape="summary")
    session.rollback()
    bodies = {row.heading: row.body for row in session.scalars(select(ReportSection))}
    assert "participants answered" in bodies[world.october.title]
    session.rollback()
    page = client.submit(client.page(COMPOSE), "/start", shape="story")
    assert page.status == 409
    session.rollback()
    assert any(session.scalars(select(ReportSection.body)))
    session.rollback()
    client.submit(client.page(COMPOSE), "/start", shape="story", replace="y")
    session.rollback()
    assert not any(session.scalars(select(ReportSection.body)))
    session.rollback()
    client.sign_in(world.rapporteur)
    session.rollback()
    assert client.get(COMPOSE).status_code == 403


def test_from_a_second_pair_of_eyes_to_what_was_done(
    client: PageClient, session: Session, world: World
) -> None:
    told = tell(session, world)
    edition = actions.freeze(session, world.consultation, by=world.director)
    session.commit()
    own = update(Edition).where(Edition.id == edition.id)
    for values in (
        {"approved_by": world.director.id, "approved_at": edition.frozen_at},
        {"state": "published", "published_at": edition.frozen_at},
    ):
        with pytest.raises(DBAPIError):
            session.execute(own.values(**values))
        session.rollback()

    client.sign_in(world.second_director)
    session.rollback()
    address = f"{REPORT}/editions/1"
    client.submit(client.page(address), "/approve")
    page = client.submit(client.page(address), "/readers", name="The minister", days="3")
    link = next(e.text for e in page.tree.iter("p") if e.get("class") == "readers__link")
    assert link is not None
    path = link.partition("localhost")[2]
    stranger = PageClient(client.application, client.response_wrapper)
    assert stranger.get("/embargoed").status_code == 404
    copy = stranger.submit(stranger.page(path), "/embargoed/")
    assert "Copy for The minister alone" in copy.text
    file = stranger.post("/embargoed", data=copy.forms[0].values)
    assert file.data.startswith(b"%PDF")
    assert "Opened 2 times" in client.page(address).text
    client.submit(client.page(address), "/revoke")
    assert stranger.get("/embargoed").status_code == 404
    assert stranger.get(path).status_code == 404
    assert stranger.get("/c/warsaw/report/1").status_code == 404

    entry = {"on_day": "2016-07-09", "asked": "Which outcome?", "said": "A channel.", "did": "It was opened."}
    page = client.page(f"{REPORT}/follow-up")
    assert client.submit(page, "/follow-up", **entry).status == 409
    publish = client.submit(client.page(f"{address}/publish"), "/publish")
    assert publish.status == 200
    before = stranger.get("/c/warsaw").headers["ETag"]
    client.submit(page, "/follow-up", **entry)
    after = stranger.get("/c/warsaw")
    assert after.headers["ETag"] != before
    assert "It was opened." in after.get_data(as_text=True)
    assert "Tell the participants" in client.page(address).text

    answer = told.quotable[0]
    read = current_revision(session, answer).hash
    off = RejectReason.OFF_TOPIC
    decide(session, answer, Verdict.REJECT, read=read, read_number=1, by=world.director, reason=off)
    session.commit()
    page = client.page(address)
    assert "This edition is stale" in page.text
    assert "View 0 at october" in page.tree.find(".//ul[@class='stale']").findtext("li", "")
    assert "Stale" in client.page(REPORT).text
    second = actions.freeze(session, world.consultation, by=world.director)
    session.commit()
    publish_approved(session, world, second)
    session.commit()
    compared = client.page(f"{REPORT}/compare?before=1&after=2").text
    assert "1 view is not printed any more." in compared
    assert "There is a later edition" in stranger.page("/c/warsaw/report/1").text
