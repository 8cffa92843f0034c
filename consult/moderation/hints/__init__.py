"""Hints for moderators, computed after an answer has come in: what in it might give somebody away. A hint decides nothing."""
