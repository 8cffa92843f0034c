"""Characters that no font here draws become a mark that names them, so that a page is printed and nothing is hidden."""

import unicodedata
from dataclasses import dataclass, field

from consult.exports.editions import fonts

_BREAKS = "\n\t "
_SILENT = {"\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u00ad", "\ufeff", "\u2060"}
ALONE = 3
"""More undrawn letters of one script in a row than this are told as their number and script."""


@dataclass
class Marks:
    """Makes words printable, and keeps which characters it had to name."""

    named: dict[str, str] = field(default_factory=dict)
    """Character → its name, in the order met."""

    def printable(self, text: str) -> str:
        """The text with a mark ‹…› for whatever cannot be drawn. Most texts come back as they are."""
        text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        if text.isascii() and text.isprintable():
            return text
        pieces: list[str] = []
        run: list[str] = []
        for character in text:
            if _unseen(character):
                continue
            if fonts.has(character) or character in _BREAKS:
                pieces += self._told(run)
                run = []
                pieces.append(character)
            else:
                run.append(character)
        return "".join(pieces + self._told(run))

    def _told(self, run: list[str]) -> list[str]:
        """A run of undrawn characters, neighbours of one script together."""
        told: list[str] = []
        groups: list[tuple[str, list[str]]] = []
        for character in run:
            name = unicodedata.name(character, f"U+{ord(character):04X}")
            if name.startswith("EMOJI MODIFIER"):
                continue
            self.named.setdefault(character, name.lower() if " " in name or name.isalpha() else name)
            script = name.partition(" ")[0] if character.isalpha() else ""
            if groups and script and groups[-1][0] == script:
                groups[-1][1].append(character)
            else:
                groups.append((script, [character]))
        for script, characters in groups:
            if len(characters) > ALONE:
                told.append(f"‹{len(characters)} × {script}›")
            else:
                told += [f"‹{self.named[character]}›" for character in characters]
        return told


def _unseen(character: str) -> bool:
    """Joiners, selectors and control characters, which have no shape of their own."""
    if character in _SILENT:
        return True
    return character not in _BREAKS and (
        unicodedata.category(character) in {"Cc", "Cs", "Cf"} or "\ufe00" <= character <= "\ufe0f"
    )
