"""Finding answers to moderate: scoped to meetings, in shuffled order, in a fixed number of queries."""

from consult.moderation.queries.colleagues import Around, WrittenNote, around, beside, others_on, saved_views
from consult.moderation.queries.counting import COUNTED_UP_TO, StateCounts, state_counts
from consult.moderation.queries.openings import (
    ShownOpening,
    Told,
    opening_in,
    openings_of,
    openings_to_agree,
    told_of_openings,
)
from consult.moderation.queries.pile import Pile
from consult.moderation.queries.piles import (
    QueueLine,
    line_after,
    line_before,
    next_line,
    oldest_waiting,
    queue_page,
)
from consult.moderation.queries.reading import (
    LoggedDecision,
    Reading,
    hold,
    reading,
    readings,
    words_before,
    words_read,
)
from consult.moderation.queries.searching import LONGEST_SEARCH, SHOWN, Search, searched
from consult.moderation.queries.seconding import approved_once, counted_for

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
    "ShownOpening",
    "StateCounts",
    "Told",
    "WrittenNote",
    "approved_once",
    "around",
    "beside",
    "counted_for",
    "hold",
    "line_after",
    "line_before",
    "next_line",
    "oldest_waiting",
    "opening_in",
    "openings_of",
    "openings_to_agree",
    "others_on",
    "queue_page",
    "reading",
    "readings",
    "saved_views",
    "searched",
    "state_counts",
    "told_of_openings",
    "words_before",
    "words_read",
]
