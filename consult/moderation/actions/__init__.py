"""Deciding on answers, and what moderators leave for each other and for themselves."""

from consult.moderation.actions.deciding import LONGEST_NOTE, Decided, decide, decide_each
from consult.moderation.actions.noting import add_note
from consult.moderation.actions.opening import (
    LONGEST_REASON,
    TIME_TO_READ,
    Opened,
    agree_to_open,
    ask_to_open,
    read_opened,
)
from consult.moderation.actions.presence import BELIEVED, be_present
from consult.moderation.actions.views import forget_view, save_view
from consult.moderation.rules import Span

__all__ = [
    "BELIEVED",
    "LONGEST_NOTE",
    "LONGEST_REASON",
    "TIME_TO_READ",
    "Decided",
    "Opened",
    "Span",
    "add_note",
    "agree_to_open",
    "ask_to_open",
    "be_present",
    "decide",
    "decide_each",
    "forget_view",
    "read_opened",
    "save_view",
]
