"""Form and receipt that stand ready for all: everybody finds in them what is their own, and nothing of anybody else."""

import json

from sqlalchemy import update
from sqlalchemy.orm import Session

from consult.meetings.models import Meeting
from consult.participants.models import Participant
from consult.web.participate.form import holes
from consult.web.transactions import TransactionalFlask
from tests.factories import World, make_invited
from tests.pages import Page
from tests.web.participate.cast import ANSWER, count, opened


def test_the_ready_form_holds_what_is_ones_own_and_nothing_of_anybody_else(
    app: TransactionalFlask, world: World, session: Session
) -> None:
    other = make_invited(session, world.consultation, world.october, 77)
    other.participant.name = "Zofia <'Ł]\"> Ósma"
    other.participant.organisation = "An institute"
    session.commit()
    own, others = app.test_client(), app.test_client()
    form = opened(own, world)
    other_form = others.submit(others.page(f"/i/{other.secret}"), "/i/")
    again = own.page("/respond/")
    assert holes._MARK not in form.html + other_form.html
    for name in ("csrf_token", "ticket"):
        seen = {str(page.form("/respond/").values[name]) for page in (form, other_form, again)}
        assert len(seen) >= 2, name
    assert _names(other_form)[:2] == ["Zofia <'Ł]\"> Ósma", "An institute"]
    assert "Zofia" not in form.html
    assert world.participant.participant.name in _names(form)
    assert own.submit(form, "/respond/", **ANSWER).status == 200
    assert others.submit(other_form, "/respond/", **ANSWER).status == 200
    assert count(session) == 2


def test_what_is_kept_of_the_form_never_held_anything_of_a_person(
    app: TransactionalFlask, world: World, session: Session
) -> None:
    person = session.get_one(Participant, world.participant.participant.id)
    session.close()
    client = app.test_client()
    form = opened(client, world)
    kept = _kept(app, "form")
    assert len(kept) == 1
    values = form.form("/respond/").values
    secrets = [*values["csrf_token"], *values["ticket"], person.name, person.email, person.organisation]
    assert [secret for secret in secrets if secret in kept[0]] == []
    assert kept[0].count(holes._MARK) >= 4


def test_the_ready_receipt_shows_ones_own_words_and_code_and_keeps_nobodys(
    app: TransactionalFlask, world: World, session: Session
) -> None:
    other = make_invited(session, world.consultation, world.october, 78)
    session.commit()
    own, others = app.test_client(), app.test_client()
    mine, theirs = f"A & B <first> {holes._MARK}", 'Second "words"\nof two lines'
    receipts = []
    for client, secret, text in ((own, world.participant.secret, mine), (others, other.secret, theirs)):
        form = client.submit(client.page(f"/i/{secret}"), "/i/")
        receipts.append(client.submit(form, "/respond/", **{**ANSWER, "text_1": text}))
    session.close()
    first, second = receipts
    assert [block.text for block in first.tree.iter("blockquote")] == [mine, ANSWER["text_2"]]
    assert [block.text for block in second.tree.iter("blockquote")] == [theirs, ANSWER["text_2"]]
    codes = [page.form("/receipt/file").values["code"][0] for page in receipts]
    assert codes[0] != codes[1]
    for page, code in zip(receipts, codes, strict=True):
        groups = page.tree.find(".//p[@class='receipt__code']")
        assert groups is not None
        assert "".join(groups.itertext()).strip().replace("-", "") == code
    kept = _kept(app, "receipt")
    assert len(kept) == 1
    assert [secret for secret in ("first", "Second", *codes) if secret in kept[0]] == []


def test_a_change_of_the_meeting_is_shown_at_once(
    app: TransactionalFlask, world: World, session: Session
) -> None:
    session.close()
    client = app.test_client()
    opened(client, world)
    session.execute(update(Meeting).values(short_title="Renamed a moment ago"))
    session.commit()
    assert "Renamed a moment ago" in client.page("/respond/").text


def _kept(app: TransactionalFlask, what: str) -> list[str]:
    found = app.database._kept.items()
    return [
        str(page)
        for key, (_mark, page) in found
        if isinstance(key, tuple) and key[0] == "page" and key[2][0] == what
    ]


def _names(form: Page) -> list[str]:
    box = form.tree.find(".//textarea[@data-warn-words]")
    assert box is not None
    return list(json.loads(box.get("data-warn-words") or "[]"))
