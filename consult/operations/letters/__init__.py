"""Paper: invitation letters and posters, one PDF each."""

from consult.operations.letters.writing import Letterhead, Poster, letters_pdf, poster_pdf

__all__ = ["Letterhead", "Poster", "letters_pdf", "poster_pdf"]
