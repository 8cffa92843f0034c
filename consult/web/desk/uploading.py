"""A file that somebody chose in the browser: received, tried, and kept for an hour to be looked at."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple, cast

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage
from wtforms import FileField, HiddenField, SelectField

from consult.core.errors import Invalid, NotFound
from consult.core.storage import StoredFile
from consult.core.tabular import LIMITS, Table, read_in_child
from consult.core.text import tidy, unstorable
from consult.operations.importing import uploads
from consult.web.errors import words
from consult.web.fields import Form, SelectChoice
from consult.web.guards import Scope

LARGEST_REQUEST = LIMITS.content + 64 * 1024
"""With a table in it, in bytes."""
ENCODINGS = {
    "": _l("UTF-8, or not sure"),
    "cp1250": _l("Windows-1250, Central European"),
    "cp1252": _l("Windows-1252, Western European"),
    "iso8859_2": _l("ISO 8859-2, Central European"),
}


class Received(NamedTuple):
    """A file as it came, under a name that can be shown."""

    name: str
    content: bytes


class FileForm(Form):
    """A file to be taken in."""

    file = FileField(_l("File"))

    def received(self) -> Received | None:
        """What was sent. Nothing, and the sentence at its field, where it cannot be used."""
        given = self.file.data if isinstance(self.file.data, FileStorage) else None
        if not self.validate():
            return None
        if given is None or not given.filename:
            self.file.errors = [_("Choose a file.")]
            return None
        return Received(_shown(given.filename), given.stream.read())


class TableForm(FileForm):
    """A table, and how its letters are written where that cannot be seen from it."""

    encoding = SelectField(
        _l("Letters of a CSV file"),
        choices=[SelectChoice(code, label) for code, label in ENCODINGS.items()],
    )

    def received(self) -> Received | None:
        """As of any file; and every row of the table could be read."""
        received = super().received()
        if received is None:
            return None
        try:
            with table_in(received.content, received.name, self.encoding.data or "") as table:
                for _row in table.rows:
                    pass
        except Invalid as error:
            self.file.errors = [told(error)]
            return None
        return received


class TakeForm(Form):
    """The button that takes the file in, with what was shown above it."""

    shown = HiddenField()


@dataclass(frozen=True)
class Shelf:
    """Where one page's uploads wait. The address names them and is signed, so it opens nothing else."""

    salt: str

    def keep(self, scope: Scope, *received: Received, note: str = "") -> str:
        """The part of an address under which these are found for an hour, by this consultation alone."""
        ids = [uploads.keep(scope.session, content, name=name).id for name, content in received]
        return self._signing().dumps([ids, scope.consultation.id, note])

    def fetched(self, scope: Scope, upload: str) -> tuple[list[StoredFile], str]:
        """What was kept, and the note beside it. Raises NotFound."""
        try:
            ids, consultation_id, note = self._signing().loads(upload, max_age=uploads.KEPT_FOR.seconds)
        except (BadSignature, ValueError):
            ids, consultation_id, note = [], "", ""
        files = (
            [uploads.kept(scope.session, each) for each in ids]
            if consultation_id == scope.consultation.id
            else []
        )
        found = [file for file in files if file is not None]
        if not found or len(found) != len(files):
            raise NotFound(
                "This file is no longer kept: it was taken in, or its hour is over. Choose the file again."
            )
        return found, note

    def _signing(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(cast(str, current_app.secret_key), salt=self.salt)


@contextmanager
def table_in(content: bytes, name: str, encoding: str) -> Iterator[Table]:
    """The table in an upload, read in a process of its own."""
    letters = encoding if encoding in ENCODINGS and encoding else None
    with read_in_child(content, name=name, encoding=letters) as table:
        yield table


def told(error: Invalid) -> str:
    """The sentence; a letter that does not fit is mended in the form here, not with an option of a command."""
    if "encoding" in error.facts and "line" in error.facts:
        said: str = _(
            "Line %(line)s is not UTF-8 text. Save the file as “CSV UTF-8”, or choose below what its letters are.",
            line=error.facts["line"],
        )
        return said
    return words(error)


def _shown(given: str) -> str:
    """What a browser called the file, as it can be shown."""
    name = given.replace("\\", "/").rpartition("/")[2]
    return "file" if unstorable(name) else tidy(name).replace("\n", " ")[:120] or "file"
