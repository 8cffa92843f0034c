"""What is said of a whole answer: that it is none, very long, or shouted."""

from consult.moderation.hints.rules.folding import Folded
from consult.moderation.hints.rules.words import phrases

VERY_LONG = 1200
"""In code points."""
LEAST_LETTERS = 20
MOST_CAPITALS = 0.7
LEAST_SHOUTED = 4
"""So many long words in capitals in a row are shouted, whatever the rest."""

_DECLINING = phrases("declining")


def is_no_answer(text: Folded) -> bool:
    """Whether it says nothing: no letter or digit at all, or one of the usual ways of declining."""
    words = " ".join(word.plain for word in text.words)
    return not any(c.isalpha() for c in words) or words in _DECLINING


def is_long(text: str) -> bool:
    """Whether it is far longer than what people usually write."""
    return len(text) > VERY_LONG


def is_shouting(text: str) -> bool:
    """Whether it is mostly in capitals, or holds a run of them."""
    cased = [c for c in text if c.isupper() or c.islower()]
    if len(cased) >= LEAST_LETTERS and sum(c.isupper() for c in cased) > MOST_CAPITALS * len(cased):
        return True
    run = 0
    for word in text.split():
        letters = word.strip(".,;:!?\"'()")
        run = run + 1 if len(letters) > 3 and letters.isalpha() and letters.isupper() else 0
        if run >= LEAST_SHOUTED:
            return True
    return "!!!" in text
