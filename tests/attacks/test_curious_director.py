"""A director who has the whole desk, alone, and wants to know who wrote what."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consult.accounts.actions import give_role, take_role
from consult.accounts.enums import Role
from consult.accounts.models import User
from consult.consultations.actions import make_sign_off_link
from consult.consultations.models import Consultation
from consult.consultations.queries import consultation_to_sign_off
from consult.core.clock import now
from consult.core.database import Database
from consult.core.errors import Refused
from consult.core.mail.models import MailMessage, MailState
from consult.core.sealing import Seal
from consult.moderation.actions import agree_to_open, ask_to_open
from consult.moderation.models import LinkOpening
from consult.moderation.queries import openings_to_agree
from consult.operations.mailing.actions import send_reminders
from consult.operations.mailing.composing import Composer
from consult.participants.actions import stop_reminders
from consult.participants.models import Invitation
from consult.reports.actions import approve, freeze
from consult.reports.approving.actions import let_read
from consult.reports.approving.queries import reading_by_secret
from consult.reports.tokens.actions import make_token
from consult.reports.tokens.queries import token_by_secret
from consult.responses.models import Answer, ResponseLink
from consult.web.transactions import TransactionalFlask
from tests.factories import LINK_KEY, World, make_user
from tests.pages import Page, PageClient
from tests.reports.scenes import tell
from tests.responses.test_unlinked import Scene, code_for
from tests.web.participate.cast import ANSWER, TEXTS, opened
from tests.web.scenes import token_for

SEAL = Seal(LINK_KEY)
OTHER = {
    "text_1": "Nothing at all.",
    "text_2": "Nothing either.",
    "use_1": "not_for_use",
    "use_2": "not_for_use",
}
SHOWN_BY_A_LINK = (
    ("GET", "/respond/"),
    ("GET", "/respond/change"),
    ("GET", "/respond/withdraw"),
    ("GET", "/respond/receipt"),
    ("POST", "/respond/"),
    ("POST", "/respond/change"),
    ("POST", "/respond/held"),
    ("POST", "/respond/withdraw"),
)

Way = Callable[[PageClient, World], str]


def pressed(director: PageClient, page: Page, act: str, **others: str) -> TestResponse:
    """The form of a person's page that does that, sent."""
    form = next(form for form in page.forms if form.values.get("act") == [act] or form.action.endswith(act))
    return director.post(form.action, data={k: v[0] for k, v in form.values.items()} | others)


def printed(director: PageClient, world: World) -> str:
    """The link out of the letters, which the director reads before handing them out."""
    page = director.page(f"/desk/{world.slug}/invitations")
    letters = PdfReader(BytesIO(pressed(director, page, "october/letters").data))
    code = world.participant.code
    assert f"{code[:3]}-{code[3:6]}-{code[6:]}" in letters.pages[0].extract_text()
    return world.participant.secret


def readdressed(director: PageClient, world: World) -> str:
    """The link out of the mail that goes to an address of the director's own."""
    person = world.participant.participant.id
    page = director.page(f"/desk/{world.slug}/people/{person}")
    assert pressed(director, page, person, email="director@example.org", send="1").location.endswith("=sent")
    return world.participant.secret


def readdressed_and_replaced(director: PageClient, world: World) -> str:
    """The same with a new link, to which the answer goes over."""
    readdressed(director, world)
    address = f"/desk/{world.slug}/people/{world.participant.participant.id}"
    pressed(director, director.page(address), "replace")
    fresh = next(form for form in director.page(address).forms if form.values.get("act") == ["replace"])
    return SEAL.invitation_secret(fresh.values["invitation"][0])


@pytest.mark.parametrize("way", [printed, readdressed, readdressed_and_replaced])
def test_a_link_that_the_desk_has_had_shows_changes_and_withdraws_nothing(
    app: TransactionalFlask, client: PageClient, database: Database, world: World, way: Way
) -> None:
    """Not a word, and no move in the queue either, by which the director would see whose answer it was."""
    client.submit(opened(client, world), "/respond/", **ANSWER)
    director, thief = app.test_client(), app.test_client()
    assert isinstance(director, PageClient)
    assert isinstance(thief, PageClient)
    secret = way(director.sign_in(world.director), world)
    before = states(database)

    opening = thief.post(f"/i/{secret}", data={"csrf_token": token_for(thief, app)})
    assert opening.location == "/respond/"
    for method, address in SHOWN_BY_A_LINK:
        data = {} if method == "GET" else {"csrf_token": token_for(thief, app), **OTHER}
        response = thief.open(address, method=method, data=data, follow_redirects=True)
        content = response.get_data()
        if response.mimetype == "application/zip":
            content = b"".join(ZipFile(BytesIO(content)).read(name) for name in ("held.json", "read-me.txt"))
        for words in TEXTS.values():
            assert words.encode() not in content, (method, address)
    assert states(database) == before
    assert "receipt code" in thief.page("/respond/").text

    if way is readdressed_and_replaced:
        return  # the author's own link is gone
    assert TEXTS["text_1"] in client.page("/respond/").text  # in the browser that sent it
    receipt = client.page("/respond/receipt")
    code = next(form for form in receipt.forms if "code" in form.values).values["code"][0]
    again = {"csrf_token": token_for(thief, app), "code": code}  # and with the receipt code in any
    assert TEXTS["text_1"] in thief.post("/receipt", data=again).text


