"""Which moves an edition may make."""

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
