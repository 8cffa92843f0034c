"""The word lists of words.toml."""

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any


def words(name: str) -> tuple[str, ...]:
    """One list, in its order."""
    return tuple(_written()[name].split())


def word_families(name: str) -> dict[str, tuple[str, ...]]:
    """One section: its keys, each with its list."""
    return {key: tuple(value.split()) for key, value in _written()[name].items()}


def phrases(name: str) -> frozenset[str]:
    """A section of phrases, one a line."""
    return frozenset(_written()[name]["phrases"].strip().splitlines())


@lru_cache(maxsize=1)
def _written() -> dict[str, Any]:
    source = files("consult.moderation.hints").joinpath("words.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
