"""Verdicts and their typed reasons."""

from enum import StrEnum


class Verdict(StrEnum):
    """What a moderator decides on the words that were read."""

    APPROVE = "approve"
    REJECT = "reject"
    REOPEN = "reopen"
    """Back to waiting: the reversal of an earlier verdict."""


class RejectReason(StrEnum):
    """Why an answer is not published."""

    NOT_FOR_USE = "not_for_use"
    IDENTIFIES_SPEAKER = "identifies_speaker"
    IDENTIFIES_OTHER = "identifies_other"
    SENSITIVE = "sensitive"
    ALLEGATION = "allegation"
    OFF_TOPIC = "off_topic"
    NO_ANSWER = "no_answer"
    DUPLICATE = "duplicate"
    OTHER = "other"


class RedactionKind(StrEnum):
    """What the removed words would have given away."""

    IDENTIFIES_SPEAKER = "identifies_speaker"
    IDENTIFIES_OTHER = "identifies_other"
    AFFILIATION = "affiliation"
    PLACE_OR_TIME = "place_or_time"
    SENSITIVE = "sensitive"
    ALLEGATION = "allegation"
    OFF_TOPIC = "off_topic"
