"""Taking answers in: from participants, once each, and from elsewhere."""

from consult.responses.actions.gathering import GatheredAnswer, add_answer, add_answers
from consult.responses.actions.submitting import Receipt, receipt_code, submit
from consult.responses.actions.words import GivenAnswer

__all__ = ["GatheredAnswer", "GivenAnswer", "Receipt", "add_answer", "add_answers", "receipt_code", "submit"]
