"""A step on a scale, its ends or every step labelled, with "no view" where it is offered. Choices: "1" … "n"."""

from collections.abc import Mapping, Sequence
from typing import Any

from consult.consultations.kinds.kind import Given, Kind, Option, Setting
from consult.consultations.models import Question
from consult.core.errors import N_, Invalid

NO_VIEW = "no_view"
MOST_POINTS = 11


class Scale(Kind):
    """See the module."""

    code = "scale"
    title = N_("Scale")
    place = 4
    settings = (
        Setting("points", "whole", N_("How many steps"), 5, least=2, most=MOST_POINTS),
        Setting(
            "labels",
            "labels",
            N_("Words for the steps"),
            [],
            N_("For every step, or for the first and the last."),
        ),
        Setting(NO_VIEW, "switch", N_("Also offer “no view”"), False),
    )

    def problems(self, settings: Mapping[str, Any]) -> list[Invalid]:
        points, labels = settings.get("points", 5), settings.get("labels", [])
        if len(labels) not in (0, 2, points):
            return [
                Invalid(
                    "Give %(points)s labels, one for each step, or two for the first and the last.",
                    field="labels",
                    points=points,
                )
            ]
        return []

    def listed(self, settings: Mapping[str, Any]) -> list[Option]:
        points, labels = settings.get("points", 5), settings.get("labels", [])
        ends = {1: labels[0], points: labels[-1]} if labels else {}
        named = dict(enumerate(labels, 1)) if len(labels) == points else ends
        steps = [Option(str(step), named.get(step, {})) for step in range(1, points + 1)]
        return [*steps, Option(NO_VIEW, {}, N_("No view"))] if settings.get(NO_VIEW) else steps

    def rising(self, settings: Mapping[str, Any]) -> list[str]:
        return [str(step) for step in range(1, settings.get("points", 5) + 1)]

    def read_values(self, question: Question, values: Sequence[str], words: str) -> Given:
        chosen = [value for value in values if value]
        if len(chosen) > 1:
            raise Invalid("Choose one answer only.", field="choice")
        if chosen and chosen[0] not in {option.code for option in self.options(question)}:
            raise Invalid(
                "“%(value)s” is not among the answers. Choose one of those offered.",
                field="choice",
                value=chosen[0][:40],
            )
        return Given(tuple(chosen))

    def words(self, question: Question, choices: Sequence[str], language: str) -> list[str]:
        """A labelled step as "4 – agree", so that a reader sees where on the scale it lies."""
        told = super().words(question, choices, language)
        return [
            f"{code} – {label}" if code.isdigit() and label != code else label
            for code, label in zip(choices, told, strict=True)
        ]


KIND = Scale()
