"""The codebook: its themes, what belongs to them, and their history."""

from consult.web.desk.codebook import listing, theme, versions

PAGES = (
    listing,
    theme,
    versions,
)

__all__ = ["PAGES"]
