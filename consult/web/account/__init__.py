"""Signing in and out."""

from consult.web.account.views import account

__all__ = ["account"]
