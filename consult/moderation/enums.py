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


class HintKind(StrEnum):
    """What a hint says of words: never whose, and never how many share it."""

    PERSON = "person"
    EMAIL = "email"
    TELEPHONE = "telephone"
    LINK = "link"
    """An address on the web, or a handle."""
    ORGANISATION = "organisation"
    ROLE = "role"
    PLACE = "place"
    """A country, its people or its capital."""
    SELF = "self"
    """A way of saying who speaks: "as the Estonian …", "my ministry"."""
    COMBINATION = "combination"
    """A country and a role in one sentence that together fit fewer than the smallest group."""
    NO_ANSWER = "no_answer"
    LANGUAGE = "language"
    """Written in another language than it is labelled."""
    LONG = "long"
    SHOUTING = "shouting"
