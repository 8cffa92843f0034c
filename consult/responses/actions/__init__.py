"""Taking answers in: from participants, once each, and from elsewhere; changing and withdrawing them."""

from consult.responses.actions.carding import (
    confirm_card,
    correct_card,
    discard_card,
    enter_card,
    given_on,
)
from consult.responses.actions.changing import Change, change, may_change, take_out_of_use, withdraw
from consult.responses.actions.drafting import (
    Drafted,
    KeptDraft,
    drop_draft,
    drop_old_drafts,
    kept_draft,
    save_draft,
)
from consult.responses.actions.gathering import GatheredAnswer, add_answers
from consult.responses.actions.noting import discussed, note
from consult.responses.actions.submitting import Receipt, receipt_code, submit
from consult.responses.actions.unlinked import exchange, join, release, submit_unlinked
from consult.responses.actions.words import GivenAnswer

__all__ = [
    "Change",
    "Drafted",
    "GatheredAnswer",
    "GivenAnswer",
    "KeptDraft",
    "Receipt",
    "add_answers",
    "change",
    "confirm_card",
    "correct_card",
    "discard_card",
    "discussed",
    "drop_draft",
    "drop_old_drafts",
    "enter_card",
    "exchange",
    "given_on",
    "join",
    "kept_draft",
    "may_change",
    "note",
    "receipt_code",
    "release",
    "save_draft",
    "submit",
    "submit_unlinked",
    "take_out_of_use",
    "withdraw",
]
