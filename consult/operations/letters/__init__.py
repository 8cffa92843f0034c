"""Paper: invitation letters, posters and cards to write on, one PDF each."""

from consult.operations.letters.writing import (
    AskedOnCard,
    Card,
    Letterhead,
    Poster,
    card_pdf,
    letters_pdf,
    poster_pdf,
)

__all__ = [
    "AskedOnCard",
    "Card",
    "Letterhead",
    "Poster",
    "card_pdf",
    "letters_pdf",
    "poster_pdf",
]
