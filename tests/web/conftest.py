"""The scene of the widest tests, made once and copied: making it takes longer than most of what is asked of it."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest

from consult.core.clock import now
from consult.core.database import Database
from consult.core.mail.models import MailMessage, MailState
from consult.operations.mailing.kinds import MailKind
from consult.participants.models import Invitation
from consult.settings import Settings
from tests.databases import Server
from tests.factories import make_world
from tests.web.scenes import Scene, make_scene

_made: dict[str, tuple[Scene, str]] = {}
"""By kind of database: what was made in this process, and where its copy is kept."""


@pytest.fixture
def scene(
    request: pytest.FixtureRequest, database: Database, settings: Settings, run_directory: Path
) -> Scene:
    """Two answers approved at each meeting. What one test does to it no other sees."""
    kind, name = database.url.get_backend_name(), str(database.url.database)
    server = None if database.is_sqlite else cast(Server, request.getfixturevalue("postgresql_server"))
    if kind not in _made:
        with database.session(writing=True) as session:
            scene = make_scene(session, make_world(session), settings, approved=2)
            session.add(_mailed(scene.quiet))
            session.commit()
        _made[kind] = scene, _keep(database, name, server, run_directory)
        return scene
    scene, kept = _made[kind]
    database.close()
    if server is None:
        shutil.copyfile(kept, name)
    else:
        server.drop(name)
        server.copy(kept, name)
    return scene


def _mailed(invitation: Invitation) -> MailMessage:
    """Without which nobody is reminded."""
    return MailMessage(
        kind=MailKind.INVITATION.value,
        language="en",
        consultation_id=invitation.meeting.consultation_id,
        participant_id=invitation.participant_id,
        invitation_id=invitation.id,
        address="p090@example.org",
        state=MailState.SENT,
        created_at=now(),
        sent_at=now(),
    )


def _keep(database: Database, name: str, server: Server | None, run_directory: Path) -> str:
    database.close()
    kept = f"{name}_scene" if server else f"{run_directory}/scene-of-{Path(name).parent.name}.db"
    if server:
        server.copy(name, kept)
    else:
        with closing(sqlite3.connect(name)) as source, closing(sqlite3.connect(kept)) as target:
            source.backup(target)
    return kept
