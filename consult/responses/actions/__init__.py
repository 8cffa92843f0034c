"""Taking answers in: from participants, once each, and from elsewhere; changing and withdrawing them."""

from consult.responses.actions.changing import Change, change, may_change, withdraw
from consult.responses.actions.gathering import GatheredAnswer, add_answer, add_answers
from consult.responses.actions.submitting import Receipt, receipt_code, submit
from consult.responses.actions.unlinked import exchange, join, release, submit_unlinked
from consult.responses.actions.words import GivenAnswer

__all__ = [
    "Change",
    "GatheredAnswer",
    "GivenAnswer",
    "Receipt",
    "add_answer",
    "add_answers",
    "change",
    "exchange",
    "join",
    "may_change",
    "receipt_code",
    "release",
    "submit",
    "submit_unlinked",
    "withdraw",
]
