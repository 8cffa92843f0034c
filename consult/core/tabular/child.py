"""Reading a stranger's table in a process of its own, which may take so much memory and time and no more.

The child is given bytes and gives back lines of JSON: whatever a crafted file does to a parser, it does it there.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from threading import BoundedSemaphore
from typing import IO, Any

from consult.core.errors import Invalid, Said
from consult.core.tabular.shapes import LIMITS, Limits, Row, Table

SECONDS = 30
MEMORY = 1024 * 1024 * 1024
"""Of addresses, as the system counts them: a parser's libraries take a third of it before a byte is read."""
MOST_WRITTEN = 256 * 1024 * 1024
_two_at_once = BoundedSemaphore(2)


@contextmanager
def read_in_child(
    content: bytes,
    *,
    name: str,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    seconds: int = SECONDS,
    memory: int = MEMORY,
) -> Iterator[Table]:
    """The table in these bytes, as `read_table` gives it, while the block lasts.

    Raises Invalid too where it took too much of the machine.
    """
    if len(content) > limits.content:
        raise Invalid(
            "%(file)s is larger than %(most)s MB. Split it and import the parts one after another.",
            file=name,
            most=limits.content // (1024 * 1024),
        )
    asked = {"name": name, "encoding": encoding, "limits": vars(limits), "seconds": seconds, "memory": memory}
    with tempfile.TemporaryFile() as written:
        try:
            with _two_at_once, tempfile.TemporaryFile() as given:
                given.write(content)
                given.seek(0)
                ended = subprocess.run(  # noqa: S603  our own module, and what strangers made comes in as bytes
                    [sys.executable, "-m", "consult.core.tabular.child", json.dumps(asked)],
                    stdin=given,
                    stdout=written,
                    stderr=subprocess.DEVNULL,
                    timeout=seconds + 5,
                    check=False,
                )
        except subprocess.TimeoutExpired as error:
            raise _too_heavy(name) from error
        written.seek(0)
        with closing(_lines(written)) as lines:
            head = next(lines, None) if ended.returncode == 0 else None
            if head is None or "error" in head:
                _raise(head or {})
                raise _too_heavy(name)
            notes = [_unpacked(note) for note in head["notes"]]
            yield Table(name, tuple(head["columns"]), _rows(lines), notes)


def _lines(written: IO[bytes]) -> Generator[Any, None, None]:
    for line in written:
        yield json.loads(line)


def _rows(lines: Iterator[Any]) -> Iterator[Row]:
    for line in lines:
        if isinstance(line, dict):
            _raise(line)
            return
        number, problem, *cells = line
        yield Row(number, tuple(cells), _unpacked(problem))


def _raise(line: dict[str, Any]) -> None:
    if "error" in line:
        raise Invalid(line["error"], **{name: _unpacked(fact) for name, fact in line["facts"].items()})


def _packed(thing: object) -> object:
    """What JSON takes: a sentence as [msgid, facts], all else as text."""
    if isinstance(thing, Said):
        return [thing.message, {name: _packed(fact) for name, fact in thing.facts.items()}]
    return str(thing)


def _unpacked(packed: Any) -> str:
    if isinstance(packed, list):
        message, facts = packed
        return Said(message, **{name: _unpacked(fact) for name, fact in facts.items()})
    return str(packed)


def _too_heavy(name: str) -> Invalid:
    return Invalid(
        "%(file)s takes more memory or time to read than a table of its size should. Save it anew as CSV.",
        file=name,
    )


def _limit(seconds: int, memory: int) -> None:
    """Take away what this process may use; where the system knows no such limits, the sizes alone hold."""
    try:
        import resource  # noqa: PLC0415  not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(asked: dict[str, Any], source: IO[bytes], out: IO[str]) -> None:
    from consult.core.tabular import read_table  # noqa: PLC0415  it imports this module

    def say(thing: object) -> None:
        out.write(json.dumps(thing) + "\n")

    try:
        table = read_table(
            source.read(), name=asked["name"], encoding=asked["encoding"], limits=Limits(**asked["limits"])
        )
        say({"columns": table.columns, "notes": [_packed(note) for note in table.notes]})
        for row in table.rows:
            say((row.line, _packed(row.problem), *row.cells))
    except Invalid as error:
        facts = {key: _packed(value) for key, value in error.facts.items()}
        say({"error": error.message, "facts": facts})


if __name__ == "__main__":
    _asked = json.loads(sys.argv[1])
    _limit(_asked["seconds"], _asked["memory"])
    try:
        _answer(_asked, sys.stdin.buffer, sys.stdout)
        sys.stdout.flush()
    except MemoryError:
        sys.exit(3)
