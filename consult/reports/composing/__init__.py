"""Composing the report: its outline, its texts, what is picked for it."""
