"""What programme directors and rapporteurs work in. A module of pages is listed here, which is what registers it."""

from consult.web.desk import (
    agreement,
    beside,
    bulk,
    codebook,
    codebook_theme,
    coding,
    editions,
    coding_more,
    figures,
    invitations,
    links,
    log,
    people,
    people_import,
    people_joining,
    people_reminding,
    people_team,
    people_times,
    queue,
    reporting,
    setup,
    suggestions,
)
from consult.web.desk.views import desk

PAGES = (
    agreement,
    beside,
    bulk,
    codebook,
    codebook_theme,
    coding,
    editions,
    figures,
    coding_more,
    invitations,
    links,
    log,
    people,
    people_import,
    people_joining,
    people_reminding,
    people_team,
    people_times,
    queue,
    reporting,
    suggestions,
    setup,
)

__all__ = ["PAGES", "desk"]
