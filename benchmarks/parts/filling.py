"""A consultation with many invitations, written as fast as the tables allow."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation_by_slug
from consult.core.clock import now
from consult.core.database import Database, migrate
from consult.core.identifiers import digest, new_id, new_secret
from consult.meetings.queries import meetings_of
from consult.operations.definition import read
from consult.operations.loading.consultation import load
from consult.participants.models import Invitation, Participant
from consult.settings import folder

SLUG = "warsaw-2016"


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder on the same disk as the checkout, gone afterwards."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as directory:
        yield Path(directory)


def with_invitations(database: Database, count: int) -> list[str]:
    """Migrate, load Warsaw, open it, and invite `count` people to its first meeting. Returns the links' secrets."""
    migrate(database.url.render_as_string(hide_password=False))
    with database.transaction() as session:
        load(session, read(folder("config") / "consultations" / f"{SLUG}.toml"))
        consultation = consultation_by_slug(session, SLUG)
        assert isinstance(consultation, Consultation)
        consultation.opens_at, consultation.closes_at = now() - timedelta(days=1), now() + timedelta(days=1)
        meeting = meetings_of(session, consultation)[0]
        secrets = [new_secret() for _ in range(count)]
        people = [
            {
                "id": new_id(),
                "consultation_id": consultation.id,
                "name": f"Participant {number}",
                "email": f"participant-{number}@example.org",
                "country": "PL",
                "organisation": "Ministry",
                "role": "Official",
                "role_label": "a national official",
                "sector": "government",
                "language": "en",
            }
            for number in range(count)
        ]
        session.execute(insert(Participant), people)
        session.execute(
            insert(Invitation),
            [
                {
                    "id": new_id(),
                    "participant_id": person["id"],
                    "meeting_id": meeting.id,
                    "secret_hash": digest(secret),
                    "code_hash": digest(new_id()),
                    "answered": False,
                    "declined": False,
                    "revoked": False,
                    "supplementary": False,
                }
                for person, secret in zip(people, secrets, strict=True)
            ],
        )
    return secrets
