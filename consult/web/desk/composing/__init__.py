"""Composing the report: its outline, its texts with a preview, takeaways, answers picked, and what followed."""

from consult.web.desk.composing import attending, following, outline, picking, takeaways, writing

__all__ = ["attending", "following", "outline", "picking", "takeaways", "writing"]
