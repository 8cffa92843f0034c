"""What a codebook or a project says, without the XML."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

_NAMESPACE = uuid.UUID("5d5b7ce0-3f1b-5f0e-9c55-9a3a27a4e3d1")


def guid_of(*parts: str) -> str:
    """An identifier that is the same each time for the same parts, and says nothing of them."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(parts)))


@dataclass(frozen=True)
class Code:
    """A theme with those under it. `colour` is "#rrggbb" or empty."""

    guid: str
    name: str
    description: str = ""
    colour: str = ""
    codable: bool = True
    under: tuple["Code", ...] = ()

    def walk(self) -> Iterator["Code"]:
        """Itself and all under it, each before its own."""
        yield self
        for code in self.under:
            yield from code.walk()


@dataclass(frozen=True)
class Coder:
    """Somebody who codes."""

    guid: str
    name: str


@dataclass(frozen=True)
class CodeGiven:
    """One code given by one coder."""

    guid: str
    code: str
    """The code's guid."""
    coder: str = ""


@dataclass(frozen=True)
class Passage:
    """Code points [starts, ends) of a source, with the codes given to them."""

    guid: str
    starts: int
    ends: int
    given: tuple[CodeGiven, ...] = ()


@dataclass(frozen=True)
class Source:
    """A text with its coded passages."""

    guid: str
    name: str
    text: str
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Case:
    """A passage with what is known of whoever said it: (variable's guid, value)."""

    guid: str
    name: str
    values: tuple[tuple[str, str], ...]
    passage: str


@dataclass(frozen=True)
class Project:
    """A whole project. `variables`: guid → name."""

    name: str
    coders: tuple[Coder, ...] = ()
    codes: tuple[Code, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)
    cases: tuple[Case, ...] = ()
    sources: tuple[Source, ...] = ()
    description: str = ""
