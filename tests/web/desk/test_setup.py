"""Setting up at the desk: from a blank to ready, saved part by part, and what each part refuses."""

from io import BytesIO

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.consultations.enums import Attribution, Mode
from consult.consultations.models import Consultation, GroundRules, SignOffLink
from consult.consultations.queries import consultation_by_slug, ground_rules_in_force, questions_of
from consult.core.audit import first_broken
from consult.core.database import Database
from consult.meetings.models import MeetingLink, PilotAnswer
from consult.operations.definition import parse
from consult.operations.loading.consultation import load
from tests.factories import World, make_answer
from tests.pages import Page, PageClient

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PROMPT = "What should Madrid decide?"


def made(client: PageClient, by: User) -> Page:
    """A blank consultation, at its task list."""
    client.sign_in(by)
    return client.submit(client.page("/desk/new"), "/desk/new", title="Madrid: what next?", slug="madrid")


def with_meeting_and_question(client: PageClient) -> None:
    page = client.page("/desk/madrid/setup/meetings/new")
    client.submit(page, "/new", title="First meeting", starts="2022-06-29", time_zone="Europe/Madrid")
    page = client.page("/desk/madrid/setup/questions/new")
    client.submit(page, "/questions/new", prompt_en=PROMPT)


QUESTION = "/desk/madrid/setup/questions/what-should-madrid-decide"


def kind_form(page: Page) -> dict[str, list[str]]:
    """What the form of the question's kind holds; it stands after the one of its words."""
    return next(form for form in page.forms if form.action == QUESTION).values


def kind_saved(client: PageClient, **fields: str) -> Page:
    values = kind_form(client.page(QUESTION))
    return Page(client.post(QUESTION, data={**values, **fields}, follow_redirects=True))


def test_answers_to_choose_from_are_written_as_lines_and_keep_their_codes(
    client: PageClient, database: Database, world: World
) -> None:
    made(client, world.director)
    with_meeting_and_question(client)
    kind_saved(client, kind="single_choice")
    assert "lacks what it offers to choose from" in client.page("/desk/madrid/setup").text
    assert "Give at least two options" in kind_saved(client, set_options_en="Only one").text
    for wrong, said in (
        ("A\x00B\nC", "cannot be stored"),
        ("\n".join(map(str, range(61))), "Offer 60 at most"),
        ("x" * 301 + "\ny", "Shorten each line to 300 characters"),
        ("a = One\na = Two", "Two options have the same code"),
    ):
        answered = kind_saved(client, set_options_en=wrong)
        assert (answered.status, said in answered.text) == (422, True), said
    kind_saved(client, set_options_en="Talk more\ntalk = Talk less\nTalk more!\nOther", set_other="y")
    form = kind_form(client.page(QUESTION))
    lines = form["set_options_en"][0].replace("\r", "")
    assert lines == "talk-more = Talk more\ntalk = Talk less\ntalk-more-2 = Talk more!\nother-2 = Other"
    kind_saved(client, set_options_en=lines.replace("Talk less", "Listen"))
    kind_saved(client, kind="several_choices")
    with database.reading() as session:
        (question,) = questions_of(session, consultation_by_slug(session, "madrid"))
        assert [one["code"] for one in question.settings["options"]] == [
            "talk-more", "talk", "talk-more-2", "other-2",
        ]  # fmt: skip
        assert question.settings["options"][1]["label"] == {"en": "Listen"}
        assert question.settings["other"] is True
    assert "lacks what it offers" not in client.page("/desk/madrid/setup").text


