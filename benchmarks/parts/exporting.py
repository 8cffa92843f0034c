"""What `consult export --format csv` does, with what that command imports, so that its memory is the command's."""

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from consult.analysis.disclosure import Profile
from consult.cli import exporting  # noqa: F401
from consult.consultations.queries import consultation_by_slug
from consult.core.database import Database
from consult.exports.data.released import Row
from consult.exports.formats import DATA_FORMATS
from consult.exports.queries import released


def export(url: str, slug: str, code: str, out: Path, most: int) -> None:
    """Write the published view, of `most` rows at most."""
    database = Database(url)
    with database.reading() as session, out.open("wb") as file:
        consultation = consultation_by_slug(session, slug)
        assert consultation is not None
        view = released(session, consultation, Profile.DESK)
        object.__setattr__(view, "pages", _first(view.pages, most))
        for piece in DATA_FORMATS[code].render(view):
            file.write(piece)
    database.close()


def _first(pages: Iterator[Sequence[Row]], most: int) -> Iterator[Sequence[Row]]:
    for page in pages:
        if most <= 0:
            return
        yield page[:most]
        most -= len(page)


def megabytes() -> int:
    """The most that this process has held. What getrusage says on Linux counts the parent's too."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    return next(int(line.split()[1]) for line in status.open() if line.startswith("VmHWM")) // 1024


if __name__ == "__main__":
    _script, address, name, rows, path = sys.argv
    processor, began = time.process_time(), time.perf_counter()
    export(address, name, "csv", Path(path), int(rows))
    print(time.process_time() - processor, time.perf_counter() - began, megabytes())
