"""Routes of codebook, coding, agreement and suggestions: who is answered what, and which forms there are."""

from collections.abc import Callable
from typing import Any

from tests.web.scenes import Scene

BOOK = "/desk/<slug>/codebook"
THEME = f"{BOOK}/themes/<code>"

ROUTES: dict[tuple[str, str], tuple[str, tuple[int, ...]]] = {
    ("GET", BOOK): ("staff", (200, 200)),
    ("POST", f"{BOOK}/file"): ("staff", (422, 422)),
    ("POST", f"{BOOK}/import"): ("staff", (422,)),
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
    ("POST", "/desk/<slug>/coding/<answer_id>"): ("moderators", (409,)),
}
"""(method, address) → which kind of row, and what those who may be at the desk are answered."""

Given = Callable[[Scene], dict[str, Any]]

ACTS: dict[str, tuple[str, Given, bool]] = {
    f"{BOOK}/file": ("rapporteur_in", lambda _scene: {"format": "csv"}, False),
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
    ("director_in", "/desk/<slug>/coding/<answer_id>", {"revision": "x", "shown": "", "themes": "theme-1"}),
)
"""As tests.web.test_bad_input.Filled takes them."""


def routes(**kinds: Callable[..., Any]) -> dict[tuple[str, str], Any]:
    """The rows of the matrix."""
    return {row: kinds[kind](*answers) for row, (kind, answers) in ROUTES.items()}


def acts(act: Callable[..., Any]) -> dict[str, Any]:
    """The posts that work."""
    return {
        rule: act(role, lambda scene, _browser, given=given: given(scene), changes=changes)
        for rule, (role, given, changes) in ACTS.items()
    }
