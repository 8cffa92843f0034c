"""The coding page: one approved answer after another, each theme given by somebody who read the words that stand."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.analysis.actions import assign
from consult.analysis.enums import CodingState
from consult.analysis.models import Coding, Theme
from consult.analysis.queries import theme_codes
from consult.consultations.enums import Attribution
from consult.core.database import Database
from consult.moderation.actions import Span
from consult.moderation.enums import RedactionKind
from consult.responses.models import Answer, Revision
from consult.web.signing_in import SignedIn
from consult.web.transactions import TransactionalFlask
from tests.analysis.cases import (
    CANARY,
    approve,
    approved,
    change_words,
    codebook,
    counted_queries,
    reject,
)
from tests.browser import DESKTOP, PHONE, Site
from tests.factories import World, make_answer
from tests.pages import Page, PageClient


@pytest.fixture
def themes(session: Session, world: World) -> list[Theme]:
    themes = codebook(session, world)
    session.commit()
    return themes


def at(world: World, **query: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/desk/{world.slug}/coding" + (f"?{asked}" if asked else "")


def one(session: Session, world: World, *themes: Theme, **facts: Any) -> Revision:
    [revision] = approved(session, world, facts.pop("meeting", None), *themes, **facts)
    session.commit()
    return revision


def standing(database: Database, revision: Revision) -> tuple[str, ...]:
    with database.reading() as fresh:
        return theme_codes(fresh, [revision.id]).get(revision.id, ())


def ticked(page: Page) -> list[str]:
    return page.form("/coding/").values.get("themes", [])


def answer_shown(page: Page) -> str:
    """The identifier of the answer in hand."""
    return page.form("/coding/").action.rpartition("/")[2].partition("?")[0]


def test_themes_are_ticked_and_saved_and_the_next_unassigned_answer_follows(
    session: Session, world: World, themes: list[Theme], database: Database, client: PageClient
) -> None:
    revisions = {r.answer_id: r for r in approved(session, world, times=3)}
    session.commit()
    page = client.sign_in(world.director).page(at(world))
    assert "0 of 3 have a theme" in page.text
    for done in (1, 2, 3):
        shown = answer_shown(page)
        page = client.submit(page, "/coding/", themes=["deterrence", "unity"])
        assert page.status == 200
        assert "Saved." in page.text
        assert f"{done} of 3 have a theme" in page.text
        assert standing(database, revisions.pop(shown)) == ("deterrence", "unity")
    assert "Every approved answer here has a theme" in page.text
    assert revisions == {}


def test_what_was_saved_is_changed_back_and_stays_on_record(
    session: Session, world: World, themes: list[Theme], database: Database, client: PageClient
) -> None:
    revision = one(session, world)
    page = client.sign_in(world.director).page(at(world))
    page = client.submit(page, "/coding/", themes=["dialogue"])
    change = next(link for link in page.links() if f"answer={revision.answer_id}" in link)
    page = client.page(change)
    assert ticked(page) == ["dialogue"]
    client.submit(page, "/coding/", themes=None)
    assert standing(database, revision) == ()
    with database.reading() as fresh:
        assert list(fresh.scalars(select(Coding.state))) == [CodingState.REMOVED]


def test_what_a_colleague_ticked_meanwhile_stays(
    session: Session, world: World, themes: list[Theme], database: Database, client: PageClient
) -> None:
    revision = one(session, world, themes[0])
    page = client.sign_in(world.director).page(at(world, answer=revision.answer_id))
    assign(session, revision, themes[1], by=world.rapporteur)
    session.commit()
    client.submit(page, "/coding/", themes=["unity"])
    assert standing(database, revision) == ("dialogue", "unity")


def test_the_published_text_is_shown_and_never_the_words_taken_out(
    session: Session, world: World, themes: list[Theme], client: PageClient
) -> None:
    answer = make_answer(session, world.consultation, world.rules, world.asking, CANARY)
    approve(session, world, answer, redactions=[Span(0, 15, RedactionKind.IDENTIFIES_OTHER)])
    session.commit()
    page = client.sign_in(world.director).page(at(world))
    assert "another person" in page.text
    assert "of the Riga staff told me so." in page.text
    assert "Zawisza" not in page.html
    assert "What single outcome would you like to see?" in page.text


def test_an_answer_that_is_only_counted_says_so(
    session: Session, world: World, themes: list[Theme], client: PageClient
) -> None:
    one(session, world, text="Count me in.", attribution=Attribution.AGGREGATE_ONLY)
    page = client.sign_in(world.director).page(at(world))
    assert "count only, never quoted" in page.text
    assert "Count me in." in page.text


def test_what_may_not_be_used_is_never_shown_to_coders(
    session: Session, world: World, themes: list[Theme], client: PageClient
) -> None:
    for attribution in (Attribution.NOT_FOR_USE, Attribution.QUOTE_UNATTRIBUTED):
        make_answer(session, world.consultation, world.rules, world.asking, CANARY, attribution=attribution)
    session.commit()
    client.sign_in(world.director)
    for pile in ("", "all"):
        page = client.page(at(world, theme=pile))
        assert "No answer to code yet" in page.text
        assert "Zawisza" not in page.html


def test_a_rapporteur_codes_their_meeting_and_sees_no_other(
    session: Session, world: World, themes: list[Theme], database: Database, client: PageClient
) -> None:
    mine = one(session, world)
    theirs = one(session, world, meeting=world.may, text=CANARY)
    client.sign_in(world.rapporteur)
    page = client.page(at(world, theme="all"))
    assert "0 of 1 have a theme" in page.text
    client.page(at(world, meeting="may"), status=404)
    assert "Zawisza" not in client.page(at(world, theme="all", answer=theirs.answer_id)).html
    assert "Zawisza" not in client.page(at(world, theme="all", after=mine.answer_id)).html
    client.page(at(world, theme="all", saved=theirs.answer_id))
    path = page.form("/coding/").action.replace(mine.answer_id, theirs.answer_id)
    forged = {**page.form("/coding/").values, "revision": theirs.id, "themes": ["unity"]}
    assert client.post(path, data=forged).status_code == 404
    assert standing(database, theirs) == ()
    client.submit(page, "/coding/", themes=["unity"])
    assert standing(database, mine) == ("unity",)


def test_an_answer_changed_meanwhile_is_shown_anew_with_409_and_the_ticks_kept(
    session: Session, world: World, themes: list[Theme], database: Database, client: PageClient
) -> None:
    revision = one(session, world)
    page = client.sign_in(world.director).page(at(world))
    change_words(session, revision, "Less of everything.")
    new = approve(session, world, session.get_one(Answer, revision.answer_id))
    session.commit()
    stale = client.submit(page, "/coding/", themes=["unity"])
    assert stale.status == 409
    assert "The words have changed since you read them" in stale.text
    assert "Less of everything." in stale.text
    assert ticked(stale) == ["unity"]
    assert (standing(database, revision), standing(database, new)) == ((), ())
    assert client.submit(stale, "/coding/").status == 200
    assert standing(database, new) == ("unity",)


def test_an_answer_no_longer_approved_takes_no_themes(
    session: Session, world: World, themes: list[Theme], database: Database, client: PageClient
) -> None:
    revision = one(session, world, text=CANARY)
    page = client.sign_in(world.director).page(at(world))
    reject(session, world, session.get_one(Answer, revision.answer_id))
    session.commit()
    stale = client.submit(page, "/coding/", themes=["unity"])
    assert stale.status == 409
    assert "not approved any more" in stale.text
    assert "Zawisza" not in stale.html
    assert standing(database, revision) == ()


def test_an_unknown_theme_is_refused_and_an_expired_token_keeps_the_ticks(
    session: Session, world: World, themes: list[Theme], database: Database, client: PageClient
) -> None:
    revision = one(session, world)
    page = client.sign_in(world.director).page(at(world))
    assert client.submit(page, "/coding/", themes=["unity", "no-such"]).status == 422
    expired = client.submit(page, "/coding/", themes=["unity"], csrf_token="gone")
    assert expired.status == 422
    assert "please send it again" in expired.text
    assert ticked(expired) == ["unity"]
    assert standing(database, revision) == ()
    client.submit(expired, "/coding/")
    assert standing(database, revision) == ("unity",)


def test_each_pile_is_walked_to_its_end_and_back(
    session: Session, world: World, themes: list[Theme], client: PageClient
) -> None:
    with_theme = {r.answer_id for r in approved(session, world, world.may, themes[0], times=3)}
    approved(session, world, times=2)
    session.commit()
    page = client.sign_in(world.director).page(at(world, theme="deterrence"))
    walked = []
    while "No further answer in this pile" not in page.text:
        walked.append(answer_shown(page))
        page = client.page(next(link for link in page.links() if f"after={walked[-1]}" in link))
    assert set(walked) == with_theme
    assert len(walked) == 3
    page = client.page(at(world, theme="deterrence", answer=walked[2]))
    back = next(link for link in page.links() if f"answer={walked[1]}" in link)
    assert answer_shown(client.page(back)) == walked[1]


def test_unassigned_answers_that_were_passed_over_come_round_again(
    session: Session, world: World, themes: list[Theme], client: PageClient
) -> None:
    revisions = approved(session, world, times=2)
    session.commit()
    page = client.sign_in(world.director).page(at(world))
    for _ in range(2):
        page = client.page(at(world, after=answer_shown(page)))
    assert answer_shown(page) == answer_shown(client.page(at(world)))
    assert answer_shown(page) in {revision.answer_id for revision in revisions}


@pytest.mark.parametrize("query", [{"theme": "no-such"}, {"meeting": "no-such"}, {"meeting": "june"}])
def test_a_pile_that_there_is_not_is_not_found(
    world: World, themes: list[Theme], client: PageClient, query: dict[str, str]
) -> None:
    client.sign_in(world.director).page(at(world, **query), status=404)


def test_an_address_with_an_answer_that_is_gone_is_harmless(
    session: Session, world: World, themes: list[Theme], client: PageClient
) -> None:
    one(session, world)
    client.sign_in(world.director)
    for query in ({"after": "gone"}, {"answer": "gone"}, {"saved": "gone"}, {"after": "x" * 5000}):
        client.page(at(world, **query))


def test_an_empty_codebook_says_what_to_do(session: Session, world: World, client: PageClient) -> None:
    one(session, world)
    assert "Add themes" in client.sign_in(world.director).page(at(world)).text


def test_the_page_costs_the_same_queries_for_one_answer_and_for_fifty(
    session: Session, world: World, themes: list[Theme], database: Database, client: PageClient
) -> None:
    one(session, world, themes[0])
    client.sign_in(world.director)
    costs = []
    for _ in range(2):
        with database.session(writing=False) as reading, counted_queries(reading) as sent:
            client.page(at(world, theme="all"))
        costs.append(len(sent))
        approved(session, world, world.may, themes[1], times=49)
        session.commit()
    assert costs[0] == costs[1]
    assert costs[0] > 5


def signed_in(site: Site, app: TransactionalFlask, world: World, size: dict[str, int]) -> BrowserContext:
    context = site.open(**size)
    with app.test_request_context():
        value = app.session_interface.get_signing_serializer(app).dumps(  # type: ignore[union-attr, attr-defined]
            {"_user_id": SignedIn(world.director).get_id(), "_fresh": True}
        )
    context.add_cookies([{"name": "consult", "value": value, "url": site.address}])
    return context


@pytest.mark.browser
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_keys_tick_themes_and_save_and_the_page_is_accessible(
    *,
    session: Session,
    world: World,
    themes: list[Theme],
    database: Database,
    app: TransactionalFlask,
    site: Site,
    size: dict[str, int],
) -> None:
    revision = one(session, world)
    page = signed_in(site, app, world, size).new_page()
    page.goto(at(world))
    tags = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
    assert Axe().run(page, options=tags).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.keyboard.press("1")
    page.keyboard.press("3")
    page.keyboard.press("2")
    page.keyboard.press("2")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    page.keyboard.press("s")
    expect(page.get_by_text("Every approved answer here has a theme")).to_be_visible()
    assert standing(database, revision) == ("deterrence", "unity")
    assert Axe().run(page, options=tags).response["violations"] == []
