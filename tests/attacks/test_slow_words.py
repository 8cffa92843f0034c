"""A participant whose answer is made to be slow to read, so that pages and files that hold it do not come about."""

from time import process_time

import pytest

from consult.core.markdown import rendered
from consult.core.text import fold, tidy
from consult.exports.editions.markdown import safe
from consult.moderation.hints.rules.finding import find
from consult.moderation.hints.rules.people import Person, Roster

LONGEST = 20_000
"""In characters, of an answer."""
ROSTER = Roster(
    people=[Person("Jan Kowalski", "jan.kowalski@example.org", "PL", "Institute of Affairs (IOA)")]
)


@pytest.mark.parametrize("piece", ["\n", "[", "a.b-c+d@", "as former ", "1 ", "Jan ", "a\u200d", "> "])
def test_no_words_take_long_to_look_through(piece: str) -> None:
    words = f"a{piece * (LONGEST // len(piece))}b"
    began = process_time()
    safe(words)
    rendered(words)
    fold(tidy(words))
    find(words, "pl", ROSTER, ["en", "pl"])
    assert process_time() - began < 2.5
