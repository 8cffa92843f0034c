"""Routes of codebook, coding, agreement and suggestions: who is answered what, and which forms there are."""

from collections.abc import Callable
from typing import Any

from tests.web.scenes import Scene

BOOK = "/desk/<slug>/codebook"
THEME = f"{BOOK}/themes/<code>"
IMPORT, PROJECT = "/desk/<slug>/coding/import", "/desk/<slug>/exports/project"
ANSWER = "/desk/<slug>/coding/<answer_id>"

ROUTES: dict[tuple[str, str], tuple[str, tuple[int, ...]]] = {
    ("GET", BOOK): ("staff", (200, 200)),
    ("POST", f"{BOOK}/file"): ("staff", (422, 422)),
    ("POST", f"{BOOK}/import"): ("staff", (422,)),
    ("GET", f"{BOOK}/versions/<int:version>"): ("staff", (404, 404)),
    ("POST", f"{BOOK}/template"): ("staff", (422,)),
    ("GET", f"{BOOK}/new"): ("staff", (200,)),
    ("POST", f"{BOOK}/new"): ("staff", (422,)),
    ("GET", THEME): ("staff", (200,)),
    ("POST", THEME): ("staff", (422,)),
    ("POST", f"{THEME}/merge"): ("staff", (422,)),
    ("GET", f"{THEME}/split"): ("staff", (200,)),
    ("POST", f"{THEME}/split"): ("staff", (422,)),
    ("POST", f"{THEME}/retire"): ("staff", (422,)),
    ("GET", "/desk/<slug>/coding"): ("staff", (200, 200)),
    ("GET", "/desk/<slug>/coding/again"): ("staff", (200, 200)),
    ("POST", f"{ANSWER}/again"): ("moderators", (409,)),
    ("POST", f"{ANSWER}/part"): ("moderators", (409,)),
    ("POST", f"{ANSWER}/note"): ("moderators", (409,)),
    ("POST", f"{ANSWER}/mark"): ("moderators", (409,)),
    ("POST", f"{ANSWER}/suggestion"): ("moderators", (409,)),
    ("GET", IMPORT): ("staff", (200,)),
    ("POST", IMPORT): ("staff", (422,)),
    ("GET", f"{IMPORT}/<codings_upload>"): ("staff", (200,)),
    ("POST", f"{IMPORT}/<codings_upload>"): ("staff", (422,)),
    ("GET", PROJECT): ("staff", (200,)),
    ("POST", PROJECT): ("staff", (422,)),
    ("GET", "/desk/<slug>/agreement"): ("staff", (200, 200)),
    ("POST", "/desk/<slug>/agreement/sample"): ("staff", (422,)),
    ("POST", "/desk/<slug>/agreement/<answer_id>/<code>"): ("staff", (404,)),
    ("GET", "/desk/<slug>/suggestions"): ("staff", (200, 200)),
    ("GET", "/desk/<slug>/suggestions/<code>"): ("staff", (200, 200)),
    ("POST", "/desk/<slug>/suggestions/<code>"): ("staff", (422, 422)),
    ("POST", "/desk/<slug>/suggestions/undo/<batch_id>"): ("staff", (422, 422)),
    ("POST", "/desk/<slug>/coding/<answer_id>"): ("moderators", (409,)),
}
"""(method, address) → which kind of row, and what those who may be at the desk are answered."""

Given = Callable[[Scene], dict[str, Any]]

ACTS: dict[str, tuple[str, Given, bool]] = {
    f"{BOOK}/file": ("rapporteur_in", lambda _scene: {"format": "csv"}, False),
    PROJECT: ("director_in", lambda _scene: {"file": "qdpx", "meeting": "", "profile": "desk"}, False),
    "/desk/<slug>/agreement/sample": ("director_in", lambda _scene: {"percent": "15"}, True),
    f"{BOOK}/template": ("director_in", lambda _scene: {"template": "policy-outcomes"}, True),
    f"{BOOK}/new": ("director_in", lambda _scene: {"title": "Another theme"}, True),
    THEME: ("director_in", lambda _scene: {"title": "New words"}, True),
    f"{THEME}/merge": ("director_in", lambda _scene: {"into": "theme-2"}, True),
}
"""Address → a role that may, values that work, and whether they change anything."""

FORMS: tuple[tuple[Any, ...], ...] = (
    ("director_in", f"{BOOK}/file", {"format": "x"}),
    ("director_in", f"{BOOK}/import", {}, (), ("file",)),
    ("director_in", f"{BOOK}/template", {"template": "x"}),
    ("director_in", IMPORT, {}, (), ("file",)),
    ("director_in", f"{IMPORT}/<codings_upload>", {"take": ""}),
    ("director_in", PROJECT, {"meeting": "x", "profile": "desk"}, (), ("file",)),
    (
        "director_in",
        f"{BOOK}/new",
        {"title": "Talk", "code": "theme-1", "description": "", "examples": "", "colour": "", "parent": ""},
        ("title", "code", "description"),
        ("includes", "excludes"),
    ),
    (
        "director_in",
        THEME,
        {"title": "Talk", "colour": "red", "parent": "", "includes": "", "excludes": ""},
        ("title", "includes"),
        ("description", "examples"),
    ),
    ("director_in", f"{THEME}/merge", {"into": "x"}),
    ("director_in", f"{THEME}/split", {"title": "Talk", "answers": "x"}, ("title",)),
    ("director_in", f"{THEME}/retire", {}),
    ("director_in", f"{ANSWER}/again", {"revision": "x", "themes": "x"}),
    (
        "director_in",
        f"{ANSWER}/part",
        {"revision": "x", "start": "1", "end": "2", "part_theme": "x"},
        (),
        ("remove",),
    ),
    ("director_in", f"{ANSWER}/note", {"revision": "x", "note": "Ask."}),
    ("director_in", f"{ANSWER}/mark", {"revision": "x", "worth": "yes"}),
    ("director_in", f"{ANSWER}/suggestion", {"revision": "x", "suggested": "yes:x"}),
    ("director_in", "/desk/<slug>/agreement/sample", {"percent": "many"}),
    ("director_in", "/desk/<slug>/agreement/<answer_id>/<code>", {"applies": "perhaps"}),
    ("director_in", "/desk/<slug>/suggestions/<code>", {"answers": "x"}),
    ("director_in", "/desk/<slug>/suggestions/undo/<batch_id>", {}),
    ("director_in", "/desk/<slug>/coding/<answer_id>", {"revision": "x", "shown": "", "themes": "theme-1"}),
)
"""As tests.web.forms_tried.Filled takes them."""


def routes(**kinds: Callable[..., Any]) -> dict[tuple[str, str], Any]:
    """The rows of the matrix."""
    return {row: kinds[kind](*answers) for row, (kind, answers) in ROUTES.items()}


def acts(act: Callable[..., Any]) -> dict[str, Any]:
    """The posts that work."""
    return {
        rule: act(role, lambda scene, _browser, given=given: given(scene), changes=changes)
        for rule, (role, given, changes) in ACTS.items()
    }
