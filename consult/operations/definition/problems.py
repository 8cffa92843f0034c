"""What is wrong with a definition, all of it at once."""

from dataclasses import dataclass

from consult.core.errors import Invalid, Said
from consult.operations.definition.lines import Path


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: on which line, in which field, and what to do."""

    line: int
    field: str
    what_to_do: Said

    @property
    def sentence(self) -> Said:
        """All of it, for whoever shows it to translate."""
        if not self.field:
            return Said("line %(line)s: %(what)s", line=self.line, what=self.what_to_do)
        return Said(
            "line %(line)s, %(field)s: %(what)s", line=self.line, field=self.field, what=self.what_to_do
        )

    def __str__(self) -> str:
        return str(self.sentence)


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


def heading(path: Path) -> str:
    """A path as a heading of the file names it, between its brackets: `questions.wordings.prompt`."""
    return ".".join(part for part in path if isinstance(part, str))