def test_from_a_blank_to_ready_and_out_as_a_definition(
    client: PageClient, database: Database, world: World
) -> None:
    tasks = made(client, world.director)
    assert "Add the first meeting." in tasks.text
    assert "Nobody but its staff sees it" in tasks.text
    nobody = client.application.test_client()
    assert nobody.get("/c/madrid").status_code == 404
    assert "Madrid" not in nobody.get("/").get_data(as_text=True)
    with_meeting_and_question(client)
    page = client.page("/desk/madrid/setup/about")
    client.submit(
        page, "/about", convenor="The convenor", help_contact="help@example.org", languages=["en", "fr"]
    )
    with database.reading() as session:
        madrid = consultation_by_slug(session, "madrid")
        assert madrid is not None
        assert ground_rules_in_force(session, madrid).promise.keys() == {"en", "fr"}
    tasks = client.page("/desk/madrid/setup")
    assert "has no words yet in: Français." in tasks.text
    for sentence in ("Add the first meeting.", "Write the first question.", "Say who convenes"):
        assert sentence not in tasks.text
    assert "Nobody is on the roster yet." in tasks.text

    meeting = client.page("/desk/madrid/setup/meetings/first-meeting")
    client.submit(meeting, "/sessions", sessions="Opening | Ambassador Smith\nClosing")
    page = client.page("/desk/madrid/setup/questions/what-should-madrid-decide")
    with database.reading() as session:
        opening = session.scalar(text("SELECT id FROM meeting_session WHERE title = 'Opening'"))
    client.submit(page, "/asked", wording_0="1", session_0=opening)
    page = client.page("/desk/madrid/setup/questions/what-should-madrid-decide")
    kind_saved(client, kind="scale")
    wrong = kind_saved(client, set_points="5", set_labels_en="no\nso\nyes", set_no_view="y")
    assert wrong.status == 422
    assert "Give 5 labels" in wrong.text
    again = kind_form(wrong)
    assert (again["set_points"], again["set_no_view"]) == (["5"], ["y"])
    lame = kind_saved(client, set_points="3", set_labels_en="no\nso\nyes", set_labels_fr="non")
    assert "Write as many lines as in the box above, 3, in the same order." in lame.text
    told = kind_saved(
        client, set_points="3", set_labels_en="no\nyes", set_labels_fr="non\noui", set_no_view="y"
    )
    assert "Saved." in told.text

    preview = client.page("/desk/madrid/setup/preview/first-meeting")
    assert PROMPT in preview.text
    token = preview.form("/preview/").values["csrf_token"]
    client.submit(client.page("/desk/madrid/setup"), "/definition")
    taken = client.post("/desk/madrid/setup/definition", data={"csrf_token": token})
    assert taken.headers["Content-Disposition"].startswith("attachment")
    with database.transaction() as session:
        again = load(session, parse(taken.get_data(as_text=True)))
        assert (again.changes, again.notes) == ([], [])
        assert first_broken(session) is None


def test_a_copy_takes_the_structure_and_neither_people_nor_answers(
    client: PageClient, database: Database, world: World
) -> None:
    with database.transaction() as session:
        make_answer(session, world.consultation, world.rules, world.asking)
    client.sign_in(world.administrator)
    client.submit(client.page("/desk/new"), "/desk/new", title="Again", slug="again", earlier="warsaw")
    with database.reading() as session:
        copy = consultation_by_slug(session, "again")
        assert copy is not None
        assert copy.draft
        assert [question.code for question in questions_of(session, copy)] == [
            one.code for one in world.questions
        ]
        counts = {
            table: session.scalar(
                text(f"SELECT count(*) FROM {table} WHERE consultation_id = :id"), {"id": copy.id}
            )
            for table in ("meeting", "participant", "response", "answer")
        }
    assert counts == {"meeting": 2, "participant": 0, "response": 0, "answer": 0}
    refused = client.submit(client.page("/desk/new"), "/desk/new", title="Again", slug="again")
    assert refused.status == 422
    assert "already" in refused.text


def test_a_definition_file_is_loaded_or_told_what_is_wrong_with_it(client: PageClient, world: World) -> None:
    client.sign_in(world.outsider)

    def sent(content: bytes) -> Page:
        page = client.page("/desk/new")
        token = page.form("/new/file").values["csrf_token"]
        data = {"csrf_token": token, "definition": (BytesIO(content), "a.toml")}
        return Page(client.post("/desk/new/file", data=data, follow_redirects=True))

    for content in (b"\xff\xfe", b"slug = ", b'slug = "x"', b"\x00", b"%PDF-1.4"):
        assert sent(content).status == 422
    from tests.operations.small import SMALL

    assert "is not this person" not in (taken := sent(SMALL.encode())).text
    assert taken.status == 200
    foreign = sent(SMALL.replace("marching-orders", "warsaw").encode())
    assert foreign.status == 422
    assert "do not direct" in foreign.text
    client.get("/desk?lang=fr")
    lame = SMALL.replace(
        "max_length = 1000", 'kind = "single_choice"\n[[questions.options]]\ncode = "a"\nlabel.en = "A"'
    )
    assert "Donnez au moins deux options" in sent(lame.encode()).text


