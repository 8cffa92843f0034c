"""Sending invitations from the desk: counted, looked at, sent once, and never a word on who has answered."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.core.audit import AuditEntry
from consult.core.clock import now
from consult.core.errors import Refused
from consult.core.mail.models import MailMessage, MailState, MailText
from consult.core.outbox import OutboxRow
from consult.operations.people import sending
from consult.operations.people.sending import remind
from consult.settings import Settings
from tests.factories import World, make_invited
from tests.pages import Page, PageClient
from tests.web.scenes import make_scene


@pytest.fixture
def director(client: PageClient, world: World) -> PageClient:
    return client.sign_in(world.director)


def test_invitations_are_looked_at_and_sent_once(
    session: Session, world: World, director: PageClient
) -> None:
    for number in range(3, 7):
        make_invited(session, world.consultation, world.october, number)
    session.commit()
    start = director.page(f"/desk/{world.slug}/invitations")
    assert "Send 5 invitations" in start.text
    page = director.page(f"/desk/{world.slug}/invitations/october/send")
    assert "Participant 001" in page.text
    assert "Participant 006" not in page.text
    assert "Your view is asked" in page.text
    done = director.submit(page, "october/send")
    assert "on their way" in done.text
    mails = session.scalars(select(MailMessage)).all()
    assert len(mails) == len(session.scalars(select(OutboxRow)).all()) == 5
    session.commit()
    again = director.submit(page, "october/send")
    assert again.status == 409
    assert "Every invitation was mailed" in again.text
    assert len(session.scalars(select(MailMessage)).all()) == 5


def test_mail_that_never_left_is_tried_again_all_at_once(
    session: Session, world: World, director: PageClient
) -> None:
    make_invited(session, world.consultation, world.october, 3)
    session.commit()
    director.submit(director.page(f"/desk/{world.slug}/invitations/october/send"), "october/send")
    failed, came_back = session.scalars(select(MailMessage).order_by(MailMessage.address)).all()
    failed.state, failed.attempts, failed.last_error = (
        MailState.FAILED,
        9,
        "The mail server cannot be reached.",
    )
    came_back.state = MailState.BOUNCED
    session.execute(delete(OutboxRow))
    session.commit()
    page = director.page(f"/desk/{world.slug}/invitations")
    assert "Try 1 message again" in page.text
    assert "tried once more" in director.submit(page, "/again").text
    session.expire_all()
    assert (failed.state, failed.attempts, failed.last_error) == (MailState.QUEUED, 0, "")
    assert came_back.state is MailState.BOUNCED, "its address wants correcting"
    (promised,) = session.scalars(select(OutboxRow))
    assert promised.payload == {"message": failed.id}
    session.commit()
    twice = director.submit(page, "/again")
    assert (twice.status, "No mail is left" in twice.text) == (409, True)


def test_words_are_checked_previewed_kept_and_given_up(
    session: Session, world: World, director: PageClient
) -> None:
    address = f"/desk/{world.slug}/invitations/words/invitation/pl"
    page = director.page(address)
    assert "standard words" in page.text
    wrong = director.submit(page, "words/", body="{surname}", button="act=save")
    assert wrong.status == 422
    assert "{surname} stands for nothing here" in wrong.text
    body = "Szanowna Pani {name},\n\n<script>alert(1)</script>\n\n{link}"
    shown = director.submit(page, "words/", body=body, button="act=preview")
    assert "Szanowna Pani Aleksandra Nowak" in shown.text
    assert "<script>alert" not in shown.html
    assert session.scalars(select(MailText)).all() == []
    session.commit()
    assert "words are saved" in director.submit(shown, "words/", button="act=save").text
    assert session.scalars(select(MailText)).one().language == "pl"
    session.commit()
    director.submit(director.page(address), "words/", button="act=standard")
    assert session.scalars(select(MailText)).all() == []


def test_the_html_of_a_mail_is_shown_where_it_can_do_nothing(world: World, director: PageClient) -> None:
    address = f"/desk/{world.slug}/invitations/words/invitation/en"
    hostile = "<script>alert(1)</script> <img src=x onerror=alert(1)>\n\n{link}"
    typed = director.page(address).form("words/").values | {"subject": "Come", "body": hostile}
    shown = FlaskClient.open(director, f"{address}/html", method="POST", data=typed)  # with styles of its own
    policy = shown.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "&lt;script&gt;" in shown.text
    assert "<img" not in shown.text


def test_words_are_shown_as_a_mail_before_they_are_saved(
    session: Session, world: World, director: PageClient
) -> None:
    address = f"/desk/{world.slug}/invitations/words/invitation/pl"
    values = director.page(address).form("words/").values
    typed = values | {"subject": "Zażółć", "body": "Gęślą <b>jaźń</b>.\n\n{link}"}
    shown = FlaskClient.open(director, f"{address}/html", method="POST", data=typed)
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert "Gęślą &lt;b&gt;jaźń&lt;/b&gt;." in shown.text
    wrong = Page(director.post(f"{address}/html", data=values | {"body": "No way in.\n\n{nobody}"}))
    assert wrong.status == 422
    assert "No way in." in wrong.html
    assert "{nobody} stands for nothing here" in wrong.text
    assert session.scalars(select(MailText)).all() == []


@pytest.mark.parametrize("tail", ["words/invitation/xx", "words/test/en", "winter/send", "winter/remind"])
def test_what_is_not_there_is_not_found(world: World, director: PageClient, tail: str) -> None:
    assert director.get(f"/desk/{world.slug}/invitations/{tail}").status_code == 404


def test_a_test_mail_goes_to_oneself(session: Session, world: World, director: PageClient) -> None:
    page = director.page(f"/desk/{world.slug}/invitations")
    assert (
        "test mail to yourself is on its way" in director.submit(page, "invitations/test", language="fr").text
    )
    message = session.scalars(select(MailMessage)).one()
    assert (message.address, message.kind, message.language) == (world.director.email, "test", "fr")


def mailed(session: Session, world: World) -> None:
    session.add(
        MailMessage(
            consultation_id=world.consultation.id,
            kind="invitation",
            language="en",
            participant_id=world.participant.participant.id,
            invitation_id=world.participant.invitation.id,
            address=world.participant.participant.email,
            state=MailState.SENT,
            created_at=now(),
            sent_at=now(),
        )
    )
    session.commit()


def test_a_reminder_is_sent_once_a_day_and_says_to_nobody_whom(
    session: Session, world: World, director: PageClient
) -> None:
    mailed(session, world)
    page = director.page(f"/desk/{world.slug}/invitations/october/remind")
    assert "1 person has not answered" in page.text
    assert "Participant" not in page.text
    assert "reminders are on their way" in director.submit(page, "october/remind").text
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "reminders_sent")).one()
    assert world.participant.participant.id not in entry.facts + entry.subject
    row = session.scalars(select(MailMessage).where(MailMessage.kind == "reminder")).one()
    session.delete(row)  # as it is once it was sent
    session.commit()
    again = director.submit(page, "october/remind")
    assert again.status == 409
    assert "sent already" in again.text
    with pytest.raises(Refused):
        remind(
            session,
            world.consultation,
            world.october,
            occasion=entry.subject.partition(":")[2],
            by=world.director,
        )


def test_help_finds_a_person_and_what_became_of_the_mail(
    session: Session, world: World, director: PageClient
) -> None:
    mailed(session, world)
    address = f"/desk/{world.slug}/invitations?q=participant-001"
    before = director.page(address).text.partition("cannot get in")[2]
    assert "Mailed" in before
    world.participant.invitation.answered = True
    session.commit()
    assert director.page(address).text.partition("cannot get in")[2] == before


def test_letters_hold_the_code_are_one_pdf_and_are_logged(
    session: Session, world: World, director: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever somebody is called: a glyph that no font has is a box, and markup is only text."""
    world.participant.participant.name = "محمد 山田 \U00012000 #panic() $x$ \\"
    session.commit()
    page = director.page(f"/desk/{world.slug}/invitations")
    form = page.form("october/letters")
    sent = director.post(form.action, data={"csrf_token": form.values["csrf_token"][0], "after": ""})
    assert sent.content_type == "application/pdf"
    written = PdfReader(BytesIO(sent.data))
    code, (sheet,) = world.participant.code, written.pages
    assert f"{code[:3]}-{code[3:6]}-{code[6:]}" in sheet.extract_text()
    assert "panic()" in sheet.extract_text()
    assert session.scalars(select(AuditEntry).where(AuditEntry.act == "letters_printed")).one()
    session.rollback()

    for number in range(3, 8):
        make_invited(session, world.consultation, world.october, number)
    session.commit()
    monkeypatch.setattr(sending, "LETTERS", 4)
    page = director.page(f"/desk/{world.slug}/invitations")
    assert "part 2 of 2" in page.text
    parts = [form for form in page.forms if form.action.endswith("october/letters")]
    sheets = []
    for part in parts:
        sent = director.post(part.action, data={name: values[0] for name, values in part.values.items()})
        sheets.append(len(PdfReader(BytesIO(sent.data)).pages))
    assert sheets == [4, 2]


