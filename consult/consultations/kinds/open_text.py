"""Words in a box. How they may be used is the participant's to say."""

from collections.abc import Sequence

from consult.consultations.kinds.kind import Given, Kind, check_words
from consult.consultations.models import Question
from consult.core.errors import N_


class OpenText(Kind):
    """See the module."""

    code = "open_text"
    title = N_("Open text")
    place = 1
    closed = False
    missing = N_("Write your answer.")

    def read_values(self, question: Question, values: Sequence[str], words: str) -> Given:
        return Given(None, check_words(words, question.max_length))

    def from_cell(self, question: Question, cell: str) -> Given:
        return Given(None, check_words(cell, question.max_length))


KIND = OpenText()
