"""What is handed out is what is entered: both are read as of one moment, and entered while that moment still stands.

Working out a publication takes as long as it takes; nobody who submits an answer waits for it, since it is done in a
reading session. The turn to write is only as long as the entry.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.disclosure import Profile, Publication, keep_published, last_entered, publication_now
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.core.errors import Conflict
from consult.moderation.published import times_taken_out

ATTEMPTS = 5
"""At a moment at which nothing else is published, and nothing is taken back."""


@dataclass(frozen=True)
class Moment:
    """What the published view is at the moment of a still reading session, and what a file for release says then."""

    taken_out: int
    """How often something had left the view."""
    ground_rules_id: str
    publication: Publication | None
    """None where the file is for directors alone."""


def moment_of(session: Session, consultation: Consultation, profile: Profile) -> Moment:
    """The moment that this session reads, worked out."""
    rules = ground_rules_in_force(session, consultation)
    released = profile is Profile.PUBLICATION
    return Moment(
        times_taken_out(session, consultation),
        rules.id,
        publication_now(session, consultation, rules) if released else None,
    )


def enter(session: Session, consultation: Consultation, moment: Moment, *, by: User | None) -> bool:
    """Enter among the publications what is handed out of that moment. False, and nothing entered, where it has passed.

    It has passed once something was taken back, the ground rules changed, or something else was published beside which
    this was not checked.
    """
    rules, publication = ground_rules_in_force(session, consultation), moment.publication
    if moment.taken_out != times_taken_out(session, consultation) or moment.ground_rules_id != rules.id:
        return False
    if publication is None:
        return True
    if publication.after != last_entered(session, consultation):
        return False
    keep_published(session, consultation, rules, by=by, found=publication)
    return True


def never_still() -> Conflict:
    """Nothing was handed out, since every moment had passed before it could be entered."""
    return Conflict("Others publish here or take something back at this very moment. Try again in a minute.")
