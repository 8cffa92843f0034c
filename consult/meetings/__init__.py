"""Meetings with their sessions, what was asked at each, and what each concluded."""
