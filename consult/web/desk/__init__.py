"""What programme directors and rapporteurs work in. A module of pages is listed here, which is what registers it."""

from consult.web.desk import (
    beside,
    bulk,
    codebook,
    codebook_theme,
    coding,
    figures,
    invitations,
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
)
from consult.web.desk.views import desk

PAGES = (
    beside,
    bulk,
    codebook,
    codebook_theme,
    coding,
    figures,
    invitations,
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
)

__all__ = ["PAGES", "desk"]
