"""What an author takes back leaves every edition, its files and its pages; a mark stays, and the figures do."""

import json
from datetime import UTC, datetime

import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.core.outbox import OutboxRow
from consult.core.storage import StoredFile
from consult.jobs.render_edition import render_edition
from consult.operations.verification import faults
from consult.operations.withdrawal import change_answers, withdraw_response
from consult.reports import actions, queries
from consult.reports.document import document_hash, parsed
from consult.reports.enums import ErasureKind
from consult.reports.models import Edition, EditionFile, EditionQuote, Erasure
from consult.responses.actions import GivenAnswer
from consult.responses.models import Answer, Response
from consult.responses.queries import current_revision, response_by_id, standing_revisions
from consult.responses.rules import standing_hash
from consult.web.transactions import TransactionalFlask
from tests.factories import World
from tests.pages import PageClient
from tests.reports.scenes import Told, approve, publish_approved, tell

BACK = "Zimorodek sits on the hotline."


def response_of(session: Session, answer: Answer) -> Response:
    response = response_by_id(session, answer.response_id)
    assert response is not None
    return response


def stage(session: Session, world: World) -> tuple[Answer, Edition, Edition]:
    """An answer that stands in a published and in a frozen edition."""
    tell(session, world, each=11)
    answer = approve(session, world, world.asking, BACK, "dialogue")
    published = publish_approved(
        session, world, actions.freeze(session, world.consultation, by=world.director)
    )
    frozen = actions.freeze(session, world.consultation, by=world.director)
    session.commit()
    return answer, published, frozen


def rendered(session: Session, *editions: Edition) -> None:
    """The files of these editions: much work, so that only what is about files asks for it."""
    for edition in editions:
        render_edition(session, {"edition": edition.id})
    session.commit()


def files(session: Session) -> list[bytes]:
    return list(session.scalars(select(StoredFile.content)))


def test_it_leaves_documents_and_files(session: Session, world: World) -> None:
    answer, published, frozen = stage(session, world)
    rendered(session, published, frozen)
    before = parsed(published.document)
    place = next(i for i, quote in enumerate(before["quotes"]) if quote["text"] == BACK)
    assert any(b"Zimorodek" in content for content in files(session))
    waiting = session.scalar(select(func.count()).select_from(OutboxRow)) or 0
    withdraw_response(session, response_of(session, answer))
    session.commit()
    session.expire_all()
    for number in (1, 2):
        edition = queries.edition_numbered(session, world.consultation, number)
        assert edition is not None
        text = session.scalars(select(Edition.document).where(Edition.id == edition.id)).one()
        assert "Zimorodek" not in text
        assert edition.document_hash == document_hash(text)
        assert edition.corrections == 1
        after = parsed(text)
        assert after["edition"]["corrections"] == 1
        assert [q["withdrawn"] for q in after["quotes"] if "withdrawn" in q] == [True]
        assert after["themes"] == before["themes"]
        assert after["participation"] == before["participation"]
    assert after["quotes"] != before["quotes"]
    document = parsed(session.scalars(select(Edition.document).where(Edition.number == 1)).one())
    tombstone = document["quotes"][place]
    assert tombstone["meeting"] == before["quotes"][place]["meeting"]
    assert (tombstone["line"], tombstone["themes"], tombstone["language"]) == ("", [], "")
    assert document["quotes"][:place] == before["quotes"][:place]
    assert document["quotes"][place + 1 :] == before["quotes"][place + 1 :]
    assert files(session) == []
    assert session.scalar(select(func.count()).select_from(OutboxRow)) == waiting + 2
    rendered(session, published, frozen)
    anew = files(session)
    assert len(anew) == len(session.scalars(select(EditionFile)).all()) > 0
    assert not any(b"Zimorodek" in content for content in anew)
    assert faults(session) == []


def test_the_ledger_holds_no_words_and_no_finer_time_than_the_rules(session: Session, world: World) -> None:
    answer, _published, _frozen = stage(session, world)
    with time_machine.travel(datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC), tick=False):
        withdraw_response(session, response_of(session, answer))
        session.commit()
    entry = session.scalars(select(Erasure)).one()
    assert (entry.kind, entry.editions, entry.day) == (ErasureKind.WITHDRAWN, [1, 2], None)
    assert entry.response_id == answer.response_id
    assert not session.scalars(select(EditionQuote).where(EditionQuote.revision_id == answer.id)).all()
    rendered(session, *session.scalars(select(Edition)))
    assert not [at for at in session.scalars(select(StoredFile.stored_at)) if at.day == 20 and at.hour == 3]


