"""What participants see. A module of pages is listed here, which is what registers it."""

from consult.web.participate import answering, changing, entering, stopping
from consult.web.participate.by_code import exchanging, joining, kiosk, submitting
from consult.web.participate.form import previewing
from consult.web.participate.receipts import page, taking
from consult.web.participate.views import participate

PAGES = (
    entering,
    answering,
    changing,
    stopping,
    exchanging,
    joining,
    kiosk,
    submitting,
    previewing,
    page,
    taking,
)

__all__ = ["PAGES", "participate"]
