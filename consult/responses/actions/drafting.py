"""What somebody has written and not sent: kept for a day, sealed, where the mode links invitation and answer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, exists, select
from sqlalchemy.orm import Session

from consult.consultations.enums import Mode
from consult.consultations.models import GroundRules
from consult.core.clock import now
from consult.core.database import insert_or_update, table_of
from consult.core.errors import Refused, Unavailable
from consult.core.sealing import Seal
from consult.participants.models import Invitation
from consult.responses.models import Draft
from consult.responses.queries import has_answered

LIFE = timedelta(hours=24)
_OF_HANDLE = table_of(Draft).c.handle == bindparam("draft_handle")
_SEALED = select(table_of(Draft).c.sealed).where(_OF_HANDLE)
HAS_DRAFT = exists().where(_OF_HANDLE)
"""As a column of some other statement, with `draft_handle` among its parameters."""
_DROP = delete(table_of(Draft)).where(_OF_HANDLE)
_ROOM = 4096
"""Sealed texts are filled up to a multiple of so many characters, so that their size says little of their words."""


@dataclass(frozen=True)
class Drafted:
    """One answer as far as it was written. `use` is what was ticked, or empty."""

    text: str = ""
    choices: Sequence[str] = ()
    use: str = ""


@dataclass(frozen=True)
class KeptDraft:
    """Question → answer, until when it is kept, and whether choices may be counted, where that was said."""

    answers: Mapping[str, Drafted]
    until: datetime
    use_closed: str = ""


def save_draft(
    session: Session,
    invitation: Invitation,
    rules: GroundRules,
    answers: Mapping[str, Drafted],
    *,
    use_closed: str,
    seal: Seal,
) -> datetime:
    """Keep this in place of what was kept before; until when. Raises Refused in unlinked mode and once it is sent."""
    if has_answered(session, invitation, rules.mode, seal):
        raise Refused("Your answer is in already. Your receipt code shows it at /receipt.")
    if rules.mode is Mode.UNLINKED:
        raise Refused(
            "In this consultation nothing is kept that could lead from your invitation to your words."
        )
    if invitation.seen_at_desk:
        raise Refused("The people who invited you have had your link, so nothing unsent is kept behind it.")
    until = now() + LIFE
    handle = seal.draft_handle(invitation.id)
    said = json.dumps(
        {
            "until": until.isoformat(),
            "use_closed": use_closed,
            "answers": {question: asdict(answer) for question, answer in answers.items()},
        }
    )
    filled = said.ljust(-(-len(said) // _ROOM) * _ROOM)
    insert_or_update(
        session,
        Draft,
        "handle",
        handle=handle,
        sealed=seal.close(filled, under=handle),
        gone_on=until.date() + timedelta(days=1),
    )
    return until


def kept_draft(session: Session, invitation: Invitation, rules: GroundRules, seal: Seal) -> KeptDraft | None:
    """What is kept under this invitation, while its life lasts and this installation's key opens it."""
    if rules.mode is Mode.UNLINKED or invitation.seen_at_desk:
        return None
    handle = seal.draft_handle(invitation.id)
    sealed = session.connection().execute(_SEALED, {"draft_handle": handle}).scalar()
    if sealed is None:
        return None
    try:
        said = json.loads(seal.open(sealed, under=handle))
    except Unavailable:  # the link key was replaced since
        return None
    until = datetime.fromisoformat(said["until"])
    if until <= now():
        return None
    answers = {question: Drafted(**answer) for question, answer in said["answers"].items()}
    return KeptDraft(answers, until, said["use_closed"])


def drop_draft(session: Session, invitation_id: str, seal: Seal) -> None:
    """Forget what is kept under this invitation."""
    session.connection().execute(_DROP, {"draft_handle": seal.draft_handle(invitation_id)})


def drop_old_drafts(session: Session) -> int:
    """Forget what has outlived its day; how many."""
    found = session.connection().execute(
        delete(table_of(Draft)).where(table_of(Draft).c.gone_on <= now().date())
    )
    return found.rowcount