LOOKING: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("GET", "/respond/", {}),
    ("POST", "/respond/", {}),
    ("POST", "/respond/", {**OTHER, "act": "save"}),
    ("POST", "/respond/", {**OTHER, "text_1": ""}),
    ("GET", "/respond/change", {}),
    ("POST", "/respond/withdraw", {}),
    ("GET", "/respond/withdrawn", {}),
    ("POST", "/respond/decline", {}),
    ("GET", "/respond/declined", {}),
)


def seen_through(app: TransactionalFlask, secret: str, *acts: tuple[str, str, dict[str, str]]) -> list[str]:
    """What a browser reads that opens a link and does all that costs nothing."""
    thief = app.test_client()
    assert isinstance(thief, PageClient)
    first = Page(thief.get(f"/i/{secret}"))
    seen = [first.text]
    form = Page(thief.post(f"/i/{secret}", data={"csrf_token": token_for(thief, app)}, follow_redirects=True))
    ticket = {"ticket": form.form("/respond/").values.get("ticket", [""])[0]} if form.forms else {}
    for method, address, values in (*acts,) or LOOKING:
        data = {} if method == "GET" else {**ticket, "csrf_token": token_for(thief, app), **values}
        page = Page(thief.open(address, method=method, data=data, follow_redirects=True))
        seen.append(f"{method} {address} {page.status} {page.text}")
    return seen


def test_looking_through_printed_links_does_not_tell_who_has_answered(
    app: TransactionalFlask, client: PageClient, session: Session, world: World
) -> None:
    """The desk shows counts, never who; a director could else open the links of all letters one after another."""
    director = app.test_client()
    assert isinstance(director, PageClient)
    secret = printed(director.sign_in(world.director), world)
    before = seen_through(app, secret)
    client.submit(opened(client, world), "/respond/", **ANSWER)
    assert seen_through(app, secret) == before
    assert "Your answer is in" in client.page("/respond/").text  # in the browser that sent it

    session.get_one(Consultation, world.consultation.id).closes_at = now() - timedelta(days=1)
    session.commit()
    sending = ("POST", "/respond/", OTHER)
    closed = seen_through(app, secret, *LOOKING, sending)
    session.execute(update(Invitation).values(answered=False, declined=True))
    session.execute(delete(ResponseLink))
    session.commit()
    assert seen_through(app, secret, *LOOKING, sending) == closed


def test_nor_do_printed_start_codes_tell_whose_was_used(client: PageClient, session: Session) -> None:
    scene = Scene(session, 1)
    [invited] = scene.invited
    invited.invitation.seen_at_desk = True
    session.commit()
    before = client.page(f"/i/{invited.secret}").text
    code_for(session, scene, 0)
    assert client.page(f"/i/{invited.secret}").text == before


def test_a_link_that_only_its_reader_has_opens_the_answer(
    app: TransactionalFlask, client: PageClient, database: Database, world: World
) -> None:
    """The control: the same acts with a link that the desk never had."""
    client.submit(opened(client, world), "/respond/", **ANSWER)
    before, phone = states(database), app.test_client()
    phone.post(f"/i/{world.participant.secret}", data={"csrf_token": token_for(phone, app)})
    assert TEXTS["text_1"] in phone.get("/respond/").text
    assert phone.post("/respond/withdraw", data={"csrf_token": token_for(phone, app)}).status_code == 303
    assert states(database) != before


def test_reminders_do_not_tell_who_has_answered_to_whom_they_were_led(
    app: TransactionalFlask, client: PageClient, session: Session, world: World
) -> None:
    """A director who changes an address to their own gets that person's reminder whether or not an answer is in."""
    director = app.test_client()
    assert isinstance(director, PageClient)
    readdressed(director.sign_in(world.director), world)

    def reminded(occasion: str) -> int:
        session.execute(update(MailMessage).values(state=MailState.SENT))
        session.execute(delete(MailMessage).where(MailMessage.forgotten))
        number = send_reminders(session, world.consultation, occasion=occasion, meeting=world.october)
        session.commit()
        for message in session.scalars(select(MailMessage).where(MailMessage.forgotten)):
            Composer(app.extensions["settings"], SEAL).letter(session, message)
        session.rollback()
        return number

    assert reminded("before") == 1
    client.submit(opened(client, world), "/respond/", **ANSWER)
    assert reminded("after") == 1
    stop_reminders(session, session.get_one(Invitation, world.participant.invitation.id))
    session.commit()
    assert reminded("stopped") == 0
    with pytest.raises(DBAPIError, match="stays known"), session.begin_nested():
        session.execute(update(Invitation).values(readdressed=False))


