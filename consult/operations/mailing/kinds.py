"""The kinds of mail, and the placeholders that their words may use."""

from enum import StrEnum


class MailKind(StrEnum):
    """Why somebody gets a message."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    CLOSING = "closing"
    """The closing time has changed, or answering is open again."""
    PUBLISHED = "published"
    STAFF_INVITATION = "staff_invitation"
    DIGEST = "digest"
    """To a moderator: how many answers wait, by meeting."""
    TEST = "test"
    """An invitation with invented facts, to oneself."""


_ALWAYS = frozenset({"name", "consultation", "convenor", "help"})
_ASKED = _ALWAYS | {"meeting", "question", "closes", "link", "code", "join"}

PLACEHOLDERS: dict[MailKind, frozenset[str]] = {
    MailKind.INVITATION: _ASKED,
    MailKind.REMINDER: _ASKED,
    MailKind.CLOSING: _ASKED,
    MailKind.PUBLISHED: _ALWAYS | {"link"},
    MailKind.STAFF_INVITATION: _ALWAYS | {"link"},
    MailKind.DIGEST: _ALWAYS | {"link", "waiting"},
    MailKind.TEST: _ASKED,
}
NEEDED: dict[MailKind, frozenset[str]] = {kind: frozenset({"link"}) for kind in MailKind}
"""What the words must hold to be of use."""

ABOUT_INVITATIONS = frozenset({MailKind.INVITATION, MailKind.REMINDER, MailKind.CLOSING})
CHOSEN_BY_ANSWERING = frozenset({MailKind.REMINDER, MailKind.CLOSING})
"""Sent to those who have not answered, so that no trace of who got it may stay."""
EDITABLE = (MailKind.INVITATION, MailKind.REMINDER, MailKind.CLOSING, MailKind.PUBLISHED)
"""Those that a consultation may put in its own words."""
