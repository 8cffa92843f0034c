"""A stranger's table is read where it can do no harm: a bomb takes the memory and time of a child, and no more."""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

import consult
from consult.core.errors import Invalid
from consult.core.tabular import Limits, read_in_child
from consult.core.tabular.child import SECONDS

ROOMY = Limits(content=64 * 1024 * 1024, rows=10_000_000, columns=1_000_000, cell=10**9)
"""Caps that let the bomb through to the parser, so that the child's own limits are what stops it."""
ROW = b"\xf0\x9f\x92\xa3,1\n"
BOMB = b"a,b\n" + ROW + b"x" * 60_000_000 + b",1\n"
"""60 MB on the disk. For one letter's sake each of them takes four bytes once decoded, in two places at once."""
LONG = b"a,b\n" + ROW * 2_000_000
"""Small in memory, since rows are read one by one, and a matter of many seconds."""


def _rows_of(content: bytes, **limited: int) -> int:
    with read_in_child(content, name="roster.csv", limits=ROOMY, **limited) as table:
        return sum(1 for _row in table.rows)


def test_memory_is_taken_from_the_child_alone() -> None:
    started = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Invalid, match="more memory or time"):
        _rows_of(BOMB, memory=500 * 1024 * 1024)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 60 * 1024, f"{grown} kB more here"
    assert time.monotonic() - started < SECONDS - 5, "it was time that stopped it"


def test_the_limit_is_what_stops_it_and_not_a_missing_module() -> None:
    """The control: with room, the same child reads a table of the same kind."""
    assert _rows_of(LONG[: 4 + 7 * 1000]) == 1000


def test_time_is_limited_too() -> None:
    """A child that would go on for ever is ended, and its end is the same sentence."""
    started = time.monotonic()
    with pytest.raises(Invalid, match="more memory or time"):
        _rows_of(LONG, seconds=1)
    assert time.monotonic() - started < 30


def test_nothing_stays_open_behind_rows_that_nobody_reads() -> None:
    """A page that looks at the columns alone, or fails half way, leaves no file to be found later."""
    before = set(Path("/proc/self/fd").iterdir())
    with read_in_child(LONG[: 4 + 7 * 1000], name="roster.csv", limits=ROOMY) as table:
        kept = table
        next(kept.rows)
    assert len(set(Path("/proc/self/fd").iterdir())) <= len(before)
    assert kept.columns == ("a", "b")


SHOWN = """
import json, resource, sys
from consult.core.tabular.child import _limit
asked = json.loads(sys.argv[1])
_limit(asked["seconds"], asked["memory"])
print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CPU)[0])
"""


def test_the_child_truly_has_the_limits_it_was_given() -> None:
    asked = {"name": "x.csv", "encoding": None, "limits": vars(Limits()), "seconds": 7, "memory": 987 << 20}
    shown = subprocess.run(
        [
            sys.executable,
            "-c",
            SHOWN,
            json.dumps(asked),
        ],
        capture_output=True,
        check=True,
        text=True,
        cwd=Path(consult.__file__).parent.parent,
    )
    assert shown.stdout.split() == [str(987 << 20), "7"]
