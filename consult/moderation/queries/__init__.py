"""Finding answers to moderate: scoped to meetings, in shuffled order, in a fixed number of queries."""

from consult.moderation.queries.colleagues import Around, WrittenNote, around, beside, others_on, saved_views
from consult.moderation.queries.piles import (
    COUNTED_UP_TO,
    SHOWN,
    Pile,
    QueueLine,
    StateCounts,
    line_after,
    line_before,
    next_line,
    oldest_waiting,
    queue_page,
    state_counts,
)
from consult.moderation.queries.reading import (
    LoggedDecision,
    Reading,
    decisions_on,
    reading,
    readings,
    words_before,
    words_read,
)
from consult.moderation.queries.searching import LONGEST_SEARCH, Search, searched

__all__ = [
    "COUNTED_UP_TO",
    "LONGEST_SEARCH",
    "SHOWN",
    "Around",
    "LoggedDecision",
    "Pile",
    "QueueLine",
    "Reading",
    "Search",
    "StateCounts",
    "WrittenNote",
    "around",
    "beside",
    "decisions_on",
    "line_after",
    "line_before",
    "next_line",
    "oldest_waiting",
    "others_on",
    "queue_page",
    "reading",
    "readings",
    "saved_views",
    "searched",
    "state_counts",
    "words_before",
    "words_read",
]
