"""Answers that did not come through a browser: cards on paper, a rapporteur's notes, files from elsewhere."""

from consult.web.desk.gathering import cards, importing, notes, printing

PAGES = (cards, importing, notes, printing)

__all__ = ["PAGES"]
