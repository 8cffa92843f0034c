"""Every kind of question, by its code. A new kind is a module here and a template `components/kinds/<code>.html`.

`KINDS[question.kind]` knows the rest: `title` (a sentence of the catalogues), `settings` (what a question of that
kind can be told, see `Setting`), `problems(settings)`, `options(question)`, `parse`, `words`, `columns` and `cells`,
`from_cell`, `tally`. Kind, settings and condition of a question are frozen by the first response at a meeting that
asks it: the database refuses, and `consult.responses.queries.frozen_questions` says which they are.
"""

from importlib import import_module
from pkgutil import iter_modules

from consult.consultations.kinds.conditions import Condition, Way, codes_meant, condition_of, shown, ways_for
from consult.consultations.kinds.kind import (
    NOTHING,
    OTHER,
    Column,
    Given,
    Kind,
    Option,
    Setting,
    Tally,
    label_of,
)

__all__ = [
    "DEFAULT",
    "KINDS",
    "NOTHING",
    "OTHER",
    "Column",
    "Condition",
    "Given",
    "Kind",
    "Option",
    "Setting",
    "Tally",
    "Way",
    "codes_meant",
    "condition_of",
    "kind_of",
    "label_of",
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


def kind_of(code: str) -> Kind:
    """The kind with that code. Raises KeyError for another word."""
    return KINDS[code]
