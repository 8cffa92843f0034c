"""What programme directors and rapporteurs work in."""

from consult.web.desk.views import desk

__all__ = ["desk"]
