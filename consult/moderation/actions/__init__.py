"""Deciding on answers, and what moderators leave for each other and for themselves."""

from consult.moderation.actions.deciding import LONGEST_NOTE, Decided, decide, decide_each
from consult.moderation.actions.noting import add_note
from consult.moderation.actions.presence import BELIEVED, be_present
from consult.moderation.actions.views import forget_view, save_view
from consult.moderation.rules import Span

__all__ = [
    "BELIEVED",
    "LONGEST_NOTE",
    "Decided",
    "Span",
    "add_note",
    "be_present",
    "decide",
    "decide_each",
    "forget_view",
    "save_view",
]