def test_the_last_look_shows_what_three_readers_get_and_no_secret(
    session: Session, world: World, director: PageClient
) -> None:
    page = director.page(f"/desk/{world.slug}/invitations/october/send")
    person = world.participant
    assert f"Dear {person.participant.name}" in page.text
    assert world.october.title in page.text
    assert person.secret not in page.html
    assert person.code not in page.html.replace("-", "")


def test_everybody_invited_is_told_once_that_the_report_is_out(
    session: Session, world: World, director: PageClient, settings: Settings
) -> None:
    assert "Nothing to announce" in director.page(f"/desk/{world.slug}/announce").text
    make_scene(session, world, settings, approved=1)
    page = director.page(f"/desk/{world.slug}/announce")
    assert "Edition 1" in page.text
    assert "Everybody is being told" in director.submit(page, "/announce").text
    told = session.scalars(select(MailMessage.address).where(MailMessage.kind == "published")).all()
    assert len(told) == len(set(told)) >= 3
    session.rollback()
    again = director.submit(page, "/announce")
    assert (again.status, "announced already" in again.text) == (409, True)


def test_reminders_are_planned_and_removed_on_a_page(world: World, director: PageClient) -> None:
    page = director.page(f"/desk/{world.slug}/reminders")
    planned = director.submit(page, "/reminders", hours="72")
    assert "3 days" in planned.text
    twice = director.submit(planned, "/reminders", hours="72", forget=None)
    assert (twice.status, "planned already" in twice.text) == (422, True)
    form = next(form for form in planned.forms if "forget" in form.values)
    sent = director.post(form.action, data={name: values[0] for name, values in form.values.items()})
    assert sent.status_code == 303
    assert "None is planned" in director.page(f"/desk/{world.slug}/reminders").text
