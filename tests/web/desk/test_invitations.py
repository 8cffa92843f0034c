"""Sending invitations from the desk: counted, looked at, sent once, and never a word on who has answered."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.core.audit import AuditEntry
from consult.core.clock import now
from consult.core.errors import Refused
from consult.core.mail.models import MailMessage, MailState, MailText
from consult.core.outbox import OutboxRow
from consult.operations.people.sending import remind
from tests.factories import World, make_invited
from tests.pages import Page, PageClient


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


def test_letters_hold_the_code_and_are_logged(session: Session, world: World, director: PageClient) -> None:
    page = director.page(f"/desk/{world.slug}/invitations")
    form = page.form("october/letters")
    shown = Page(director.post(form.action, data={"csrf_token": form.values["csrf_token"][0]}))
    code = world.participant.code
    assert f"{code[:3]}-{code[3:6]}-{code[6:]}" in shown.text
    assert "<svg" in shown.html
    assert world.other_participant.participant.name not in shown.text
    assert session.scalars(select(AuditEntry).where(AuditEntry.act == "letters_printed")).one()
