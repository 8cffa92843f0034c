"""What participants see: the invitation, the form, the receipt."""

from consult.web.participate import (
    answering,
    changing,
    entering,
    exchanging,
    joining,
    kiosk,
    previewing,
    receipts,
    stopping,
    submitting,
    taking,
)
from consult.web.participate.views import participate

__all__ = [
    "answering",
    "changing",
    "entering",
    "exchanging",
    "joining",
    "kiosk",
    "participate",
    "previewing",
    "receipts",
    "stopping",
    "submitting",
    "taking",
]
