"""Where the extra `analysis` is not installed, less is released and less is suggested, and nothing breaks."""

import subprocess
import sys

ABSENT = """
import sys
for name in ("scipy", "scipy.optimize", "scipy.sparse", "sklearn", "numpy"):
    sys.modules[name] = None
"""
STRICTER = (
    ABSENT
    + """
from consult.analysis.disclosure.cells import solving, suppression
from consult.analysis.disclosure.cells.attack import Attack, Cell, Fact

assert not solving.CAN_SOLVE
sector, role = {"sector": {"a"}}, {"sector": {"a"}, "role": {"x"}}
domains = {"sector": {"a", "b"}, "role": {"x", "y"}}
facts = [Fact(Cell.of({}), 90), Fact(Cell.of(sector), 40), Fact(Cell.of(role), 3)]
cells = [Cell.of(sector), Cell.of(role), Cell.of({"sector": {"b"}, "role": {"x"}})]
assert Attack(facts, domains).pinned(cells, 5) == cells[1:], "what is not given and large is unsafe"
kept = suppression.suppressed([[20, 8, 1], [9, 12, 14]], 5)
assert kept.refused or len(kept.hidden) >= 4, kept
"""
)
SUGGESTING = (
    ABSENT
    + """
from consult.analysis.suggestions import actions, suggester
from consult.analysis.suggestions.by_words import ByWords
from consult.analysis.suggestions.suggester import ThemeText, Uncoded

assert not suggester.HAS_LEARNING
known = [ThemeText("cyber", "cyber attacks on networks"), ThemeText("talks", "dialogue with Russia")]
[scores] = ByWords(known).suggest([Uncoded("Stop the cyber attacks on our networks.", "en")])
print(max(scores, key=scores.get))
"""
)


def run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_without_a_solver_what_is_not_given_and_large_counts_as_unsafe() -> None:
    run(STRICTER)


def test_without_learning_themes_are_suggested_by_their_words() -> None:
    assert run(SUGGESTING) == "cyber\n"


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    loaded = run(
        "import sys, consult.app, consult.cli.serving\n"
        "print(*({'sklearn', 'scipy', 'numpy', 'pandas'} & sys.modules.keys()))"
    )
    assert loaded == "\n"
