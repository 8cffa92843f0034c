"""A data file together with what must be known to use it, as one ZIP."""

from collections.abc import Callable, Iterator

from consult.exports.data import csv
from consult.exports.data.released import ENGLISH, Released
from consult.exports.packing import packed
from consult.exports.rates import RATES
from consult.exports.speaking import TRANSLATED, Voice, voice


def render(released: Released, name: str, make: Callable[[Released], Iterator[bytes]]) -> Iterator[bytes]:
    """The archive in pieces: the file, its data dictionary, response rates, codebook, and a read-me."""
    return packed(_files(released, name, make))


def _files(
    released: Released, name: str, make: Callable[[Released], Iterator[bytes]]
) -> Iterator[tuple[str, Iterator[bytes]]]:
    handling = released.handling
    yield "READ-ME.txt", iter([_readme(released, ENGLISH)])
    if released.language != "en" and released.language in TRANSLATED:
        yield f"READ-ME.{released.language}.txt", iter([_readme(released, voice(released.language))])
    yield name, make(released)
    yield (
        "data-dictionary.csv",
        csv.table(
            ("column", "type", "holds"),
            [(each, "text", words) for each, words in released.dictionary.items()],
        ),
    )
    rates = (
        ("all meetings", *map(_cell, list(entry.values())[1:]))
        if entry["meeting"] is None
        else tuple(map(_cell, entry.values()))
        for entry in released.rates()
    )
    head = (*RATES, "handling")
    yield "response-rates.csv", csv.table(head, rates, handling)
    codebook = [
        (theme["code"], theme["title"], theme["description"], theme["parent"] or "")
        for theme in released.codebook
    ]
    yield "codebook.csv", csv.table(("theme", "title", "what it covers", "part of"), codebook)


def _cell(value: str | int | None) -> str:
    return "" if value is None else str(value)


def _readme(released: Released, speaking: Voice) -> bytes:
    lines = [f"{what}\r\n{words}" for what, words in released.notes(speaking)]
    return ("\r\n\r\n".join(lines) + "\r\n").encode("utf-8")
