"""One of several options. Choices: one code."""

from collections.abc import Sequence

from consult.consultations.kinds.kind import OTHER, Given
from consult.consultations.kinds.listed import OPTIONS, WITH_OTHER, Listed
from consult.consultations.models import Question
from consult.core.errors import N_, Invalid
from consult.core.text import tidy


class SingleChoice(Listed):
    """See the module."""

    code = "single_choice"
    title = N_("Single choice")
    place = 2
    settings = (OPTIONS, WITH_OTHER)

    def read_values(self, question: Question, values: Sequence[str], words: str) -> Given:
        given = self._chosen(question, values, words)
        if given.choices and len(given.choices) > 1:
            raise Invalid("Choose one answer only.", field="choice")
        return given

    def from_cell(self, question: Question, cell: str) -> Given:
        text = tidy(cell)
        code = self.code_of(question, text)
        known = {option.code for option in self.options(question)}
        if text and code not in known and OTHER in known:
            return self.read_values(question, [OTHER], text)
        return self.read_values(question, [code] if text else [], text)


KIND = SingleChoice()