def test_a_changed_passage_is_taken_out_too(session: Session, world: World) -> None:
    answer, *_ = stage(session, world)
    response = response_of(session, answer)
    revision = current_revision(session, answer)
    given = [GivenAnswer(world.asking, "Other words.", revision.attribution, "en")]
    change_answers(session, response, given, seen=standing_hash(standing_revisions(response)))
    session.commit()
    assert not [text for text in session.scalars(select(Edition.document)) if "Zimorodek" in text]
    assert [entry.kind for entry in session.scalars(select(Erasure))] == [ErasureKind.CHANGED]
    withdraw_response(session, response_of(session, answer))
    assert {edition.corrections for edition in session.scalars(select(Edition))} == {1}


def test_what_no_edition_quotes_touches_none(session: Session, world: World) -> None:
    _answer, published, _frozen = stage(session, world)
    rendered(session, published)
    later = approve(session, world, world.asking, "Said later.", "dialogue")
    before = published.document_hash
    withdraw_response(session, response_of(session, later))
    session.commit()
    session.expire_all()
    assert session.get_one(Edition, published.id).document_hash == before
    assert len(files(session)) > 0
    assert session.scalars(select(Erasure)).one().editions == []


def test_a_rendering_that_began_before_keeps_nothing(session: Session, world: World) -> None:
    """The worker has read the document, then the words are taken back, then it stores what it rendered."""
    answer, published, _frozen = stage(session, world)
    read = session.scalars(select(Edition.document_hash).where(Edition.id == published.id)).one()
    withdraw_response(session, response_of(session, answer))
    kept = actions.keep_file(
        session, published, "html", b"Zimorodek", name="x", content_type="text/html", rendered_from=read
    )
    assert kept is None
    assert files(session) == []


def test_public_pages_show_the_mark_and_the_note(client: PageClient, session: Session, world: World) -> None:
    answer, *_ = stage(session, world)
    session.close()
    paths = ("/c/warsaw", "/c/warsaw/report", "/c/warsaw/report/1")
    assert not [path for path in paths if "Corrected" in client.page(path).text]
    withdraw_response(session, response_of(session, answer))
    session.commit()
    for path in paths:
        page = client.page(path)
        assert "Zimorodek" not in page.html
        assert "Corrected: 1 answer was taken back by its author" in page.text
        assert ("Its author has withdrawn it" in page.text) is ("report" in path)


def test_later_exports_and_pages_never_hold_it(
    client: PageClient, app: TransactionalFlask, session: Session, world: World
) -> None:
    answer, *standing = stage(session, world)
    rendered(session, *standing)
    withdraw_response(session, response_of(session, answer))
    edition = actions.freeze(session, world.consultation, by=world.director)
    session.commit()
    assert "Zimorodek" not in edition.document
    assert "withdrawn by" not in edition.document
    session.close()
    app.extensions["queue"].run_waiting()
    client.sign_in(world.director)
    page = client.page(f"/desk/{world.slug}/report")
    assert "Corrected" in page.text
    assert "Zimorodek" not in page.html
    exports = client.page(f"/desk/{world.slug}/exports")
    for profile in ("desk", "publication"):
        export = client.submit(exports, "/exports", format="json", profile=profile, meeting="")
        assert "Zimorodek" not in json.dumps(export.html)
    session.rollback()
    assert not any(b"Zimorodek" in content for content in files(session))


def test_every_quote_knows_its_revision(session: Session, world: World) -> None:
    told: Told = tell(session, world, each=1)
    sources = actions.freeze(session, world.consultation, by=world.director)
    places = session.scalars(select(EditionQuote).where(EditionQuote.edition_id == sources.id)).all()
    quotes = parsed(sources.document)["quotes"]
    assert len(places) == len(quotes) == len(told.quotable)
    texts = {answer.id: current_revision(session, answer) for answer in told.quotable}
    by_revision = {revision.id: revision.text for revision in texts.values()}
    for place in places:
        assert quotes[place.position]["text"][:3] == (by_revision[place.revision_id] or "")[:3]
