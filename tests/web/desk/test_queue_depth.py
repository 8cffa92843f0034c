"""The queue's pages in depth: filters, views, selections, notes, keys, presence, and what works without script."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.actions import assign, ensure_theme
from consult.core.clock import now
from consult.core.database import Database
from consult.moderation.actions import be_present, decide
from consult.moderation.enums import Verdict
from consult.moderation.models import AnswerNote, Decision, Presence
from consult.responses.enums import AnswerState
from consult.responses.models import Answer
from consult.responses.queries import current_revision
from tests.factories import World, make_answer
from tests.pages import Page, PageClient
from tests.web.scenes import approve
from tests.web.test_queries import counted


def answer_of(session: Session, world: World, words: str, **facts: object) -> Answer:
    answer = make_answer(session, world.consultation, world.rules, world.asking, words, **facts)  # type: ignore[arg-type]
    session.commit()
    return answer


def at(world: World, answer: Answer | None = None) -> str:
    return f"/desk/{world.slug}/queue" + (f"/{answer.id}" if answer else "")


def listed(page: Page) -> set[str]:
    """Identifiers of the answers in the list."""
    return {
        element.get("value", "") for element in page.tree.iter("input") if element.get("name") == "answers"
    }


def test_filters_stand_in_the_address_and_come_off_one_by_one(
    session: Session, world: World, client: PageClient
) -> None:
    polish = answer_of(session, world, "Łódź i kanał.", language="pl")
    english = answer_of(session, world, "A channel for Lodz.")
    client.sign_in(world.director)
    both = client.page(f"{at(world)}?q=lodz")
    assert listed(both) == {polish.id, english.id}
    one = client.page(f"{at(world)}?q=lodz&language=pl")
    assert listed(one) == {polish.id}
    assert "Waiting 1" in one.text
    assert f"/desk/{world.slug}/queue?state=waiting&q=lodz" in one.links()
    none = client.page(f"{at(world)}?q=zzz")
    assert "Nothing here fits these filters." in none.text
    panel = client.page(f"{at(world)}?q=lodz&panel=open")
    assert {"question", "hint", "use", "source", "q"} <= set(panel.form("/queue").values)
    for wrong in (
        "language=" + "x" * 20,
        "use=all",
        "source=pigeon",
        "hint=x",
        "question=x",
        "theme=x",
        "q=" + "x" * 201,
    ):
        client.page(f"{at(world)}?{wrong}", 404)
    assert listed(client.page(f"{at(world)}?q='%22*)(%25_AND")) == set()


def test_a_theme_narrows_the_list(session: Session, world: World, client: PageClient) -> None:
    theme = ensure_theme(session, world.consultation, code="channels", title="Channels")
    coded, other = (answer_of(session, world, words) for words in ("A channel.", "No cuts."))
    for answer in (coded, other):
        approve(session, answer, world.director)
    assign(session, current_revision(session, coded), theme, by=world.director)
    session.commit()
    page = client.sign_in(world.director).page(f"{at(world)}?state=approved&theme=channels")
    assert listed(page) == {coded.id}


def test_views_are_saved_opened_and_removed(session: Session, world: World, client: PageClient) -> None:
    answer_of(session, world, "Po polsku.", language="pl")
    client.sign_in(world.director)
    page = client.page(f"{at(world)}?language=pl&panel=open")
    saved = client.submit(page, "/views", view_name="In Polish")
    assert f"/desk/{world.slug}/queue?state=waiting&language=pl" in saved.links()
    nameless = client.submit(page, "/views", view_name=" ")
    assert nameless.status == 422
    assert "Give the view a name" in nameless.text
    removed = client.submit(saved, "/remove")
    assert "In Polish" not in removed.text


def test_a_selection_is_looked_over_and_decided_each_for_itself(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    answers = [answer_of(session, world, f"Answer {n}.") for n in range(4)]
    page = client.sign_in(world.director).page(at(world))
    looked = client.submit(page, "/selection", answers=[a.id for a in answers[:3]])
    assert "Decide on 3 answers" in looked.text
    with database.reading() as reading:
        assert reading.scalars(select(Decision)).all() == [], "looking over decides nothing"
    with database.transaction() as other:
        theirs = other.get_one(Answer, answers[0].id)
        decide(
            other,
            theirs,
            Verdict.APPROVE,
            read=current_revision(other, theirs).hash,
            by=world.second_director,
        )
    reasonless = client.submit(looked, "/decide", button="act=reject", note="Kept.")
    assert reasonless.status == 422
    assert "Choose why these answers are not published." in reasonless.text
    assert reasonless.form("/decide").values["note"] == ["Kept."]
    after = client.submit(looked, "/decide", button="act=reject", reason="off_topic")
    assert "2 answers rejected." in after.text
    assert "1 was changed meanwhile and was left." in after.text
    with database.reading() as reading:
        states = [reading.get_one(Answer, a.id).state for a in answers]
    assert states == [AnswerState.APPROVED, AnswerState.REJECTED, AnswerState.REJECTED, AnswerState.WAITING]
    undone = client.submit(after, "/selection/decide", button="act=reopen")
    assert "2 decisions reversed." in undone.text
    with database.reading() as reading:
        back = [reading.get_one(Answer, a.id).state for a in answers]
    assert back == [AnswerState.APPROVED, *[AnswerState.WAITING] * 3], "one undo for all that was done"
    again = client.submit(undone, "/selection", answers=[a.id for a in answers[1:3]])
    client.submit(again, "/decide", button="act=reject", reason="off_topic")
    everything = client.submit(client.page(at(world)), "/selection", button="everything=y")
    assert "Decide on 1 answer" in everything.text
    assert client.submit(client.page(at(world)), "/selection").status == 422, "nothing ticked"


def test_a_selection_holds_only_what_its_reader_may_decide_on(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    theirs = make_answer(session, world.consultation, world.rules, world.askings[world.may.id][0], "In May.")
    answer_of(session, world, "In October.")
    page = client.sign_in(world.rapporteur).page(at(world))
    assert client.submit(page, "/selection", answers=[theirs.id]).status == 422
    mine = client.submit(page, "/selection", button="everything=y")
    with database.reading() as reading:
        forged = f"{theirs.id}.{current_revision(reading, theirs).hash}.0"
    left = client.submit(mine, "/decide", button="act=approve", read=[forged])
    assert "0 answers approved." in left.text
    with database.reading() as reading:
        assert reading.get_one(Answer, theirs.id).state is AnswerState.WAITING


def test_the_first_of_two_approvals_says_so(session: Session, world: World, client: PageClient) -> None:
    session.merge(world.consultation).second_approval = True
    both = [answer_of(session, world, words) for words in ("Talk first.", "Talk last.")]
    before, answer = sorted(both, key=lambda one: (one.shuffle_key, one.id))
    approve(session, before, world.director)
    session.commit()
    client.sign_in(world.director)
    last = client.page(at(world, answer))
    once = client.submit(last, "/decide", button="act=approve", follow=False)
    assert once.response.location.startswith(f"{at(world)}?"), "all that is behind it has been seen"
    once = client.page(once.response.location)
    assert "Approved once. Another person’s approval publishes it." in once.text
    again = client.page(at(world, answer))
    assert "You approved this." in again.text
    assert "you approved it" in again.text, "in the list"
    refused = client.submit(again, "/decide", button="act=approve")
    assert refused.status == 409
    client.sign_in(world.second_director)
    page = client.page(at(world, answer))
    assert "Director approved this. Your approval publishes it." in page.text
    assert "approved once" in page.text, "in the list"
    twice = client.submit(page, "/decide", button="act=approve")
    assert "Approved." in twice.text
    assert "Approved once: " not in twice.text


def test_what_waits_for_my_second_approval_is_a_list_of_its_own(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    """With counts beside the states, a link from the overview, and views that keep it; each person's own."""
    session.merge(world.consultation).second_approval = True
    mine, theirs, fresh = (answer_of(session, world, f"Channel {word}.") for word in ("one", "two", "three"))
    approve(session, mine, world.director)
    approve(session, theirs, world.second_director)
    session.commit()
    overview, second = f"/desk/{world.slug}", f"{at(world)}?state=second"
    page = client.sign_in(world.director).page(overview)
    assert "Waiting for your second approval: 1" in page.text
    assert second in page.links()
    with counted(database) as statements:
        page = client.page(second)
    assert len([each for each in statements if not each.startswith("BEGIN")]) <= 12
    assert listed(page) == {theirs.id}
    assert "Waiting 3 For your second approval 1 Approved 0" in page.text
    assert "Look over all 1" in page.text
    assert listed(client.page(f"{second}&q=channel&language=en")) == {theirs.id}
    narrowed = client.page(f"{second}&q=one")
    assert listed(narrowed) == set()
    assert "Waiting 1 For your second approval 0" in narrowed.text
    assert "Waiting 3 For your second approval 1" in client.page(at(world)).text
    kept = client.submit(client.page(f"{second}&panel=open"), "/views", view_name="To confirm")
    assert f"{second}&panel" not in kept.links()
    assert any(link.startswith(second) for link in kept.links())
    done = client.submit(client.page(f"{at(world, theirs)}?state=second"), "/decide", button="act=approve")
    assert "Nothing waits for your second approval." in done.text
    assert at(world) in done.links(), "the way to the others that wait"
    assert "second approval" not in client.page(overview).text
    assert listed(client.sign_in(world.second_director).page(second)) == {mine.id}
    session.merge(world.consultation).second_approval = False
    session.commit()
    assert "For your second approval" not in client.page(f"{at(world)}?state=approved").text
    assert fresh.id in listed(client.page(at(world)))


