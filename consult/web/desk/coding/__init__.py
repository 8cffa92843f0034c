"""Giving themes to answers: by hand, twice and unseen, with suggestions."""

from consult.web.desk.coding import agreement, beside, giving, importing, suggestions

PAGES = (
    agreement,
    beside,
    giving,
    importing,
    suggestions,
)

__all__ = ["PAGES"]
