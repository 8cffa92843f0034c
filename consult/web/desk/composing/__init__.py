"""Composing the report: its outline, its texts with a preview, takeaways, answers picked, and what followed."""

from consult.web.desk.composing import following, outline, picking, takeaways, writing

__all__ = ["following", "outline", "picking", "takeaways", "writing"]
