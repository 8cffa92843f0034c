"""What programme directors and rapporteurs work in. A module of pages is listed here, which is what registers it."""

from consult.web.desk import coding, queue, reporting
from consult.web.desk.views import desk

PAGES = (coding, queue, reporting)

__all__ = ["PAGES", "desk"]
