"""What the machine tells: files and folders, who may read them, room on the disk."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url

from consult.core.database import SAFE_WAL_VERSION, sqlite_version
from consult.core.errors import N_, Said
from consult.operations.fitness.finding import Finding, Grade
from consult.operations.readiness import LEAST_FREE_BYTES
from consult.settings import Settings, folder

ROOM_TO_RESTORE = 3
"""A restore keeps the database, the copy and what it writes side by side."""
_OTHERS = stat.S_IROTH | stat.S_IWOTH
_MEGABYTE = 1024 * 1024
_RANDOM = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'


def machine(settings: Settings, settings_file: Path | None) -> Iterator[Finding]:
    """Every look at files. Nothing is made or changed."""
    yield keys(settings, settings_file)
    yield from data(settings)
    yield exports(settings)
    yield program_files()
    yield from choices(settings)


def keys(settings: Settings, settings_file: Path | None) -> Finding:
    """Whether the two keys are hidden and look random."""
    what = N_("keys")
    if settings_file is not None and settings_file.stat().st_mode & _OTHERS:
        return Finding(
            what,
            Grade.WRONG,
            Said("Everybody on this machine can read %(file)s.", file=settings_file),
            Said("chmod 600 %(file)s, for the service's user.", file=settings_file),
        )
    for name in ("secret_key", "link_key"):
        if len(set(getattr(settings, name))) < 12:
            return Finding(
                what,
                Grade.WRONG,
                Said("%(name)s is not random.", name=name),
                Said("Take what %(command)s prints.", command=_RANDOM),
            )
    return Finding(what, Grade.WELL, N_("Both are there."))


def data(settings: Settings) -> Iterator[Finding]:
    """The database's folder, and the room on its disk."""
    what, here = N_("data"), sqlite_file(settings)
    if here is None:
        yield room(Path(tempfile.gettempdir()), 0)
        return
    where = here.parent
    beside = [Path(f"{here}{end}") for end in ("-wal", "-shm", ".jobs", ".jobs-wal", ".jobs-shm")]
    closed = [path for path in (here, where, *beside) if path.exists() and not os.access(path, os.W_OK)]
    if closed:
        yield Finding(
            what,
            Grade.WRONG,
            Said("This user may not write to %(path)s.", path=closed[0]),
            N_("Give the folder and all files in it to the service's user, and run commands as that user."),
        )
    elif here.exists() and here.stat().st_mode & (_OTHERS | stat.S_IRGRP | stat.S_IWGRP):
        yield Finding(
            what,
            Grade.WRONG,
            Said("Others on this machine can read %(path)s.", path=here),
            Said("chmod 600 %(file)s, for the service's user.", file=f"{here}*"),
        )
    elif not Path(str(make_url(settings.database_url).database)).is_absolute():
        yield Finding(
            what,
            Grade.LOOK,
            Said("%(path)s depends on the folder that a command is started in.", path=here),
            N_("Name the database by its whole path: sqlite:////var/lib/consult/consult.db."),
        )
    else:
        yield Finding(what, Grade.WELL, str(here))
    if sqlite_version() < SAFE_WAL_VERSION:
        yield Finding(
            "sqlite",
            Grade.LOOK,
            Said(
                "Version %(version)s: readers wait for writers.", version=".".join(map(str, sqlite_version()))
            ),
            N_("Use a platform with a wheel of pysqlite3, or PostgreSQL."),
        )
    yield room(where, here.stat().st_size if here.exists() else 0)


def room(where: Path, size: int) -> Finding:
    """Room on a disk."""
    what = N_("disk")
    while not where.exists():
        where = where.parent
    free = shutil.disk_usage(where).free
    said = Said("%(free)s MB free at %(path)s.", free=f"{free // _MEGABYTE:,}", path=where)
    if free < LEAST_FREE_BYTES:
        return Finding(
            what, Grade.WRONG, said, N_("Make room: answers are refused soon, and /readyz says so.")
        )
    if free < size * ROOM_TO_RESTORE:
        return Finding(what, Grade.LOOK, said, N_("A restore needs three times the database."))
    return Finding(what, Grade.WELL, said)


def exports(settings: Settings) -> Finding:
    """The folder of long exports, in which the worker also says that it lives."""
    what, where = N_("exports"), Path(settings.exports_folder).absolute()
    standing = where
    while not standing.exists():
        standing = standing.parent
    if not standing.is_dir() or not os.access(standing, os.W_OK | os.X_OK):
        return Finding(
            what,
            Grade.WRONG,
            Said("This user may not write to %(path)s.", path=where),
            N_("Give the folder to the service's user, or name another: exports_folder."),
        )
    if standing == where and where.stat().st_mode & _OTHERS:
        return Finding(
            what,
            Grade.WRONG,
            Said("Others on this machine can read %(path)s.", path=where),
            Said("chmod 700 %(file)s, for the service's user.", file=where),
        )
    return Finding(what, Grade.WELL, str(where))


def program_files() -> Finding:
    """What pages are made of, as whoever installed it left it to the service's user."""
    what = N_("program")
    static = Path(__file__).resolve().parents[2] / "web" / "static"
    for top in (static, folder("templates"), folder("migrations")):
        for path in (top, *top.rglob("*")):
            if not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
                return Finding(
                    what,
                    Grade.WRONG,
                    Said("This user cannot read %(path)s.", path=path),
                    N_("Install once more with umask 022."),
                )
    return Finding(what, Grade.WELL, N_("Pages, styles and migrations can be read."))


def choices(settings: Settings) -> Iterator[Finding]:
    """Settings that work and are hardly meant."""
    what = N_("settings")
    if settings.base_url.startswith("http://") and not is_here(settings.base_url):
        yield Finding(
            what,
            Grade.WRONG,
            Said(
                "%(url)s is not encrypted: answers and links can be read on the way.", url=settings.base_url
            ),
            N_("Put a proxy with a certificate in front, and say https:// in base_url."),
        )
    for name in ("base_url", "mail_from", "mail_url"):
        if "example.org" in getattr(settings, name):
            yield Finding(
                what,
                Grade.LOOK,
                Said("%(name)s still is the example's.", name=name),
                Said("Set %(name)s to your own.", name=name),
            )


def sqlite_file(settings: Settings) -> Path | None:
    """The database's file; None on PostgreSQL."""
    url = make_url(settings.database_url)
    return Path(str(url.database)).absolute() if url.get_backend_name() == "sqlite" else None


def is_here(url: str) -> bool:
    """Whether an address is this machine's own."""
    return urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"}
