"""Times as files write them: epochs, ISO, what Polis and LimeSurvey print. One that may mean two is refused."""

import re
from datetime import UTC, datetime, timedelta, timezone

from consult.core.errors import Invalid

_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")
_MILLISECONDS = 12
_WRITTEN = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}) "
    r"(?P<clock>\d{2}:\d{2}:\d{2}) (?P<zone>[A-Z]{1,5}|[+-]\d{4}) (?P<year>\d{4})"
)
_DAY_FIRST = re.compile(
    r"(?P<one>\d{1,2})(?P<sign>[./-])(?P<two>\d{1,2})(?P=sign)(?P<year>\d{4})"
    r"(?:,? (?P<clock>\d{1,2}:\d{2}(?::\d{2})?))?"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HOURS = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "WIB": 7, "WITA": 8, "WIT": 9, "JST": 9, "EST": -5, "EDT": -4, "CDT": -5, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
"""Abbreviations that mean one thing only; “IST”, “BST” or “CST” do not."""
_NO_DATE = "1980-01-01"
"""What LimeSurvey writes where a survey is not to keep dates."""
_LAST_MONTH = 12


def read_time(cell: str) -> datetime | None:
    """The instant, in UTC where the cell names no zone; None where it says that there is none. Raises Invalid."""
    text = cell.strip()
    if not text or text.startswith(_NO_DATE):
        return None
    try:
        found = _epoch(text) or _written(text) or _day_first(text) or datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError) as error:
        raise _unreadable(text) from error
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _epoch(text: str) -> datetime | None:
    if not text.isascii() or not _EPOCH.fullmatch(text):
        return None
    seconds = float(text) / (1000 if "." not in text and len(text) >= _MILLISECONDS else 1)
    return datetime.fromtimestamp(seconds, UTC)


def _written(text: str) -> datetime | None:
    """As Java prints a date, and Polis with it: “Mon Jul 17 16:10:15 WIB 2017”."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return None
    zone = match["zone"]
    if zone in _HOURS:
        offset = timedelta(hours=_HOURS[zone])
    elif zone[0] in "+-":
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:])) * (1 if zone[0] == "+" else -1)
    else:
        raise Invalid("“%(zone)s” names several time zones. Write the time as 2017-07-17 16:10.", zone=zone)
    if match["month"] not in _MONTHS:
        raise _unreadable(text)
    hour, minute, second = (int(part) for part in match["clock"].split(":"))
    month = _MONTHS.index(match["month"]) + 1
    return datetime(
        int(match["year"]), month, int(match["day"]), hour, minute, second, tzinfo=timezone(offset)
    )


def _day_first(text: str) -> datetime | None:
    """17.07.2017 16:10, and 17/07/2017 where only one of the two numbers can be a month."""
    match = _DAY_FIRST.fullmatch(text)
    if match is None:
        return None
    one, two = int(match["one"]), int(match["two"])
    if match["sign"] != "." and one != two and one <= _LAST_MONTH and two <= _LAST_MONTH:
        raise Invalid("“%(time)s” may mean two days. Write it as 2017-07-17.", time=text)
    day, month = (two, one) if two > _LAST_MONTH else (one, two)
    hour, minute, second = [*(int(part) for part in (match["clock"] or "0:0").split(":")), 0][:3]
    return datetime(int(match["year"]), month, day, hour, minute, second, tzinfo=UTC)


def _unreadable(text: str) -> Invalid:
    return Invalid("“%(time)s” is no time that is known here. Write it as 2017-07-17 16:10.", time=text[:40])
