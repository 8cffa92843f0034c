"""Which moves an edition may make, and when it may be taken back."""

from consult.core.errors import Refused
from consult.reports.enums import MOVES, EditionState
from consult.reports.models import Edition


def move(edition: Edition, to: EditionState) -> None:
    """Set an edition's state. Raises Refused for a move that the table does not know."""
    if to not in MOVES[edition.state]:
        raise Refused(
            "Edition %(number)s is %(state)s already. Load the page again and look.",
            number=edition.number,
            state=edition.state.value,
        )
    edition.state = to


def may_be_withdrawn(edition: Edition) -> bool:
    """Whether it was ever public, and still stands."""
    return edition.state is not EditionState.FROZEN and edition.withdrawn_at is None
