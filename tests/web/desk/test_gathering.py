"""Cards take two people, notes are listed as notes, a file of answers shows what it brings before it is taken."""

import io
from pathlib import PurePath

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.responses.enums import AnswerState, Source
from consult.responses.models import Answer, PaperCard, Response, Revision
from consult.web.transactions import TransactionalFlask
from tests.factories import World
from tests.pages import Page, PageClient

CARD = "Clear lines before the summit."
USE = "quote_unattributed"


def signed_in(app: TransactionalFlask, user: object) -> PageClient:
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client.sign_in(user)  # type: ignore[arg-type]


def test_a_card_is_an_answer_once_a_second_person_has_compared_it(
    app: TransactionalFlask, session: Session, world: World
) -> None:
    base = f"/desk/{world.slug}/gathering"
    asked = len(world.askings[world.october.id])
    typing, comparing = signed_in(app, world.rapporteur), signed_in(app, world.director)
    typed = {"language": "uk"}
    for number in range(1, asked + 1):
        typed |= {f"text_{number}": CARD, f"use_{number}": USE}
    refused = typing.submit(typing.page(f"{base}/october/card"), "/card", **typed)
    assert refused.status == 422
    assert "Without this tick" in refused.text
    assert CARD in refused.html
    unknown = typing.submit(refused, "/card", **typed | {"language": "xx"}, consented="y")
    assert (unknown.status, "Choose a language." in unknown.text) == (422, True)
    waiting = typing.submit(refused, "/card", **typed, consented="y")
    assert "Give the paper to a colleague" in waiting.text
    card = session.scalars(select(PaperCard)).one()
    card_id = card.id
    assert session.scalars(select(Response)).all() == []
    session.rollback()  # which lets go of the one connection that writes
    address = f"{base}/cards/{card_id}"
    assert "It is the same" not in typing.page(address).text
    theirs = comparing.page(address)
    assert CARD in theirs.text
    assert "The card is taken" in comparing.submit(theirs, PurePath(address).name).text
    response = session.scalars(select(Response)).one()
    assert (response.source, response.participant_id, response.submitted_at) == (Source.PAPER, None, None)
    assert {answer.state for answer in session.scalars(select(Answer))} == {AnswerState.WAITING}
    assert set(session.scalars(select(Revision.language))) == {"uk"}, (
        "a language of no page is one of answers"
    )
    session.refresh(card)
    assert card.entered is None, "what was typed does not stay beside the answer"
    card.checked_by = card.entered_by
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_a_card_to_print_asks_what_is_asked_and_for_no_name(app: TransactionalFlask, world: World) -> None:
    client = signed_in(app, world.rapporteur)
    page = client.page(f"/desk/{world.slug}/gathering/october/print")
    form = page.form("/print")
    sheet = client.post(form.action, data={**form.values, "language": "en"})
    words = " ".join(PdfReader(io.BytesIO(sheet.data)).pages[0].extract_text().split())
    for expected in (world.rules.promise["en"], "Yes, this card may be counted", "Write no name"):
        assert expected in words


def test_notes_and_files_at_the_desk(app: TransactionalFlask, session: Session, world: World) -> None:
    client = signed_in(app, world.director)
    base = f"/desk/{world.slug}/gathering"
    noted = client.submit(client.page(f"{base}/october/notes"), "/notes", text="They agreed.")
    assert "They agreed." in noted.text
    choose = client.page(f"{base}/import")
    table = (io.BytesIO(b"id,words\n1,Peace.\n2,Bread.\n3,\n"), "answers.csv")
    unsaid = client.submit(choose, "/import", file=table, encoding="")
    assert "Say which column holds the answers" in unsaid.text
    preview = client.page(f"{unsaid.response.request.path}?answer=1&id=0")
    assert "Peace." in preview.text
    assert "Take in 2 answers" in preview.text
    assert set(session.scalars(select(Revision.text))) == {"They agreed."}
    session.rollback()
    taken = client.submit(preview, "/gathering/import/")
    assert "The answers are taken in" in taken.text
    session.expire_all()
    assert set(session.scalars(select(Revision.text))) == {"They agreed.", "Peace.", "Bread."}
    session.rollback()
    back = client.submit(Page(client.get(f"{base}/october/notes")), "/take-back")
    assert "taken back" in back.text
