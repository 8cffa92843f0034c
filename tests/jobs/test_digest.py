"""Digests to moderators: seldom, together, numbers alone, through a real SMTP server."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.accounts.enums import Role
from consult.accounts.models import Membership, User
from consult.core.clock import now
from consult.core.database import Database
from consult.core.mail.models import MailMessage, MailState
from consult.jobs.queue import JobQueue
from consult.jobs.remind_moderators import remind_moderators
from consult.meetings.models import Asking
from consult.moderation.actions import decide
from consult.moderation.enums import Verdict
from consult.moderation.models import Digest
from consult.operations.mailing.digests import LEAST_NEW, MODERATING
from consult.operations.mailing.no_digests import token_for
from consult.permissions import CARRIED_BY, Permission
from consult.responses.models import Answer
from consult.responses.queries import current_revision
from tests.factories import World, make_answer
from tests.jobs.post import messages, text_of
from tests.mail_server import Script
from tests.pages import PageClient

WORDS = "Zawisza told me so."


def come_in(
    database: Database, world: World, number: int, *, asking: Asking | None = None, **facts: object
) -> None:
    with database.transaction() as session:
        for _ in range(number):
            answer = make_answer(session, world.consultation, world.rules, asking or world.asking, WORDS)
            for name, value in facts.items():
                setattr(answer, name, value)


def approve_all(database: Database, world: World, most: int | None = None) -> None:
    with database.transaction() as session:
        for answer in session.scalars(select(Answer).limit(most)).all():
            decide(
                session,
                answer,
                Verdict.APPROVE,
                read=current_revision(session, answer).hash,
                by=world.director,
            )


def test_five_answers_make_one_mail_each_to_those_who_moderate_there(
    queue: JobQueue, database: Database, world: World, script: Script
) -> None:
    come_in(database, world, LEAST_NEW)
    come_in(database, world, 2, asking=world.askings[world.may.id][0])
    assert remind_moderators(database) == 3
    queue.run_waiting()
    people = {str(message["To"]).partition("<")[0].strip(): text_of(message) for message in script.taken}
    assert set(people) == {"Director", "Second director", "Rapporteur"}
    assert "– NATO and Russia: 5\n– Deterrence and assurance: 2\n" in people["Director"]
    assert "– NATO and Russia: 5\n" in people["Rapporteur"]
    assert "Deterrence" not in people["Rapporteur"]
    assert "http://localhost/desk/warsaw/queue" in people["Director"]
    for message in script.taken:
        assert "Zawisza" not in message.as_string()
        assert message["Subject"] == "Answers are waiting for a decision"


def test_four_answers_make_none_and_the_fifth_does_once(
    queue: JobQueue, database: Database, world: World, script: Script, clock: Callable[[timedelta], None]
) -> None:
    come_in(database, world, LEAST_NEW - 1)
    assert remind_moderators(database) == 0
    come_in(database, world, 1)
    assert remind_moderators(database) == 3
    assert remind_moderators(database) == 0
    clock(timedelta(days=1))
    come_in(database, world, LEAST_NEW - 1)
    assert remind_moderators(database) == 0, "never one for each answer"
    come_in(database, world, 1)
    assert remind_moderators(database) == 3
    queue.run_waiting()
    assert len(script.taken) == 3, "yesterday’s, left unsent, had nothing to say any more"


def test_one_a_day_however_many_come_in(
    database: Database, world: World, clock: Callable[[timedelta], None]
) -> None:
    come_in(database, world, LEAST_NEW)
    assert remind_moderators(database) == 3
    clock(timedelta(hours=3))
    come_in(database, world, 50)
    assert remind_moderators(database) == 0
    clock(timedelta(hours=18))
    assert remind_moderators(database) == 3


def test_one_mail_speaks_of_all_consultations(
    queue: JobQueue, database: Database, world: World, script: Script
) -> None:
    come_in(database, world, LEAST_NEW)
    with database.transaction() as session:
        session.add(
            Membership(
                user_id=world.director.id, consultation_id=world.elsewhere.id, role=Role.PROGRAMME_DIRECTOR
            )
        )
        for _ in range(LEAST_NEW + 1):
            asking = next(iter(world.elsewhere_askings.values()))[0]
            make_answer(session, world.elsewhere, world.elsewhere_rules, asking, WORDS)
    assert remind_moderators(database) == 4
    queue.run_waiting()
    (mine,) = [text_of(m) for m in script.taken if str(m["To"]).startswith("Director")]
    assert "Consultation warsaw\n– NATO and Russia: 5" in mine
    assert "Consultation elsewhere\n– Another first: 6" in mine
    assert "http://localhost/desk/\n" in mine
    assert not [m for m in script.taken if "Observer" in str(m["To"]) or "Administrator" in str(m["To"])]


def test_at_closing_the_last_few_are_mentioned_once(
    database: Database, world: World, clock: Callable[[timedelta], None]
) -> None:
    come_in(database, world, 2)
    clock(timedelta(days=6, hours=23))
    assert remind_moderators(database) == 0
    clock(timedelta(days=1))
    assert remind_moderators(database) == 3
    clock(timedelta(days=2))
    assert remind_moderators(database) == 0


def test_what_needs_only_the_readers_second_approval_is_told_apart(
    queue: JobQueue, database: Database, world: World, script: Script
) -> None:
    with database.transaction() as session:
        session.merge(world.consultation).second_approval = True
    come_in(database, world, LEAST_NEW)
    assert remind_moderators(database) == 3
    approve_all(database, world, 2)
    queue.run_waiting()
    told = {str(message["To"]).partition("<")[0].strip(): text_of(message) for message in script.taken}
    assert "– NATO and Russia: 5\n" in told["Director"]
    assert "– NATO and Russia: 5, of which 2 for your second approval\n" in told["Second director"]


def test_what_the_desk_does_not_see_yet_is_not_told(database: Database, world: World) -> None:
    come_in(database, world, LEAST_NEW + 3, released=False)
    assert remind_moderators(database) == 0


def test_where_all_is_decided_by_then_nothing_is_sent(
    queue: JobQueue, database: Database, world: World, script: Script
) -> None:
    come_in(database, world, LEAST_NEW)
    assert remind_moderators(database) == 3
    approve_all(database, world)
    queue.run_waiting()
    assert script.taken == []
    assert {message.state for message in messages(database)} == {MailState.SUPPRESSED}
    assert remind_moderators(database) == 0


def test_whoever_wants_no_digests_gets_none(
    queue: JobQueue,
    database: Database,
    world: World,
    script: Script,
    client: PageClient,
    clock: Callable[[timedelta], None],
) -> None:
    come_in(database, world, LEAST_NEW)
    remind_moderators(database)
    queue.run_waiting()
    mine = next(message for message in script.taken if str(message["To"]).startswith("Director"))
    link = str(mine["List-Unsubscribe"]).strip("<>")
    assert f"No more digests: {link}" in text_of(mine)
    page = client.page(link.removeprefix("http://localhost"))
    assert "Stop the digests" in page.text, "whoever only looks, as a mail scanner does, stops nothing"
    stopped = client.submit(page, "/digests/", button="digests=no")
    assert "You get no more digests" in stopped.text
    with database.transaction() as session:
        others = session.get_one(User, world.second_director.id)
        token = token_for(others, "secret-key-of-the-tests-0123456789abcdef")
    assert client.post(f"/digests/{token}", data={"List-Unsubscribe": "One-Click"}).status_code == 204
    client.page(f"/digests/{token}x", 404)
    clock(timedelta(days=1))
    come_in(database, world, LEAST_NEW)
    assert remind_moderators(database) == 1, "the rapporteur, who said nothing"
    home = client.sign_in(world.director).page("/desk/")
    assert "You get no mail that says how many answers wait" in home.text
    assert (
        "At most once a day you get a mail" in client.submit(home, "/desk/digests", button="digests=yes").text
    )
    assert remind_moderators(database) == 1
    with database.transaction() as session:
        session.get_one(User, world.director.id).digests = False
    sent = len(script.taken)
    queue.run_waiting()
    assert [str(m["To"])[:10] for m in script.taken[sent:]] == ["Rapporteur"], (
        "not what was queued before either"
    )


def test_a_closed_account_is_told_nothing(session: Session, database: Database, world: World) -> None:
    world.director.active = False
    session.commit()
    come_in(database, world, LEAST_NEW)
    assert remind_moderators(database) == 2


def test_what_is_kept_of_it_are_numbers(database: Database, world: World) -> None:
    come_in(database, world, LEAST_NEW)
    remind_moderators(database)
    with database.reading() as session:
        rows = session.scalars(select(Digest)).all()
        assert {row.arrived for row in rows} == {LEAST_NEW}
        assert all(now() - row.told_at < timedelta(minutes=5) for row in rows)
        assert session.scalar(select(func.count()).select_from(MailMessage)) == 3


def test_those_told_are_those_who_may_moderate() -> None:
    assert CARRIED_BY[Permission.MODERATE] == MODERATING


def test_the_worker_does_it_each_morning(queue: JobQueue) -> None:
    assert "remind_moderators" in {task.__name__ for task in queue.huey._registry._periodic_tasks}
