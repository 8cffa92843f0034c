"""Answers to one question put together by their words: equal after folding, or nearly."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from consult.moderation.hints.rules.likeness import alike

SAME = 100


class Compared(NamedTuple):
    """An answer with its folded words."""

    question_id: str
    answer_id: str
    revision_id: str
    words: str


@dataclass(frozen=True)
class Placed:
    """An answer in a group. Text number 0 is the group's commonest text, and `likeness` the percent of it."""

    answer_id: str
    revision_id: str
    text_number: int
    likeness: int


def grouped(answers: Iterable[Compared]) -> list[list[Placed]]:
    """Groups of two answers or more, each within one question: an equal text under another question joins nobody."""
    questions: dict[str, dict[str, list[Compared]]] = {}
    for answer in answers:
        if answer.words:
            questions.setdefault(answer.question_id, {}).setdefault(answer.words, []).append(answer)
    return [group for texts in questions.values() for group in _of_one_question(texts)]


def _of_one_question(texts: dict[str, list[Compared]]) -> list[list[Placed]]:
    ordered = sorted(texts, key=lambda words: (-len(texts[words]), words))
    groups = []
    joined: set[int] = set()
    for found in alike(ordered):
        joined.update((found.first, *(index for index, _ in found.others)))
        numbered = [(found.first, SAME), *sorted(found.others, key=lambda other: (-other[1], other[0]))]
        groups.append(
            [placed for n, (i, like) in enumerate(numbered) for placed in _placed(texts[ordered[i]], n, like)]
        )
    for index, words in enumerate(ordered):
        if index not in joined and len(texts[words]) > 1:
            groups.append(_placed(texts[words], 0, SAME))
    return groups


def _placed(answers: Iterable[Compared], number: int, likeness: int) -> list[Placed]:
    return [Placed(answer.answer_id, answer.revision_id, number, likeness) for answer in answers]
