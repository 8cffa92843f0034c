"""Bringing the database up to a definition: the consultation, its meetings and what was said at them."""
