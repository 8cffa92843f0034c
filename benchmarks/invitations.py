"""10,000 invitations queued by one press of a button, through the pages that a director uses.

Prints the seconds of each request (the look, the press with its commit and hand-over, the page after it) on the clock
and of the processor, and the floor: executemany of as many rows into the same two tables. `--people` for another size.
"""

import argparse
import re
import time

from parts.filling import SLUG, scratch, with_invitations
from sqlalchemy import func, insert, select

from consult.accounts.actions import ensure_user, give_role, set_password
from consult.accounts.enums import Role
from consult.app import create_app
from consult.consultations.queries import consultation_by_slug
from consult.core.clock import now
from consult.core.database import Database
from consult.core.identifiers import new_id
from consult.core.mail.models import MailMessage
from consult.core.outbox import OutboxRow
from consult.meetings.queries import meetings_of
from consult.settings import load

ADDRESS, PASSWORD = "director@example.org", "a password long enough"


def token_in(page: str) -> dict[str, str]:
    """The hidden fields of the last form of a page."""
    return dict(re.findall(r'<input[^>]*name="(csrf_token|shown)"[^>]*value="([^"]*)"', page))


def floor(database: Database, number: int) -> float:
    """Seconds of executemany of as many messages and promises."""
    with database.reading() as session:
        one = session.execute(select(MailMessage.__table__).limit(1)).mappings().one()
    mails = [{**one, "id": new_id(), "invitation_id": None, "occasion": ""} for _ in range(number)]
    promises = [
        {"id": new_id(), "kind": "send_mail", "payload": {"message": mail["id"]}, "created_at": now()}
        for mail in mails
    ]
    started = time.perf_counter()
    with database.transaction() as session:
        session.execute(insert(MailMessage.__table__), mails)
        session.execute(insert(OutboxRow.__table__), promises)
    return time.perf_counter() - started


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--people", type=int, default=10_000)
    number = arguments.parse_args().people
    with scratch() as folder:
        settings = load(
            {
                "CONSULT_DATABASE_URL": f"sqlite:///{folder}/bench.db",
                "CONSULT_SECRET_KEY": "k" * 40,
                "CONSULT_LINK_KEY": "l" * 40,
                "CONSULT_SECURE_COOKIES": "false",
            }
        )
        database = Database(settings.database_url)
        with_invitations(database, number)
        with database.transaction() as session:
            consultation = consultation_by_slug(session, SLUG)
            assert consultation is not None
            user = ensure_user(session, email=ADDRESS, name="Director")
            set_password(session, user, PASSWORD)
            give_role(session, user, Role.PROGRAMME_DIRECTOR, consultation_id=consultation.id)
            slug = meetings_of(session, consultation)[0].slug
        client = create_app(settings, database).test_client()
        client.post(
            "/sign-in",
            data=token_in(client.get("/sign-in").text) | {"email": ADDRESS, "password": PASSWORD},
        )
        print("| request | seconds | of the processor |")
        print("|---|---|---|")
        fields: dict[str, str] = {}
        send = f"/desk/{SLUG}/invitations/{slug}/send"
        for name, method, address in (
            ("the last look", "GET", send),
            ("the press", "POST", send),
            ("the page after it", "GET", f"/desk/{SLUG}/invitations"),
        ):
            clock, processor = time.perf_counter(), time.process_time()
            answer = client.open(address, method=method, data=fields if method == "POST" else None)
            print(f"| {name} | {time.perf_counter() - clock:.2f} | {time.process_time() - processor:.2f} |")
            assert answer.status_code in {200, 303}, answer.status
            fields = token_in(answer.text)
        with database.reading() as session:
            queued = session.scalar(select(func.count()).select_from(MailMessage))
        assert queued == number, queued
        print(
            f"| the floor: executemany of {number:,} messages and promises | {floor(database, number):.2f} | |"
        )


if __name__ == "__main__":
    main()
