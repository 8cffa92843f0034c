"""Handing out a file of the published view: read as of one moment, entered and logged in one short turn to write."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import TypeVar

from consult.analysis.disclosure import Profile
from consult.consultations.models import Consultation
from consult.core import audit
from consult.exports.entering import ATTEMPTS, enter, moment_of, never_still
from consult.web.guards import Scope, scope_writing
from consult.web.installation import current_database
from consult.web.transactions import Session

T = TypeVar("T")
Read = Callable[[Session, Consultation], T]


def handed_out(
    scope: Scope, code: str, profile: Profile, meeting: str | None, read: Read[T]
) -> tuple[T, ExitStack]:
    """What `read` makes of the published view, and what holds that moment until the last byte of it is read.

    The audit log is told before anything is handed out. Raises Conflict where the view never stood still.
    """
    database = current_database()
    for _attempt in range(ATTEMPTS):
        with ExitStack() as held:
            session = held.enter_context(database.reading(still=True))
            consultation = session.get_one(Consultation, scope.consultation.id)
            moment = moment_of(session, consultation, profile)
            content = read(session, consultation)
            writing = scope_writing(scope)
            if enter(writing.session, consultation, moment, by=scope.user):
                log_export(writing, code, profile, meeting)
                return content, held.pop_all()
            writing.session.rollback()
    raise never_still()


def log_export(scope: Scope, code: str, profile: Profile, meeting: str | None) -> None:
    """What is handed out, for the audit log."""
    audit.record(
        scope.session,
        "published_view.export",
        user_id=scope.user.id,
        consultation_id=scope.consultation.id,
        format=code,
        profile=profile.value,
        meeting=meeting,
    )
