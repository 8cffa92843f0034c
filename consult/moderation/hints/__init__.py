"""Hints for moderators, found after an answer has come in: what might give somebody away. A hint decides nothing."""
