"""The installation: for administrators, who read no answers."""

from consult.web.admin.views import admin

__all__ = ["admin"]
