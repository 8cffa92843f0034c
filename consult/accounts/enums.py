"""Roles of staff."""

from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is in one consultation, or at one meeting of it."""

    PROGRAMME_DIRECTOR = "programme_director"
    RAPPORTEUR = "rapporteur"
    OBSERVER = "observer"
