"""States of answers and sources of responses."""

from enum import StrEnum


class Source(StrEnum):
    """How a response came in. A rapporteur's note is never counted as a participant."""

    LINK = "link"
    """An invitation, opened by its link or by its own code."""
    JOIN_CODE = "join_code"
    """The code on a meeting's poster: somebody who was there, nobody knows who, counted apart."""
    PAPER = "paper"
    IMPORT = "import"
    RAPPORTEUR = "rapporteur"


class AnswerState(StrEnum):
    """Where an answer stands with the moderators."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


MOVES: dict[AnswerState, frozenset[AnswerState]] = {
    AnswerState.WAITING: frozenset({AnswerState.APPROVED, AnswerState.REJECTED, AnswerState.WITHDRAWN}),
    AnswerState.APPROVED: frozenset({AnswerState.WAITING, AnswerState.REJECTED, AnswerState.WITHDRAWN}),
    AnswerState.REJECTED: frozenset({AnswerState.WAITING, AnswerState.APPROVED, AnswerState.WITHDRAWN}),
    AnswerState.WITHDRAWN: frozenset(),
}
