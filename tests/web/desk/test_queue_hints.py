"""Hints and repeated answers in the queue: kinds in words, one press to redact, and nothing about people."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.core.database import Database
from consult.jobs.find_hints import find_duplicates, find_hints
from consult.moderation.actions import decide
from consult.moderation.enums import Verdict
from consult.moderation.models import Decision, Hint, PublishedText, Redaction
from consult.moderation.queries import around
from consult.responses.enums import AnswerState
from consult.responses.models import Answer
from consult.responses.queries import current_revision
from tests.factories import World, make_answer
from tests.pages import Page, PageClient

TELLING = "Ask in Riga, or write to someone@example.org, about incidents at sea."
SAME = "No cuts to the eastern flank before the next meeting."


def given(session: Session, world: World, words: str, *, may: bool = False) -> Answer:
    asking = world.askings[world.may.id][0] if may else world.asking
    answer = make_answer(session, world.consultation, world.rules, asking, words)
    session.commit()
    return answer


def of_latvia(session: Session, world: World) -> Answer:
    """A telling answer, with somebody from there on the roster."""
    world.participant.participant.country = "LV"
    session.merge(world.participant.participant)
    return given(session, world, TELLING)


def look(database: Database) -> None:
    find_hints(database)
    find_duplicates(database)


def at(world: World, answer: Answer | None = None) -> str:
    return f"/desk/{world.slug}/queue" + (f"/{answer.id}" if answer else "")


def marks(page: Page) -> list[tuple[str, str]]:
    """(words, kind) of everything underlined as submitted."""
    return [("".join(mark.itertext()), mark.get("title", "")) for mark in page.tree.iter("mark")]


def offers(page: Page) -> list[str]:
    return [value for name, value in page.form("/decide").buttons if name == "take"]


def source(page: Page) -> str:
    found = next(e for e in page.tree.iter("div") if e.get("data-span-source") is not None)
    return "".join(found.itertext())


def test_hints_are_underlined_and_named_by_kind(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    answer = of_latvia(session, world)
    look(database)
    page = client.sign_in(world.director).page(at(world, answer))
    assert ("Riga", "a place or a country") in marks(page)
    assert ("someone@example.org", "an e-mail address") in marks(page)
    assert source(page) == TELLING
    assert "“Riga” names a place. Redact as place" in page.text
    assert "2 hints" in page.text


def test_one_press_takes_the_words_out_of_the_preview_and_decides_nothing(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    answer = of_latvia(session, world)
    look(database)
    page = client.sign_in(world.director).page(at(world, answer))
    starts = TELLING.index("Riga")
    wanted = f"{starts}-{starts + 4}-place_or_time"
    assert wanted in offers(page)
    shown = client.submit(page, "/decide", button=f"take={wanted}")
    assert shown.status == 200
    assert wanted in shown.form("/decide").values["spans"]
    assert wanted not in offers(shown)
    assert "Ask in taken out:" in shown.text
    assert "Taken out in 1 place." in shown.text, "said to those who do not see it"
    other = client.submit(shown, "/decide", button=f"take={offers(shown)[0]}")
    assert len(other.form("/decide").values["spans"]) == 2
    with database.reading() as reading:
        assert reading.scalar(select(func.count()).select_from(Decision)) == 0
    client.submit(other, "/decide", button="act=approve")
    with database.reading() as reading:
        assert reading.scalar(select(func.count()).select_from(Redaction)) == 2
        kept = str(reading.scalars(select(PublishedText.segments)).one())
    assert "Riga" not in kept
    assert "someone" not in kept


def test_several_are_looked_over_with_their_hints(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    answer, plain = of_latvia(session, world), given(session, world, "Nothing that tells.")
    look(database)
    page = client.sign_in(world.director).page(at(world))
    looked = client.submit(page, "/selection", answers=[answer.id, plain.id])
    said = [" ".join("".join(line.itertext()).split()) for line in looked.tree.iter("li")]
    assert any("“someone@example.org” is an e-mail address." in line for line in said)
    assert "“Riga” names a place." in said
    assert not [name for name, _value in looked.form("/decide").buttons if name == "take"], "not from here"
    client.submit(looked, "/decide", button="act=approve")
    listed = client.page(at(world) + "?state=approved")
    again = client.submit(listed, "/selection", answers=[answer.id])
    assert "names a place" not in again.text, "of what is published nothing is hinted at while it is reversed"


def test_each_hint_has_a_key_of_its_own(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    answer = of_latvia(session, world)
    look(database)
    page = client.sign_in(world.director).page(at(world, answer))
    keys = {e.get("value"): e.get("data-key") for e in page.tree.iter("button") if e.get("name") == "take"}
    assert [keys[offer] for offer in offers(page)] == ["1", "2"]
    assert "1–9redact what that hint names" in page.text


def test_a_span_that_cannot_be_read_or_stand_is_refused_in_words(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    answer = given(session, world, TELLING)
    look(database)
    client.sign_in(world.director)
    for sent in (
        "",
        "x",
        "3-x-affiliation",
        "0-4-nonsense",
        "0-9999-affiliation",
        f"0-{len(TELLING)}-affiliation",
    ):
        page = client.submit(client.page(at(world, answer)), "/decide", button=f"take={sent}")
        assert page.status == (422 if sent else 200), sent
        assert "spans" not in page.form("/decide").values, sent


def test_a_hint_says_nothing_of_the_roster(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    person = world.participant.participant
    person.name, person.email = "Jadwiga Falomierz", "lisiajama@example.org"
    person.organisation, person.country = "Institute Kwarcowski", "EE"
    session.merge(person)
    session.commit()
    answer = given(
        session, world, "Colonel Falomierz and the Institute Kwarcowski agreed on incidents at sea."
    )
    look(database)
    page = client.sign_in(world.director).page(at(world, answer))
    assert {kind for _, kind in marks(page)} >= {"a person", "an organisation"}
    for kept in ("Jadwiga", "lisiajama", "Estonia", person.id, world.other_participant.participant.name):
        assert kept not in page.html
    for word in (" shared by", " people ", "fits "):
        assert word not in page.text


def test_repeated_answers_are_counted_and_shown_with_what_differs(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    first = given(session, world, SAME)
    for _ in range(2):
        given(session, world, SAME)
    given(session, world, SAME, may=True)
    look(database)
    page = client.sign_in(world.director).page(at(world, first))
    assert "4 alike" in page.text
    (folded,) = [e for e in page.tree.iter("details") if e.get("class") == "fold"]
    assert "3 more like it on this page" in "".join(folded.itertext())
    assert len([e for e in folded.iter("input") if e.get("name") == "answers"]) == 3
    assert "4 answers alike, 1 distinct text" in page.text
    opened = client.page(next(link for link in page.links() if "alike=open" in link).partition("#")[0])
    others = [link for link in opened.links() if "/queue/" in link and "#" not in link]
    assert len(set(others)) >= 3
    with database.reading() as reading:
        assert reading.scalar(select(func.count()).select_from(Decision)) == 0


def test_the_very_same_words_are_decided_on_once(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    first, second, opened, may = (
        *(given(session, world, SAME) for _ in range(3)),
        given(session, world, SAME, may=True),
    )
    shouted = given(session, world, SAME.upper())
    counted = make_answer(
        session, world.consultation, world.rules, world.asking, SAME, attribution=Attribution.AGGREGATE_ONLY
    )
    read = current_revision(session, opened).hash
    for number, verdict in enumerate((Verdict.APPROVE, Verdict.REOPEN)):
        decide(session, opened, verdict, read=read, read_number=number, by=world.director)
    session.commit()
    look(database)
    page = client.sign_in(world.director).page(at(world, first))
    assert "Decide on 2 others with the very same words and permission as well" in page.text
    span = f"{SAME.index('eastern')}-{SAME.index('flank') + 5}-place_or_time"
    assert client.submit(page, "/decide", button="act=reject", same="y").status == 422, "no reason"
    shown = client.submit(page, "/decide", button=f"take={span}", same="y")
    after = client.submit(shown, "/decide", button="act=approve")
    assert "3 answers approved." in after.text

    def states() -> list[AnswerState]:
        with database.reading() as reading:
            every = (first, second, may, opened, shouted, counted)
            return [reading.get_one(Answer, answer.id).state for answer in every]

    assert states() == [AnswerState.APPROVED] * 3 + [AnswerState.WAITING] * 3, (
        "what was read, and nothing else"
    )
    with database.reading() as reading:
        assert set(reading.scalars(select(PublishedText.text))) == {
            SAME.replace("eastern flank", "[place or time]")
        }
        assert reading.scalar(select(func.count()).select_from(Decision)) == 2 + 3
    undone = client.submit(after, "/selection/decide", button="act=reopen")
    assert "3 decisions reversed." in undone.text
    assert states() == [AnswerState.WAITING] * 6
    mine = client.sign_in(world.rapporteur).page(at(world, first))
    assert "Decide on 2 others with" in mine.text, "all three have been decided on twice by now"
    client.submit(mine, "/decide", button="act=reject", reason="duplicate", same="y")
    assert [state is AnswerState.REJECTED for state in states()] == [True, True, False, True, False, False]


def test_a_rapporteur_sees_no_count_and_no_words_of_another_meeting(
    session: Session, world: World, database: Database, client: PageClient
) -> None:
    mine = given(session, world, SAME)
    given(session, world, SAME, may=True)
    look(database)
    client.sign_in(world.rapporteur)
    alone = client.page(f"{at(world, mine)}?alike=open")
    assert "alike" not in alone.text
    assert "Waiting 0" in client.page(f"{at(world)}?hint=repeated").text, (
        "a twin elsewhere is not to be inferred"
    )
    given(session, world, SAME)
    for _ in range(3):
        given(session, world, SAME, may=True)
    look(database)
    two = client.page(f"{at(world, mine)}?alike=open")
    assert "2 answers alike" in two.text
    listed = client.page(f"{at(world)}?like={mine.id}")
    assert "Waiting 2" in listed.text
    assert "Waiting 2" in client.page(f"{at(world)}?hint=repeated").text
    assert "6" not in two.text.partition("answers alike")[0][-4:]
    assert world.may.short_title not in two.text


def test_one_query_says_all_that_stands_round_a_list(
    session: Session, world: World, database: Database
) -> None:
    telling, same, again, near = (
        given(session, world, words) for words in (TELLING, SAME, SAME, TELLING + " Or not.")
    )
    elsewhere = given(session, world, SAME, may=True)
    look(database)
    answers = [telling, same, again, near, elsewhere]
    revisions = {current_revision(session, answer).id for answer in answers}
    for meetings, alike in (([world.october.id, world.may.id], 3), ([world.october.id], 2)):
        found = around(
            session,
            "",
            world.director,
            revision_ids=revisions,
            answer_ids=[answer.id for answer in answers],
            meeting_ids=meetings,
        )
        assert found.groups[same.id].responses == alike
        assert found.groups[same.id].texts == 1
        kept: dict[str, list[tuple[int, int, str]]] = {}
        for hint in session.scalars(select(Hint).order_by(Hint.starts, Hint.ends, Hint.kind)):
            kept.setdefault(hint.revision_id, []).append((hint.starts, hint.ends, hint.kind))
        assert kept
        assert {key: [(h.starts, h.ends, h.kind) for h in hits] for key, hits in found.hints.items()} == kept