def test_a_document_is_known_by_its_content_and_served_as_a_download(
    client: PageClient, database: Database, world: World
) -> None:
    client.sign_in(world.director)
    address = "/desk/warsaw/setup/meetings/october"

    def sent(content: bytes, **fields: str) -> Page:
        token = client.page(address).form("/links").values["csrf_token"]
        values = {
            "csrf_token": token,
            "kind": "report",
            "link_title": "Report",
            "state": "document",
            **fields,
        }
        values["document"] = (BytesIO(content), "../x/report.pdf")
        return Page(client.post(f"{address}/links", data=values, follow_redirects=True))

    for content in (b"MZ not a PDF", b"%PDF-1.4 cut off", b"<html>%PDF-1.4 %%EOF"):
        assert "no whole PDF" in sent(content).text
    assert sent(PDF, kind="podcast").status == 422
    assert "PDF, kept here" in sent(PDF).text
    with database.reading() as session:
        link = session.scalars(select(MeetingLink).where(MeetingLink.document_id.is_not(None))).one()
    served = client.get(str(link.url).removeprefix("http://localhost"))
    assert served.get_data() == PDF
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert served.headers["Content-Disposition"] == "attachment; filename=report.pdf"
    page = client.page(address)
    client.submit(page, f"/links/{link.id}/remove")
    assert client.get(str(link.url).removeprefix("http://localhost")).status_code == 404
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM stored_file")) == 0


def test_ground_rules_follow_the_choices_and_only_tighten_once_people_were_told(
    client: PageClient, database: Database, world: World
) -> None:
    made(client, world.director)
    page = client.page("/desk/madrid/setup/rules")
    assert "Who wrote an answer is not revealed." in page.text
    saved = client.submit(page, "/setup/rules", ceiling="quote_with_role", speaker="open", smallest_group="7")
    assert "Saved." in saved.text
    with database.reading() as session:
        madrid = consultation_by_slug(session, "madrid")
        assert madrid is not None
        rules = ground_rules_in_force(session, madrid)
        assert (rules.version, rules.smallest_group) == (2, 7)
        assert rules.ceiling is Attribution.QUOTE_WITH_ROLE
        assert "at most with a role" in rules.promise["en"]
    client.page("/desk/warsaw/setup/rules")  # it is open, so people were told
    for change in (
        {"ceiling": "named"},
        {"smallest_group": "3"},
        {"speaker": "open"},
        {"mode": "attributed"},
    ):
        refused = client.submit(client.page("/desk/warsaw/setup/rules"), "/setup/rules", **change)
        assert refused.status == 422
        assert "protect less" in refused.text
    tightened = client.submit(
        client.page("/desk/warsaw/setup/rules"),
        "/setup/rules",
        ceiling="aggregate_only",
        breakdown=["language"],
    )
    assert "Saved." in tightened.text
    with database.transaction() as session:
        rules = ground_rules_in_force(session, world.consultation)
        make_answer(session, world.consultation, rules, world.asking, attribution=Attribution.AGGREGATE_ONLY)
    refused = client.submit(client.page("/desk/warsaw/setup/rules"), "/setup/rules", mode="unlinked")
    assert refused.status == 422
    groups = client.submit(
        client.page("/desk/warsaw/setup/rules"), "/setup/groups", groups="Baltic states: EE"
    )
    assert "so they are fixed" in groups.text


def looser(session: Session, consultation: Consultation, **change: object) -> GroundRules:
    """The rules in force as a new version, with one thing otherwise."""
    stands = ground_rules_in_force(session, consultation)
    columns = {column.name: getattr(stands, column.name) for column in GroundRules.__table__.columns}
    version = GroundRules(**{**columns, "id": None, "version": stands.version + 1, **change})
    version.id = f"v{stands.version + 1:025}"
    return version


