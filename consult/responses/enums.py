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


class Voiced(StrEnum):
    """How widely a rapporteur heard something in a discussion; from "a few" on, the words of quantity themselves."""

    TOLD = "told"
    """Told as the state of things, and said by nobody in particular."""
    SAID = "said"
    """It was said, by how many is not told: also what one person said, whom a number would point at."""
    A_FEW = "a few"
    SOME = "some"
    MANY = "many"
    MOST = "most"
    NEARLY_ALL = "nearly all"


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
