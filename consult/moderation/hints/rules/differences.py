"""How a text differs from the one it nearly repeats, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_PIECE = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """Words in order: in both texts, only in this one ("added"), or only in the other ("removed")."""

    text: str
    mark: Literal["added", "removed"] | None = None


def differences(standard: str, text: str) -> list[Piece]:
    """`text` against `standard`. The pieces without "removed" put together are `text`, without "added" `standard`."""
    before, after = _PIECE.findall(standard), _PIECE.findall(text)
    pieces: list[Piece] = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("".join(after[k:m])))
            continue
        if i < j:
            pieces.append(Piece("".join(before[i:j]), "removed"))
        if k < m:
            pieces.append(Piece("".join(after[k:m]), "added"))
    return pieces
