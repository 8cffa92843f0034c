"""A form of every kind on four short pages: nothing lost between them, what a condition hides is not kept."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.consultations.models import Question
from consult.core.clock import now
from consult.meetings.queries import meetings_of
from consult.operations.definition import read
from consult.operations.loading.consultation import load
from consult.responses.models import Answer, Revision
from tests.browser import PHONE, Site
from tests.factories import Invited, make_invited
from tests.pages import Page, PageClient

DEFINITION = Path(__file__).resolve().parents[3] / "config" / "consultations" / "all-kinds.toml"
REMOTE = {"choice_2": "remote"}
SECOND = {"choice_4": ["dialogue", "other"], "text_4": "Trade.", "choice_5": "4"}
THIRD = {"choice_6": "62,5", "choice_7": ["8", "7", "2017"], "choice_8": "PL"}
FOURTH = {"text_9": "وحدة الموقف.\nUnité.", "use_9": "quote_unattributed"}


@pytest.fixture
def guest(session: Session) -> Invited:
    """Somebody invited to the example, which is open."""
    consultation = load(session, read(DEFINITION)).consultation
    consultation.opens_at = now()
    (meeting,) = meetings_of(session, consultation)
    invited = make_invited(session, consultation, meeting)
    session.commit()
    session.close()
    return invited


def kept(session: Session) -> dict[str, tuple[list[str] | None, str | None, Attribution]]:
    session.rollback()
    rows = session.execute(
        select(Question.code, Revision.choices, Revision.text, Revision.attribution)
        .join(Answer, Answer.question_id == Question.id)
        .join(Revision, Revision.answer_id == Answer.id)
        .where(Revision.current)
    )
    found = {code: (choices, text, attribution) for code, choices, text, attribution in rows}
    session.close()
    return found


def to_the_second(client: PageClient) -> Page:
    first = client.page("/respond/")
    brought_up = client.submit(first, "/respond/", button="act=next-1", **REMOTE)
    assert "How good was the line?" in brought_up.text
    return client.submit(brought_up, "/respond/", button="act=next-1", choice_3="2")


def to_the_review(client: PageClient) -> Page:
    second = to_the_second(client)
    third = client.submit(second, "/respond/", button="act=next-2", **SECOND)
    fourth = client.submit(third, "/respond/", button="act=next-3", **THIRD)
    return client.submit(fourth, "/respond/", button="act=next-4", **FOURTH)


def test_every_kind_from_the_first_page_to_a_changed_answer(
    client: PageClient, guest: Invited, session: Session
) -> None:
    door = client.page(f"/i/{guest.secret}?lang=fr")
    listed = [item.text for item in door.tree.iter("li") if item.get("dir") == "auto"]
    assert len(listed) == 8, "the statement is none"
    assert listed[-1] == "Quel résultat, et un seul, souhaiteriez-vous ?"
    client.get("/?lang=en")
    client.hold(guest.invitation)
    first = client.page("/respond/")
    assert "Before you begin" in first.text
    assert client.submit(first, "/respond/", button="act=next-1").status == 422, "the required question"
    review = to_the_review(client)
    for told in (
        "elsewhere",
        "2",
        "Dialogue",
        "Trade.",
        "4 – Agree",
        "62.5 per cent",
        "8 July 2017",
        "Poland",
        "Unité.",
    ):
        assert told in review.text
    assert kept(session) == {}, "nothing is stored before it is sent"
    asked_again = client.submit(review, "/respond/", button="act=send")
    assert asked_again.status == 422
    assert "Choose whether your choices may be counted." in asked_again.text
    # Back to the first page: what was brought up is gone, and so is its answer, though it travels along.
    back = client.submit(asked_again, "/respond/", button="act=page-1", use_closed="aggregate_only")
    page = client.submit(back, "/respond/", button="act=next-1", choice_2="in-person")
    for number in (2, 3, 4):
        page = client.submit(page, "/respond/", button=f"act=next-{number}")
    assert "How good was the line?" not in page.text
    receipt = client.submit(page, "/respond/", button="act=send")
    assert "We have it" in receipt.text
    assert "4 – Agree" in receipt.text
    counted, quoted = Attribution.AGGREGATE_ONLY, Attribution.QUOTE_UNATTRIBUTED
    assert kept(session) == {
        "part-taken": (["in-person"], None, counted),
        "priorities": (["dialogue", "other"], "Trade.", counted),
        "progress": (["4"], None, counted),
        "share": (["62.5"], None, counted),
        "next-meeting": (["2017-07-08"], None, counted),
        "host": (["PL"], None, counted),
        "outcome": (None, FOURTH["text_9"], quoted),
    }
    change = client.page("/respond/change")
    assert change.form("/respond/change").values["choice_7"] == ["8", "7", "2017"]
    changed = client.submit(change, "/respond/change", choice_6="7", choice_8="", use_closed="not_for_use")
    assert "Your answer was changed" in changed.text
    after = kept(session)
    assert after["share"] == (["7"], None, Attribution.NOT_FOR_USE)
    assert "host" not in after, "an optional answer that is emptied is withdrawn"


def test_what_is_wrong_on_an_earlier_page_is_shown_there(
    client: PageClient, guest: Invited, session: Session
) -> None:
    client.hold(guest.invitation)
    review = to_the_review(client)
    page = client.submit(
        review, "/respond/", button="act=send", use_closed="aggregate_only", choice_6="about half"
    )
    assert page.status == 422
    assert "Write a number in digits" in page.text
    assert "Page 3 of 4" in page.text
    assert page.form("/respond/").values["choice_6"] == ["about half"]
    assert page.form("/respond/").values["text_9"] == [FOURTH["text_9"]]
    assert kept(session) == {}


def test_the_language_changes_on_any_page_and_nothing_is_lost_by_it(
    client: PageClient, guest: Invited, session: Session
) -> None:
    """Without script too; and into a language of the consultation that the program does not speak."""
    client.hold(guest.invitation)
    second = to_the_second(client)
    assert "/respond/?lang=ar" in second.html
    arabic = Page(
        client.post(
            "/respond/?lang=ar",
            data={**second.form("/respond/").values, "choice_4": ["dialogue"], "act": "page-2"},
        )
    )
    assert arabic.status == 200
    assert "ما الأهم؟" in arabic.text
    assert 'lang="ar" dir="rtl"' in arabic.html
    assert "Continue" in arabic.text, "the program's own words stay in a language that it speaks"
    assert arabic.form("/respond/").values["choice_4"] == ["dialogue"]
    assert arabic.form("/respond/").values["choice_2"] == ["remote"]
    page = client.submit(arabic, "/respond/", button="act=next-2", **SECOND)
    page = client.submit(page, "/respond/", button="act=next-3", **THIRD)
    page = client.submit(page, "/respond/", button="act=next-4", **FOURTH)
    assert "بولندا" in page.text
    review = Page(client.post("/respond/?lang=fr", data={**page.form("/respond/").values, "act": "page-5"}))
    assert "Lesquelles comptent le plus" in review.text
    review = Page(client.post("/respond/?lang=ar", data={**page.form("/respond/").values, "act": "page-5"}))
    assert "Envoyer" in review.text, "French stays the page's language"
    client.submit(review, "/respond/", button="act=send", use_closed="aggregate_only")
    languages = set(session.scalars(select(Revision.language).where(Revision.text.is_(None))))
    own = session.scalars(select(Revision.language).where(Revision.text == FOURTH["text_9"])).one()
    session.rollback()
    session.close()
    assert languages == {"en"}, "a choice does not say what its giver reads"
    assert own == "ar"
    change = client.page("/respond/change")
    client.submit(change, "/respond/change", text_9="It is the one outcome that we would like to see of it.")
    session.expire_all()
    assert "en" in set(
        session.scalars(select(Revision.language).where(Revision.current, Revision.text.is_not(None)))
    )
    session.rollback()
    session.close()


def test_the_first_response_freezes_kind_options_and_condition(
    client: PageClient, guest: Invited, session: Session
) -> None:
    """In the database, whatever the program says."""
    question = session.scalars(select(Question).where(Question.code == "part-taken")).one()
    question.settings = question.settings | {"other": False}
    session.commit()
    session.close()
    client.hold(guest.invitation)
    client.submit(to_the_review(client), "/respond/", button="act=send", use_closed="aggregate_only")
    for values in ({"settings": {}}, {"kind": "number"}, {"condition": {"question": "host", "any_of": []}}):
        question = session.scalars(select(Question).where(Question.code == "part-taken")).one()
        for name, value in values.items():
            setattr(question, name, value)
        with pytest.raises(DBAPIError, match="keeps its kind"):
            session.flush()
        session.rollback()
    question = session.scalars(select(Question).where(Question.code == "part-taken")).one()
    question.required = False
    session.commit()


@pytest.mark.browser
def test_on_a_phone_without_script(site: Site, guest: Invited, session: Session) -> None:
    """Thumb by thumb: every kind, one page after the other, a question brought up at the turn of the page."""
    page = site.open(**PHONE, java_script_enabled=False).new_page()
    page.goto(f"/i/{guest.secret}")
    page.get_by_role("button", name="Give your answer").click()
    expect(page.get_by_text("How good was the line?")).to_be_hidden()
    page.get_by_label("I followed it from elsewhere").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("5 – faultless").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Dialogue").check()
    page.get_by_label("No view").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What share").fill("7")
    page.get_by_label("Day").fill("8")
    page.get_by_label("Month").fill("7")
    page.get_by_label("Year").fill("2017")
    page.get_by_label("Which country").select_option(label="Norway")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Not answered").first).to_be_visible()
    page.get_by_label("Yes, count them").check()
    page.get_by_role("button", name="Submit").last.click()
    page.get_by_role("heading", name="We have it").wait_for()
    assert kept(session)["host"][0] == ["NO"]
    assert kept(session)["line-quality"][0] == ["5"]


@pytest.mark.browser
def test_with_script_a_question_is_brought_up_at_once(site: Site, guest: Invited, session: Session) -> None:
    limits = {
        "next-meeting": {"question": "share", "any_of": [], "least": "12.5"},
        "host": {"question": "next-meeting", "any_of": [], "least": "2017-01-01", "most": "2017-12-31"},
    }
    for question in session.scalars(select(Question).where(Question.code.in_(limits))):
        question.condition = limits[question.code]
    session.commit()
    session.close()
    page = site.open(**PHONE).new_page()
    page.goto(f"/i/{guest.secret}")
    page.get_by_role("button", name="Give your answer").click()
    asked = page.get_by_text("How good was the line?")
    expect(asked).to_be_hidden()
    page.get_by_label("I followed it from elsewhere").check()
    expect(asked).to_be_visible()
    page.get_by_label("5 – faultless").check()
    page.get_by_label("I was in the room").check()
    expect(asked).to_be_hidden()
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("Page 2 of 4").wait_for()
    assert page.locator("input[name=choice_3]").count() == 0
    page.get_by_label("Dialogue").check()
    page.get_by_label("No view").check()
    page.get_by_role("button", name="Continue").click()
    share, day, host = (page.get_by_label(words) for words in ("What share", "Day", "Which country"))
    for typed, brought_up in (("12,4", False), ("about 20", False), ("12,5", True), ("1 000", True)):
        share.fill(typed)
        expect(day, typed).to_be_visible(visible=brought_up)
    for typed, brought_up in (
        ("31 12 2016", False),
        ("30 2 2017", False),
        ("1 1 2017", True),
        ("1 1 2018", False),
    ):
        for label, part in zip(("Day", "Month", "Year"), typed.split(), strict=True):
            page.get_by_label(label).fill(part)
        expect(host, typed).to_be_visible(visible=brought_up)
    page.get_by_label("Year").fill("2017")
    share.fill("62.5")
    host.select_option(label="Norway")
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("Page 4 of 4").wait_for()
    page.get_by_role("button", name="Back").click()
    expect(host, "what limits brought up comes back with its answer").to_have_value("NO")
    share.fill("3")
    expect(day).to_be_hidden()
    expect(host, "what is hidden brings nothing up").to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
