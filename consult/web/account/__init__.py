"""Signing in and out, a first password, and mail that one does not want.

A module of pages is listed here, which is what registers it.
"""

from consult.web.account import digests, first_password
from consult.web.account.views import account

PAGES = (digests, first_password)

__all__ = ["PAGES", "account"]