def test_notes_are_left_and_kept(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    answer = answer_of(session, world, "Talk first.")
    page = client.sign_in(world.director).page(at(world, answer))
    after = client.submit(page, "/notes", said="Ask the Riga desk.\nBefore Friday.")
    assert "Ask the Riga desk. Before Friday." in after.text
    assert client.submit(page, "/notes", said="").status == 422
    with database.reading() as reading:
        assert len(reading.scalars(select(AnswerNote)).all()) == 1


def test_reasons_bear_the_names_of_their_consultation(
    session: Session, world: World, client: PageClient
) -> None:
    session.merge(world.consultation).reason_labels = {"off_topic": "Not about the summit", "duplicate": ""}
    answer = answer_of(session, world, "The soup was cold.")
    page = client.sign_in(world.director).page(at(world, answer))
    assert "Not about the summit" in page.text
    assert "Sent twice" not in page.text
    client.submit(page, "/decide", button="act=reject", reason="off_topic")
    assert "Rejected: Not about the summit" in client.page(at(world, answer)).text


def test_single_keys_are_switched_off_for_good(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    answer = answer_of(session, world, "Talk first.")
    page = client.sign_in(world.director).page(at(world, answer))
    assert 'data-single-keys="off"' not in page.html
    off = client.submit(page, "/desk/keys", button="keys=off")
    assert 'data-single-keys="off"' in off.html
    assert "Single keys are off." in off.text
    with database.reading() as reading:
        assert reading.get_one(User, world.director.id).single_keys is False
    away = client.submit(page, "/desk/keys", button="keys=on", back="//elsewhere.example/", follow=False)
    assert away.response.location == "/desk/"


def test_presence_is_said_to_the_others(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    answer = answer_of(session, world, "Talk first.")
    page = client.sign_in(world.director).page(at(world, answer))
    token = page.form("/decide").values["csrf_token"][0]
    told = client.post(f"{at(world, answer)}/presence", data={"csrf_token": token})
    assert told.json == {"others": ""}
    client.sign_in(world.second_director)
    theirs = client.page(at(world, answer))
    assert "Director is on this one too." in theirs.text
    with database.transaction() as later:
        later.execute(update(Presence).values(until=now() - timedelta(seconds=1)))
    assert "is on this one too" not in client.page(at(world, answer)).text, "believed for a minute only"


def test_two_directors_do_not_follow_each_other_through_the_queue(
    session: Session, world: World, client: PageClient
) -> None:
    """Whoever decides, or goes on, is led past what the other has open; to the last one all the same."""
    for number in range(5):
        answer_of(session, world, f"Answer {number}.")
    first, second, third, fourth, fifth = session.scalars(
        select(Answer).order_by(Answer.shuffle_key, Answer.id)
    ).all()
    be_present(session, second, world.second_director)
    session.commit()
    client.sign_in(world.director)
    page = client.page(at(world, first))
    (onward,) = [a.get("href", "") for a in page.tree.iter("a") if a.get("data-key") == "j"]
    assert f"/{third.id}?" in onward
    led = client.submit(page, "/decide", button="act=approve", follow=False)
    assert f"/{second.id}?" in led.response.location
    past = client.get(led.response.location)
    assert past.status_code == 303
    assert f"/{third.id}?" in past.location
    arrived = Page(client.get(past.location))
    assert "Approved." in arrived.text
    assert "Undo" in arrived.text
    approve(session, third, world.second_director)
    be_present(session, fourth, world.second_director)
    session.commit()
    late = client.submit(arrived, f"{third.id}/decide", button="act=approve")
    assert late.status == 409
    (onward,) = [a.get("href", "") for a in late.tree.iter("a") if a.get("data-key") == "j"]
    assert f"/{fifth.id}?" in onward
    for answer in (second, fifth):
        approve(session, answer, world.second_director)
    session.commit()
    last = client.page(f"{at(world, fourth)}?done={first.id}")
    assert "Second director is on this one too." in last.text


@pytest.mark.parametrize(
    ("role", "entries"),
    [
        ("observer", {"Overview", "Figures", "Report"}),
        (
            "rapporteur",
            {
                *("Overview", "Moderation", "Queue", "Paper and notes", "Log"),
                *("Analysis", "Coding", "Codebook", "Figures", "Report"),
            },
        ),
    ],
)
def test_the_navigation_offers_what_one_may_open(
    world: World, client: PageClient, role: str, entries: set[str]
) -> None:
    page = client.sign_in(getattr(world, role)).page(f"/desk/{world.slug}")
    (nav,) = [n for n in page.tree.iter("nav") if n.get("aria-label") == "Desk"]
    assert {"".join(link.itertext()) for link in nav.iter("a")} == {*entries, "Close the menu"}
    (current,) = [link for link in nav.iter("a") if link.get("aria-current") == "page"]
    assert current.text == "Overview"


def test_drawers_are_plain_details_that_open_without_script(
    session: Session, world: World, client: PageClient
) -> None:
    answer = answer_of(session, world, "Talk first.")
    page = client.sign_in(world.director).page(at(world, answer))
    summaries = {
        "".join(summary.itertext()).split()[0]: details.get("id")
        for details in page.tree.iter("details")
        for summary in details.iter("summary")
    }
    assert (summaries["Reject…"], summaries["Redact…"]) == ("reject", "redact")
    assert not {"#reject", "#redact"} & set(page.links())
