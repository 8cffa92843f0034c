"""Words to read, and nothing to answer."""

from collections.abc import Sequence

from consult.consultations.kinds.kind import NOTHING, Given, Kind
from consult.consultations.models import Question
from consult.core.errors import N_


class Statement(Kind):
    """See the module."""

    code = "statement"
    title = N_("Statement")
    place = 8
    asks = False

    def read_values(self, question: Question, values: Sequence[str], words: str) -> Given:
        return NOTHING


KIND = Statement()
