"""Finding themes and codings, the piles of the coding page, and the tallies that only the gate can open."""

from consult.analysis.queries.codebook import (
    coded_with,
    theme_by_code,
    theme_codes,
    themes_of,
)
from consult.analysis.queries.piles import (
    Codable,
    Pile,
    answers_with_theme,
    codable_answer,
    next_codable,
    piles,
)

__all__ = [
    "Codable",
    "Pile",
    "answers_with_theme",
    "codable_answer",
    "coded_with",
    "next_codable",
    "piles",
    "theme_by_code",
    "theme_codes",
    "themes_of",
]
