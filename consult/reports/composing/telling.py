"""A discussion in prose, from its rapporteur's notes: each says no more than how widely it was voiced.

What is told as the state of things opens a paragraph; what was said follows, in the notes' order. A person edits it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from consult.core.errors import N_
from consult.moderation.published import PublishedNote
from consult.reports.composing.shapes import Told

PLAIN = "told"
FRAMES: Mapping[str, tuple[str, ...]] = {
    "said": (N_("It was pointed out that %(what)s"), N_("It was also highlighted that %(what)s")),
    "a few": (N_("A few participants mentioned that %(what)s"), N_("A few participants added that %(what)s")),
    "some": (N_("Some participants stressed that %(what)s"), N_("Some participants indicated that %(what)s")),
    "many": (
        N_("Many participants pointed out that %(what)s"),
        N_("Many participants also stressed that %(what)s"),
    ),
    "most": (N_("Most participants held that %(what)s"), N_("Most participants also stressed that %(what)s")),
    "nearly all": (
        N_("Nearly all participants agreed that %(what)s"),
        N_("Nearly all participants also held that %(what)s"),
    ),
}
"""How widely a note was voiced → the sentences that say so, taking turns."""
RANKS = ("said", "a few", "some", "many", "most", "nearly all")
_OPENERS = {
    "en": re.compile(
        r"(?:an?|the|th(?:is|at|ese|ose)|its?|there|they|their|he|she|we|in|on|at|by|for|from|with(?:out|in)?|after|"
        r"before|since|until|while|wh(?:en|ere)|if|al?though|because|as|any|every|each|all|both|no|none|not|only|more|"
        r"most|many|some|few|one|two|further|another|such|under|over|between|among|besides?|despite|during),?",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"(?:[ldcnsmj]|qu)[’'].+|(?:les?|la|une?|des?|du|aux?|ce(?:s|tte|t)?|ils?|elles?|on|nous|leurs?|sa|son|ses|en|"
        r"dans|sur|sous|par|pour|avec|sans|avant|après|depuis|pendant|entre|parmi|selon|si|quand|lorsque|comme|tous?|"
        r"toutes?|chaque|aucune?|plus|moins|certaine?s|plusieurs|quelques|deux|autres?|malgré|outre),?",
        re.IGNORECASE,
    ),
    "pl": re.compile(
        r"(?:w|we|na|z|ze|o|od|do|po|przed|za|bez|dla|przez|przy|pod|nad|między|wśród|mimo|podczas|według|te[nj]?|ta|to|"
        r"tym?|tak[ai]?e?|jego|jej|ich|oni|one|my|jeśli|jeżeli|gdy|kiedy|ponieważ|skoro|jak|wszy(?:scy|stkie)|każd[yae]|"
        r"żad(?:en|n[ae])|nie|tylko|więcej|mniej|niektóre|kilka|jede?n[ao]?|dwa|dwie|inn[ye]|należy|trzeba|można|jest|są),?",
        re.IGNORECASE,
    ),
}
"""Words by language that lose their capital inside a sentence; whatever else begins one may be a name."""
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
LEAST_SHARED = 0.5


def told_in_prose(notes: Sequence[PublishedNote], told: Told) -> str:
    """Paragraphs of Markdown. `told` translates a frame; nothing is said of a note that is not in it."""
    turns: dict[str, int] = {}
    paragraphs: list[list[str]] = []
    plain = False
    for note in notes:
        if not paragraphs or (note.voiced == PLAIN and not plain):
            paragraphs.append([])
        plain = note.voiced == PLAIN
        paragraphs[-1].append(_sentence(note, turns, told))
    return "\n\n".join(" ".join(sentences) for sentences in paragraphs)


def _sentence(note: PublishedNote, turns: dict[str, int], told: Told) -> str:
    words = " ".join(note.text.split())
    if not words.endswith((".", "!", "?", "…", "”")):
        words += "."
    if note.voiced == PLAIN:
        return words
    frames = FRAMES[note.voiced]
    turn = turns.get(note.voiced, 0)
    turns[note.voiced] = turn + 1
    return told(frames[turn % len(frames)]) % {"what": _inside(words, note.language)}


def _inside(words: str, language: str) -> str:
    """As it stands inside a sentence: an opener loses its capital, a name keeps it."""
    openers = _OPENERS.get(language.partition("-")[0])
    opens = openers is not None and openers.fullmatch(words.partition(" ")[0])
    return words[:1].lower() + words[1:] if opens else words


def carrying(sentence: str, notes: Iterable[PublishedNote]) -> str:
    """How widely the note behind a sentence was voiced: the note most of whose words stand in it; "" for none.

    A few sentences of one note may stand in it: then the widest counts.
    """
    said = _content(sentence)
    found = [
        (len(mine & said) / len(mine), RANKS.index(note.voiced))
        for note in notes
        if note.voiced in RANKS
        for mine in _pieces(note.text)
        if mine and len(mine & said) >= LEAST_SHARED * min(len(mine), len(said))
    ]
    return RANKS[max(found)[1]] if found else ""


def _pieces(text: str) -> Iterator[set[str]]:
    yield from map(_content, [text, *_SENTENCE.split(text)])


def _content(text: str) -> set[str]:
    """Its longer words, by their stems: "engaging" and "engage" are one."""
    return _stems(text) - _SAYING


def _stems(text: str) -> set[str]:
    return {word[:5].casefold() for word in _WORD.findall(text) if len(word) > 3}


_SAYING = _stems(" ".join(frame for frames in FRAMES.values() for frame in frames)) | _stems(
    "thought noted argued"
)
"""What says that something was said, and nothing of what it was."""