@pytest.mark.parametrize(
    "change",
    [
        {"ceiling": Attribution.NAMED},
        {"smallest_group": 4},
        {"speaker": "open"},
        {"affiliation": "open"},
        {"attendance": "open"},
        {"timing": "day"},
        {"mode": Mode.ATTRIBUTED},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_database_refuses_looser_rules_by_itself(
    session: Session, world: World, change: dict[str, object]
) -> None:
    """Warsaw is open. No rule of the program is asked."""
    session.add(looser(session, world.consultation, **change))
    with pytest.raises(DBAPIError, match="protect"):
        session.flush()


def test_the_database_keeps_breakdowns_groups_and_pilots_to_their_rules(
    session: Session, world: World
) -> None:
    consultation = world.consultation
    session.add(looser(session, consultation, breakdown=["language"], answers_kept_months=6))
    session.commit()
    for change in (
        {"breakdown": ["language", "country"]},
        {"answers_kept_months": None},
        {"answers_kept_months": 7},
    ):
        session.add(looser(session, consultation, **change))
        with pytest.raises(DBAPIError, match="protect"):
            session.flush()
        session.rollback()
    rules = ground_rules_in_force(session, consultation)
    make_answer(session, consultation, rules, world.asking)
    session.commit()
    pilot = PilotAnswer(consultation_id=consultation.id, asking_id=world.asking.id, text="Tried.", use="")
    statements = {
        "UPDATE response SET country = 'EE'": "do not name",
        "UPDATE consultation SET country_groups = '{}' WHERE slug = 'warsaw'": "fixed by the first response",
    }
    for statement, refusal in statements.items():
        with pytest.raises(DBAPIError, match=refusal):
            session.execute(text(statement))
        session.rollback()
    session.add(pilot)
    with pytest.raises(DBAPIError, match="before opening only"):
        session.flush()


def test_pilot_answers_go_at_opening_and_are_in_no_count(
    client: PageClient, database: Database, world: World
) -> None:
    made(client, world.director)
    with_meeting_and_question(client)
    page = client.page("/desk/madrid/setup/preview/first-meeting")
    empty = client.submit(page, "/preview/", text_1="", use_1="quote_unattributed")
    assert empty.status == 422
    kept = client.submit(page, "/preview/", text_1="A pilot’s words.", use_1="quote_unattributed")
    assert "A pilot’s words." in kept.text
    with database.reading() as session:
        counts = [
            session.scalar(text(f"SELECT count(*) FROM {table}"))
            for table in ("response", "answer", "revision")
        ]
    assert counts == [0, 0, 0]
    assert "A pilot’s words." not in client.page("/desk/madrid/queue").text
    times = client.page("/desk/madrid/times")
    look = client.submit(times, "/times", button="act=open")
    assert "The pilot answers are deleted when it opens." in look.text
    assert "Not everything is ready Say who convenes the consultation." in look.text
    client.submit(look, "/times", button="act=confirmed")
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM pilot_answer")) == 0
    assert client.application.test_client().get("/c/madrid").status_code == 200
    over = client.page("/desk/madrid/setup/preview/first-meeting")
    assert "Nothing that is written here is sent or kept." in over.text


def test_a_link_for_sign_off_shows_the_preview_until_it_is_taken_back(
    client: PageClient, database: Database, world: World
) -> None:
    made(client, world.director)
    with_meeting_and_question(client)
    page = client.submit(
        client.page("/desk/madrid/setup/sign-off"), "/sign-off", made_for="The head", days="3"
    )
    link = next(
        element.get("value", "") for element in page.tree.iter("input") if element.get("id") == "made"
    )
    secret = link.rpartition("/")[2]
    assert secret not in client.page("/desk/madrid/setup/sign-off").html, "a reload makes and shows nothing"
    with database.reading() as session:
        stored = session.scalars(select(SignOffLink)).one()
        assert secret not in repr([getattr(stored, column.name) for column in SignOffLink.__table__.columns])
    guest = client.application.test_client()
    assert isinstance(guest, PageClient)
    seen = guest.page(f"/preview/{secret}")
    assert PROMPT in seen.text
    assert all("/desk" not in href for href in seen.links())
    assert guest.post(f"/preview/{secret}").status_code == 422
    assert guest.get("/desk/madrid/setup").status_code == 303
    client.submit(client.page("/desk/madrid/setup/sign-off"), "/revoke")
    assert guest.get(f"/preview/{secret}").status_code == 404
