"""Finding answers and responses."""

from consult.responses.queries.about import (
    kept_about,
)
from consult.responses.queries.answers import (
    COUNTED_UP_TO,
    answer_in,
    chosen_of,
    counts_by_state,
    current_revision,
    current_revisions,
    frozen_questions,
    imported_among,
    unchangeable_meetings,
    wordings_of,
)
from consult.responses.queries.gathered import (
    NoteRow,
    card_at,
    cards_at,
    cards_checked,
    note_at,
    notes_at,
    part_of_note,
)
from consult.responses.queries.whole import (
    handed_out,
    has_answered,
    locked_response,
    meeting_of_code,
    own_response,
    response_by_id,
    response_by_receipt,
    response_by_submission,
    standing_revisions,
)

__all__ = [
    "COUNTED_UP_TO",
    "NoteRow",
    "answer_in",
    "card_at",
    "cards_at",
    "cards_checked",
    "chosen_of",
    "counts_by_state",
    "current_revision",
    "current_revisions",
    "frozen_questions",
    "handed_out",
    "has_answered",
    "imported_among",
    "kept_about",
    "locked_response",
    "meeting_of_code",
    "note_at",
    "notes_at",
    "own_response",
    "part_of_note",
    "response_by_id",
    "response_by_receipt",
    "response_by_submission",
    "standing_revisions",
    "unchangeable_meetings",
    "wordings_of",
]
