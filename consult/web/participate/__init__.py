"""What participants see: the invitation, the form, the receipt."""

from consult.web.participate import answering, changing, entering, receipts, stopping
from consult.web.participate.views import participate

__all__ = ["answering", "changing", "entering", "participate", "receipts", "stopping"]
