"""Reading a definition file: the whole of it is checked before anything is done, and every fault is named."""

import tomllib
from pathlib import Path

from consult.core.errors import Invalid, Said
from consult.operations.definition.fields import Faults, Fields
from consult.operations.definition.lines import lines_of
from consult.operations.definition.problems import InvalidDefinition, Problem
from consult.operations.definition.references import check_references
from consult.operations.definition.sections import read_definition
from consult.operations.definition.shapes import Definition

__all__ = ["Definition", "InvalidDefinition", "Problem", "parse", "read"]

LARGEST_FILE = 2 * 1024 * 1024


def read(path: Path) -> Definition:
    """The definition in a file. Raises InvalidDefinition with every fault, Invalid where there is no text to read."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Invalid("%(file)s is larger than 2 MB, so it is no definition.", file=path)
        content = path.read_bytes()
    except OSError as error:
        raise Invalid("%(file)s cannot be read: %(why)s.", file=path, why=error.strerror) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Invalid(
            "%(file)s is not UTF-8 text: line %(line)s holds something else. A definition is a TOML file; "
            "save it as UTF-8.",
            file=path,
            line=line,
        ) from error
    return parse(text, name=str(path))


def parse(text: str, *, name: str = Said("The definition")) -> Definition:
    """The definition in a TOML text."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidDefinition(name, [_not_toml(str(error), text)]) from error
    except RecursionError as error:
        raise Invalid("%(file)s nests brackets too deeply to be a definition.", file=name) from error
    faults = Faults(lines_of(text))
    definition = read_definition(Fields(document, (), faults))
    check_references(definition, faults)
    if faults.problems:
        raise InvalidDefinition(name, faults.problems)
    return definition


_NOT_TOML = {
    "Expected '='": Said("write an equals sign between the name and its value"),
    "Expected ']": Said("a heading in square brackets is not closed"),
    "Expected newline": Said("begin a new line after each value; put texts into quotation marks"),
    "Unterminated": Said("a quotation mark is not closed"),
    "Illegal character": Said("a quotation mark is not closed"),
    "Unescaped": Said("write each backslash in a text twice"),
    "Unclosed": Said("a bracket is not closed"),
    "Invalid value": Said("write a value after the equals sign, texts in quotation marks"),
    "Invalid date": Said("this day or time does not exist"),
    "Invalid statement": Said("this is neither a heading nor a name with a value"),
    "Invalid initial": Said("this is neither a heading nor a name with a value"),
    "Cannot": Said("this name stands twice"),
    "Duplicate": Said("this name stands twice"),
}
"""How tomllib's sentences begin, and what they mean to somebody who mends the file."""
_SOMETHING = Said("look at the brackets, equals signs and quotation marks here")


def _not_toml(message: str, text: str) -> Problem:
    """tomllib says `What (at line 3, column 7)` or `What (at end of document)`."""
    what, _, where = message.rpartition(" (at ")
    line = text.count("\n") + 1
    if where.startswith("line "):
        line = int(where.removeprefix("line ").split(",")[0])
    told = (said for start, said in _NOT_TOML.items() if (what or message).startswith(start))
    return Problem(line, "", Said("this is not valid TOML: %(what)s.", what=next(told, _SOMETHING)))
