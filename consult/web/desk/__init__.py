"""What programme directors and rapporteurs work in. A module of pages is listed here, which is what registers it."""

from consult.web.desk import (
    codebook,
    coding,
    composing,
    figures,
    gathering,
    links,
    log,
    people,
    queue,
    reporting,
    setup,
)
from consult.web.desk.views import desk

PAGES = (
    codebook,
    coding,
    composing,
    figures,
    gathering,
    links,
    log,
    people,
    queue,
    reporting,
    setup,
)

__all__ = ["PAGES", "desk"]
