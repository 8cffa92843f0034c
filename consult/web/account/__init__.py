"""Signing in and out, and a first password. A module of pages is listed here, which is what registers it."""

from consult.web.account import first_password
from consult.web.account.views import account

PAGES = (first_password,)

__all__ = ["PAGES", "account"]
