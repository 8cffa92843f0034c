"""What is wrong with a definition, all of it at once."""

from dataclasses import dataclass

from consult.core.errors import Invalid
from consult.operations.definition.lines import Path


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: on which line, in which field, and what to do."""

    line: int
    field: str
    what_to_do: str

    def __str__(self) -> str:
        where = f"line {self.line}, {self.field}" if self.field else f"line {self.line}"
        return f"{where}: {self.what_to_do}"


class InvalidDefinition(Invalid):
    """A definition that was not loaded; `problems` in the order of the file."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__(
            "%(name)s was not loaded. Mend what is named here, then load it again.\n%(list)s",
            name=name,
            list="\n".join(f"  {problem}" for problem in self.problems),
        )


def shown(path: Path) -> str:
    """A path as it is written in an error, tables counted from one: `meetings[2].starts`."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text
