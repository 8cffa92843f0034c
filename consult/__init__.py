"""Participant consultations for invitation-only meetings: collect, moderate, count, report."""

__version__ = "0.1.0"
