"""The log's page and its file: for directors, and for rapporteurs of their meetings; never a word of an answer."""

import io
import json

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.audit import AuditEntry, chain_end
from consult.moderation.actions import Span, decide
from consult.moderation.enums import RedactionKind, RejectReason, Verdict
from consult.moderation.models import Decision
from consult.responses.queries import current_revision
from tests.factories import World, make_answer, make_user
from tests.pages import PageClient

LOG = "/desk/warsaw/log"
WORDS = "Zawisza of the Riga staff told me so."


@pytest.fixture
def acts(session: Session, world: World) -> list[Decision]:
    """A redacted approval in October and a rejection in May, both with a note."""
    world.second_director.name = '=HYPERLINK("http://example.org","x")'
    made = []
    for meeting, verdict, by in (
        (world.october, Verdict.APPROVE, world.director),
        (world.may, Verdict.REJECT, world.second_director),
    ):
        answer = make_answer(session, world.consultation, world.rules, world.askings[meeting.id][0], WORDS)
        made.append(
            decide(
                session,
                answer,
                verdict,
                read=current_revision(session, answer).hash,
                by=by,
                note="A note on Zawisza.",
                reason=RejectReason.IDENTIFIES_SPEAKER if verdict is Verdict.REJECT else None,
                redactions=[Span(0, 7, RedactionKind.IDENTIFIES_OTHER)] if verdict is Verdict.APPROVE else (),
            )
        )
    session.commit()
    return made


def download(client: PageClient, **fields: str) -> tuple[str, list[tuple[str, ...]], str]:
    """The file's name, its rows, and everything in it as text."""
    page = client.page(LOG)
    response = client.post(f"{LOG}/download", data=page.form("/download").values | fields)
    assert response.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(response.data))
    rows = [tuple(str(cell or "") for cell in row) for row in book["log"].iter_rows(values_only=True)]
    assert all(cell.data_type in "sn" for sheet in book for row in sheet.iter_rows() for cell in row)
    text = "\n".join(str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row)
    return response.headers["Content-Disposition"], rows, text


def test_a_director_sees_every_act_and_no_words(
    client: PageClient, world: World, acts: list[Decision]
) -> None:
    page = client.sign_in(world.director).page(LOG)
    for words in (
        "Gives away who wrote it",
        "Another person",
        "Waiting → Approved",
        "Waiting → Rejected",
        "Director",
    ):
        assert words in page.text
    for words in ("Zawisza", "Riga", "A note"):
        assert words not in page.text
    assert f"/desk/warsaw/queue/{acts[0].answer_id}" in page.links()


def test_it_is_filtered_by_person_and_verdict(client: PageClient, world: World, acts: list[Decision]) -> None:
    client.sign_in(world.director)
    mine = client.page(f"{LOG}?person={world.director.id}")
    assert acts[0].answer_id in str(mine.links())
    assert acts[1].answer_id not in str(mine.links())
    rejected = client.page(f"{LOG}?verdict=reject")
    assert acts[0].answer_id not in str(rejected.links())
    assert "No decision like this." in client.page(f"{LOG}?verdict=reopen").text
    assert acts[0].answer_id in str(client.page(f"{LOG}?person=nobody&verdict=maim&before=x").links())


def test_a_rapporteur_sees_their_meetings_only(
    client: PageClient, world: World, acts: list[Decision]
) -> None:
    page = client.sign_in(world.rapporteur).page(LOG)
    assert acts[0].answer_id in str(page.links())
    assert acts[1].answer_id not in str(page.links())
    _name, rows, text = download(client, names="y")
    assert len(rows) == 2
    assert acts[1].answer_id not in text


def test_others_are_refused(client: PageClient, session: Session, world: World, acts: list[Decision]) -> None:
    client.sign_in(world.observer).page(LOG, 403)
    assert client.post(f"{LOG}/download").status_code == 403
    client.sign_in(world.outsider).page(LOG, 404)
    assert client.post(f"{LOG}/download").status_code == 404
    client.sign_in(make_stranger(session)).page(LOG, 404)
    assert session.scalars(select(AuditEntry).where(AuditEntry.act == "log.download")).all() == []


def make_stranger(session: Session):  # type: ignore[no-untyped-def]
    user = make_user(session, "Stranger")
    session.commit()
    return user


def test_the_file_without_names_numbers_people_and_answers(
    client: PageClient, session: Session, world: World, acts: list[Decision]
) -> None:
    name, rows, text = download(client.sign_in(world.director))
    assert name == "attachment; filename=warsaw-moderation-log.xlsx"
    assert [row[1:5] for row in rows[1:]] == [
        ("Person 1", "Deterrence and assurance", "Answer 1", "1"),
        ("Person 2", "NATO and Russia", "Answer 2", "1"),
    ]
    assert rows[1][5:] == ("Rejected", "Gives away who wrote it", "Waiting", "Rejected", "")
    assert rows[2][5:] == ("Approved", "", "Waiting", "Approved", "Another person")
    assert len(rows[1][0]) == len("2016-05-14"), "the ground rules keep no minutes"
    for words in ("Zawisza", "Riga", "HYPERLINK", "Director", acts[0].answer_id):
        assert words not in text
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "log.download")).one()
    assert (entry.user_id, json.loads(entry.facts)["names"]) == (world.director.id, False)
    assert chain_end(session).hash == entry.hash
    assert entry.hash in text, "whoever keeps the file can prove that the chain was not rewritten"


def test_the_file_with_names_is_marked_and_no_name_is_a_formula(
    client: PageClient, world: World, acts: list[Decision]
) -> None:
    name, rows, text = download(client.sign_in(world.director), names="y", verdict="reject")
    assert "not-for-release" in name
    assert "Not for release" in text
    assert [row[1] for row in rows[1:]] == ['=HYPERLINK("http://example.org","x")']
    assert rows[1][3] == acts[1].answer_id


def test_an_expired_form_takes_nothing_away(client: PageClient, world: World, acts: list[Decision]) -> None:
    client.sign_in(world.director)
    response = client.post(f"{LOG}/download", data={"csrf_token": "old", "verdict": "reject"})
    assert response.status_code == 422
    assert response.mimetype == "text/html"


def test_a_page_of_fifty_and_the_next(client: PageClient, session: Session, world: World) -> None:
    for _ in range(51):
        answer = make_answer(session, world.consultation, world.rules, world.asking)
        decide(
            session, answer, Verdict.APPROVE, read=current_revision(session, answer).hash, by=world.director
        )
    session.commit()
    page = client.sign_in(world.director).page(LOG)
    (onward,) = [link for link in page.links() if "before=" in link]
    last = client.page(onward)
    answers = {link for shown in (page, last) for link in shown.links() if "/queue/" in link}
    assert len(answers) == 51
    assert "Back to the latest" in last.text
