"""Kinds of what belongs to a meeting."""

from enum import StrEnum


class DatePrecision(StrEnum):
    """How exactly a date is known; a month is shown as a month."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


class LinkKind(StrEnum):
    """What a meeting's link leads to."""

    WEB_PAGE = "web_page"
    PROGRAMME = "programme"
    REPORT = "report"
    PODCAST = "podcast"
