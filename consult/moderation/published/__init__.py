"""The published view: what reports and exports may read, and nothing else.

Decisions write it. The database refuses a row whose answer is not approved or whose level does not allow it, and takes
rows away with the approval, the revision or the answer.
"""

from consult.moderation.published.facts import (
    MeetingFacts,
    ParticipationFacts,
    Withheld,
    participation_facts,
    withheld,
)
from consult.moderation.published.leaving import times_taken_out
from consult.moderation.published.texts import (
    PublishedNote,
    number_of_rows,
    printed,
    published_notes,
    stands,
)
from consult.moderation.published.writing import as_printed, case_values, line_of, remove, write

__all__ = [
    "MeetingFacts",
    "ParticipationFacts",
    "PublishedNote",
    "Withheld",
    "as_printed",
    "case_values",
    "line_of",
    "number_of_rows",
    "participation_facts",
    "printed",
    "published_notes",
    "remove",
    "stands",
    "times_taken_out",
    "withheld",
    "write",
]
