"""Who may see and decide what in the queue. A refusal changes nothing."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.core.database import Database
from consult.moderation.actions import decide
from consult.moderation.enums import RejectReason, Verdict
from consult.moderation.models import Decision, PublishedText
from consult.responses.enums import AnswerState
from consult.responses.models import Answer
from consult.responses.queries import current_revision
from tests.factories import World, make_answer
from tests.pages import PageClient

CANARY = "The canary sings at midnight."


@pytest.fixture
def answers(session: Session, world: World) -> dict[str, Answer]:
    """One answer at each meeting, and one elsewhere."""
    made = {
        "october": make_answer(session, world.consultation, world.rules, world.asking, "From October."),
        "may": make_answer(session, world.consultation, world.rules, world.askings[world.may.id][0], CANARY),
        "elsewhere": make_answer(
            session,
            world.elsewhere,
            world.elsewhere_rules,
            next(iter(world.elsewhere_askings.values()))[0],
            "From elsewhere.",
        ),
    }
    session.commit()
    return made


def decisions(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Decision)) or 0


def post(client: PageClient, world: World, session: Session, answer: Answer, user: User) -> int:
    """A decision sent by hand, with a token that this very browser holds."""
    client.sign_in(user)
    client.get("/sign-in")
    token = client.page("/sign-in").form().values["csrf_token"]
    read = current_revision(session, answer).hash
    session.commit()
    fields = {"csrf_token": token, "read": read, "read_number": "0", "act": "approve"}
    return client.post(f"/desk/{world.slug}/queue/{answer.id}/decide", data=fields).status_code


@pytest.mark.parametrize(
    ("role", "meeting", "status"),
    [
        ("director", "october", 303),
        ("director", "may", 303),
        ("director", "elsewhere", 404),
        ("rapporteur", "october", 303),
        ("rapporteur", "may", 404),
        ("rapporteur", "elsewhere", 404),
        ("observer", "october", 403),
        ("outsider", "october", 404),
        ("outsider", "elsewhere", 404),
        ("administrator", "october", 404),
    ],
)
def test_a_decision_is_checked_again_when_it_is_sent(
    session: Session,
    world: World,
    answers: dict[str, Answer],
    database: Database,
    client: PageClient,
    role: str,
    meeting: str,
    status: int,
) -> None:
    answer = answers[meeting]
    assert post(client, world, session, answer, getattr(world, role)) == status
    assert decisions(database) == (status == 303)
    with database.reading() as after:
        wanted = AnswerState.APPROVED if status == 303 else AnswerState.WAITING
        assert after.get_one(Answer, answer.id).state is wanted


def test_nobody_decides_without_signing_in(
    world: World, answers: dict[str, Answer], database: Database, client: PageClient
) -> None:
    answered = client.post(
        f"/desk/{world.slug}/queue/{answers['october'].id}/decide", data={"act": "approve"}
    )
    assert answered.status_code == 303
    assert answered.location.endswith("/sign-in")
    assert decisions(database) == 0


def test_a_rapporteur_sees_their_meeting_alone(
    world: World, answers: dict[str, Answer], client: PageClient
) -> None:
    client.sign_in(world.rapporteur)
    page = client.page(f"/desk/{world.slug}/queue")
    assert "From October." in page.text
    assert CANARY not in page.html
    assert "Deterrence and assurance" not in page.text
    client.page(f"/desk/{world.slug}/queue?meeting=may", 404)
    client.page(f"/desk/{world.slug}/queue/{answers['may'].id}", 404)
    sneaky = client.page(f"/desk/{world.slug}/queue?done={answers['may'].id}")
    assert CANARY not in sneaky.html


def test_an_observer_and_an_outsider_see_no_queue(
    world: World, answers: dict[str, Answer], client: PageClient
) -> None:
    for user, status in ((world.observer, 403), (world.outsider, 404), (world.administrator, 404)):
        client.sign_in(user)
        for path in ("queue", f"queue/{answers['october'].id}"):
            page = client.page(f"/desk/{world.slug}/{path}", status)
            assert "From October." not in page.html


def test_a_withdrawn_answer_is_read_by_nobody(session: Session, world: World, client: PageClient) -> None:
    gone = make_answer(
        session, world.consultation, world.rules, world.asking, CANARY, state=AnswerState.WITHDRAWN
    )
    session.commit()
    client.sign_in(world.director)
    page = client.page(f"/desk/{world.slug}/queue/{gone.id}", 404)
    assert "withdrawn" in page.text
    assert CANARY not in page.html


def test_a_rejected_answer_is_in_nothing_published(
    session: Session, world: World, answers: dict[str, Answer]
) -> None:
    canary = answers["may"]
    decide(
        session,
        canary,
        Verdict.REJECT,
        read=current_revision(session, canary).hash,
        by=world.director,
        reason=RejectReason.SENSITIVE,
    )
    shown = answers["october"]
    decide(session, shown, Verdict.APPROVE, read=current_revision(session, shown).hash, by=world.director)
    session.commit()
    assert session.scalars(select(PublishedText.text)).all() == ["From October."]
