"""Every kind of question, by its code. A new kind is a module here and a template `components/kinds/<code>.html`.

`KINDS[question.kind]` knows the rest: `title` (a sentence of the catalogues), `settings` (what a question of that
kind can be told, see `Setting`), `problems(settings)`, `options(question)`, `parse`, `words`, `columns` and `cells`,
`from_cell`, `tally`. Kind, settings and condition of a question are frozen by the first response at a meeting that
asks it: the database refuses, and `consult.responses.queries.frozen_questions` says which they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pkgutil import iter_modules

from consult.consultations.kinds.conditions import (
    Condition,
    Standing,
    Way,
    codes_meant,
    condition_of,
    limits_meant,
    ways_for,
)
from consult.consultations.kinds.kind import (
    NOTHING,
    OTHER,
    Column,
    Given,
    Kind,
    Limits,
    Option,
    Setting,
    Tally,
    label_of,
)
from consult.consultations.models import Question

__all__ = [
    "DEFAULT",
    "KINDS",
    "NOTHING",
    "OTHER",
    "Column",
    "Condition",
    "Given",
    "Kind",
    "Limits",
    "Option",
    "Setting",
    "Standing",
    "Tally",
    "Way",
    "codes_meant",
    "condition_of",
    "label_of",
    "limits_meant",
    "shown",
    "ways_for",
]


def _found() -> dict[str, Kind]:
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    kinds = sorted(
        (module.KIND for module in modules if hasattr(module, "KIND")), key=lambda kind: kind.place
    )
    return {kind.code: kind for kind in kinds}


KINDS: dict[str, Kind] = _found()
DEFAULT = next(iter(KINDS))
"""What a question is unless it says otherwise."""


def shown(questions: Iterable[Question], answers: Mapping[str, Sequence[str]]) -> list[Question]:
    """Those of the questions, in form order, that are shown; one that is not counts as unanswered for the next."""
    kept: list[Question] = []
    standing: dict[str, Standing] = {}
    for question in questions:
        condition = condition_of(question)
        if condition is None or condition.holds(standing):
            kept.append(question)
            if question.code in answers:
                standing[question.code] = KINDS[question.kind], answers[question.code]
    return kept