def states(database: Database) -> list[tuple[object, ...]]:
    with database.reading() as session:
        return [tuple(row) for row in session.execute(select(Answer.id, Answer.state).order_by(Answer.id))]


PUPPET = "myself-again@example.org"


def as_another(director: PageClient, world: World) -> None:
    """An account of the director's own under another address, made director on the page of the team."""
    page = director.page(f"/desk/{world.slug}/team")
    form = next(form for form in page.forms if "email" in form.values)
    values = {name: value[0] for name, value in form.values.items() if value}
    values |= {"name": "Somebody else", "email": PUPPET, "role": "programme_director", "meeting": ""}
    assert director.post(form.action, data=values).location.endswith("said=invited")


@pytest.mark.parametrize("puppets", [1, 2])
def test_a_director_who_made_the_second_director_opens_no_link(
    app: TransactionalFlask, client: PageClient, database: Database, world: World, puppets: int
) -> None:
    """Two accounts of one person are not two people, nor are two that one person has made."""
    client.submit(opened(client, world), "/respond/", **ANSWER)
    alone = app.test_client()
    assert isinstance(alone, PageClient)
    alone.sign_in(world.director)
    as_another(alone, world)
    with database.transaction() as session:
        made = session.scalars(select(User).where(User.email == PUPPET)).one()
        asker = world.director
        if puppets == 2:
            asker = make_user(session, "And once more")
            give_role(session, asker, Role.PROGRAMME_DIRECTOR, consultation_id=world.consultation.id, by=made)
        answer = session.scalars(select(Answer).order_by(Answer.id)).first()
        assert answer is not None
        opening = ask_to_open(session, answer, reason="I should like to know.", by=asker)
        with pytest.raises(Refused, match="whom an administrator names"):
            agree_to_open(session, opening, reason="So should I.", by=made)
        agreed = {"agreed_by": made.id, "agreed_at": opening.asked_at, "agreed_reason": "So should I."}
        with pytest.raises(DBAPIError, match="must not have been made director"), session.begin_nested():
            session.execute(update(LinkOpening).values(agreed))
        assert (
            openings_to_agree(session, world.consultation, [world.october.id], by=made, at=opening.asked_at)
            == 0
        )
        # An administrator names the second one: the command, as it is used for that.
        give_role(session, made, Role.PROGRAMME_DIRECTOR, consultation_id=world.consultation.id)
        agree_to_open(session, opening, reason="I have read it and agree.", by=made)


@pytest.mark.parametrize("left", ["role taken", "made an observer", "account closed"])
def test_who_has_left_reads_nothing_by_what_they_kept(database: Database, world: World, left: str) -> None:
    """Tokens and links end; and coming back does not bring them back: whose they were meanwhile nobody knows."""
    made: dict[str, User] = {"leaves": world.director, "stays": world.second_director}
    until = now() + timedelta(days=9)
    with database.transaction() as session:
        tell(session, world)
        edition = freeze(session, world.consultation, by=world.second_director)
        approve(session, edition, read=edition.document_hash, by=world.director)
        tokens = {
            who: make_token(
                session, world.consultation, name=who, editions=True, answers=True, expires_at=until, by=by
            )
            for who, by in made.items()
        }
        previews = {
            who: make_sign_off_link(session, world.consultation, made_for=who, expires_at=until, by=by)
            for who, by in made.items()
        }
        copies = {
            who: SEAL.reader_secret(
                let_read(session, edition, name=who, expires_at=until, seal=SEAL, by=by).id
            )
            for who, by in made.items()
        }
    with database.transaction() as session:
        user = session.get_one(User, world.director.id)
        [held] = [one for one in user.memberships if one.consultation_id == world.consultation.id]
        if left == "role taken":
            take_role(session, held, by=world.second_director)
        elif left == "made an observer":
            give_role(session, user, Role.OBSERVER, consultation_id=world.consultation.id)
            session.flush()
            give_role(session, user, Role.PROGRAMME_DIRECTOR, consultation_id=world.consultation.id)
        else:
            user.active = False
    with database.reading() as session:
        for secrets, found in (
            (tokens, token_by_secret),
            (previews, consultation_to_sign_off),
            (copies, reading_by_secret),
        ):
            working = {who for who, secret in secrets.items() if found(session, secret) is not None}
            assert working == {"stays"}, found.__name__
