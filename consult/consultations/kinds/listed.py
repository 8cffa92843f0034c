"""What kinds with a list of options share: the options, "other" with words, and their words in an import."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from consult.consultations.kinds.kind import OTHER, Given, Kind, Option, Setting, check_words
from consult.consultations.models import Question
from consult.core.errors import N_, Invalid

CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
MOST_OPTIONS = 60
OPTIONS = Setting(
    "options", "options", N_("Answers to choose from"), [], N_("Each with a code that never changes.")
)
WITH_OTHER = Setting(OTHER, "switch", N_("Also offer “other”, with a box for words"), False)


class Listed(Kind):
    """A question with a list of options."""

    def problems(self, settings: Mapping[str, Any]) -> list[Invalid]:
        codes = [option["code"] for option in settings.get("options", [])]
        found = [
            Invalid(
                "“%(code)s” is no code. Use small letters a to z, digits, hyphens and underscores.",
                field="options",
                code=code[:40],
            )
            for code in codes
            if not CODE.fullmatch(code) or len(code) > 80
        ]
        if len(codes) < 2:
            found.append(Invalid("Give at least two options to choose from.", field="options"))
        if len(codes) > MOST_OPTIONS:
            found.append(
                Invalid(
                    "These are %(number)s options. Offer %(most)s at most.",
                    field="options",
                    number=len(codes),
                    most=MOST_OPTIONS,
                )
            )
        if len(set(codes)) < len(codes):
            found.append(Invalid("Two options have the same code. Give each its own.", field="options"))
        if OTHER in codes:
            found.append(
                Invalid(
                    "“%(code)s” is what the switch of that name adds. Give this option another code.",
                    field="options",
                    code=OTHER,
                )
            )
        return found

    def listed(self, settings: Mapping[str, Any]) -> list[Option]:
        listed = [Option(option["code"], option["label"]) for option in settings.get("options", [])]
        other = [Option(OTHER, {}, N_("Other"))] if settings.get(OTHER) else []
        return [*listed, *other]

    def _chosen(self, question: Question, values: Sequence[str], words: str) -> Given:
        """The codes in the question's order, and the words of "other"."""
        codes = [option.code for option in self.options(question)]
        if unknown := [value for value in values if value and value not in codes]:
            raise Invalid(
                "“%(value)s” is not among the answers. Choose one of those offered.",
                field="choice",
                value=unknown[0][:40],
            )
        chosen = tuple(code for code in codes if code in values)
        if OTHER not in chosen:
            return Given(chosen)
        kept = check_words(words, question.max_length)
        if not kept:
            raise Invalid("Say in a few words what “other” is.", field="text")
        return Given(chosen, kept)
