"""Any of several options. Choices: the codes, in the question's order."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from consult.consultations.kinds.kind import OTHER, Column, Given, Setting, label_of, prompt_of
from consult.consultations.kinds.listed import MOST_OPTIONS, OPTIONS, WITH_OTHER, Listed
from consult.consultations.models import Question
from consult.core.errors import N_, Invalid
from consult.core.text import tidy

_BETWEEN = re.compile(r"[;|\n]")
LEAST = Setting("least", "whole", N_("At least so many"), 0, most=MOST_OPTIONS)
MOST = Setting("most", "whole", N_("At most so many (0: any number)"), 0, most=MOST_OPTIONS)


class SeveralChoices(Listed):
    """See the module."""

    code = "several_choices"
    title = N_("Several choices")
    place = 3
    several = True
    settings = (OPTIONS, WITH_OTHER, LEAST, MOST)
    missing = N_("Choose at least one answer.")

    def problems(self, settings: Mapping[str, Any]) -> list[Invalid]:
        found = super().problems(settings)
        offered = len(settings.get("options", [])) + bool(settings.get(OTHER))
        least, most = settings.get("least", 0), settings.get("most", 0)
        if most and most < least:
            found.append(Invalid("This is less than the least that must be chosen.", field="most"))
        if max(least, most) > offered:
            found.append(
                Invalid(
                    "Only %(offered)s answers are offered.",
                    field="most" if most > offered else "least",
                    offered=offered,
                )
            )
        return found

    def read_values(self, question: Question, values: Sequence[str], words: str) -> Given:
        given = self._chosen(question, values, words)
        number = len(given.choices or ())
        least, most = question.settings.get("least", 0), question.settings.get("most", 0)
        if number and number < least:
            raise Invalid("Choose at least %(least)s.", field="choice", least=least)
        if most and number > most:
            raise Invalid(
                "You have chosen %(number)s. Choose %(most)s at most.",
                field="choice",
                number=number,
                most=most,
            )
        return given

    def columns(self, question: Question) -> list[Column]:
        prompt = prompt_of(question)
        return [
            Column(f"{question.code}.{option.code}", f"{prompt}: {label_of(option, 'en')}")
            for option in self.options(question)
        ]

    def cells(self, question: Question, choices: Sequence[str]) -> list[str]:
        return ["1" if option.code in choices else "0" for option in self.options(question)]

    def from_cell(self, question: Question, cell: str) -> Given:
        parts = [part for part in map(tidy, _BETWEEN.split(cell)) if part]
        known = {option.code for option in self.options(question)}
        codes = [self.code_of(question, part) for part in parts]
        if OTHER not in known:
            return self.read_values(question, codes, "")
        others = [code for code in codes if code not in known]
        chosen = [code for code in codes if code in known]
        return self.read_values(question, [*chosen, OTHER] if others else chosen, "; ".join(others))


KIND = SeveralChoices()
