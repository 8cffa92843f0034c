"""The posts that do something: who may, and with which values."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from tests.web import coding_rows
from tests.web.matrix import Browser
from tests.web.scenes import Scene


@dataclass(frozen=True)
class Act:
    """A post that does something: who may, and with which values."""

    role: str
    values: Callable[[Scene, Browser], dict[str, Any]]
    changes: bool = True
    answered: int = 303


def _decision(scene: Scene, browser: Browser) -> dict[str, Any]:
    meeting = "may" if browser.role == "rapporteur_out" else "october"
    return {"read": scene.waiting_hash[meeting], "read_number": "0", "act": "approve"}


def _shown(browser: Browser, rule: str) -> str:
    """What the page of that act says that it showed; nothing for those who are not shown it."""
    page = browser.ask("GET", rule).get_data(as_text=True)
    found = re.search(r'name="shown"[^>]*value="([0-9-]+)"', page)
    return found[1] if found else ""


def _taking(scene: Scene, browser: Browser) -> dict[str, Any]:
    """A file without a fault is taken in."""
    browser.values["upload"] = scene.good_upload
    return {"shown": _shown(browser, "/desk/<slug>/people/import/<upload>")}


COLLEAGUE = {"name": "Nowy", "email": "nowy@example.org", "role": "observer", "meeting": "", "language": "en"}
PERSON = {"name": "Ben New", "email": "ben@example.org", "language": "en"}
ACTS: dict[str, Act] = {
    "/respond/decline": Act("participant", lambda _scene, _browser: {}),
    "/desk/<slug>/queue/<answer_id>/decide": Act("rapporteur_in", _decision),
    "/desk/<slug>/queue/<answer_id>/notes": Act(
        "rapporteur_in", lambda _scene, _browser: {"said": "Ask her."}
    ),
    "/desk/<slug>/queue/<answer_id>/presence": Act(
        "rapporteur_in", lambda _scene, _browser: {}, answered=200
    ),
    "/desk/<slug>/queue/selection": Act(
        "director_in",
        lambda scene, _browser: {"answers": [scene.waiting["may"].id]},
        changes=False,
    ),
    "/desk/<slug>/queue/selection/decide": Act(
        "director_in",
        lambda scene, _browser: {
            "act": "approve",
            "read": [f"{scene.waiting['may'].id}.{scene.waiting_hash['may']}.0"],
        },
    ),
    "/desk/<slug>/queue/views": Act("rapporteur_in", lambda _scene, _browser: {"view_name": "Another"}),
    "/desk/<slug>/queue/views/<view_id>/remove": Act("rapporteur_in", lambda _scene, _browser: {}),
    "/desk/keys": Act("rapporteur_in", lambda _scene, _browser: {"keys": "off"}),
    "/desk/<slug>/people/new": Act("director_in", lambda _scene, _browser: PERSON),
    "/desk/<slug>/people/export": Act(
        "director_in", lambda _scene, _browser: {"format": "csv"}, changes=False
    ),
    "/desk/<slug>/people/<person_id>": Act(
        "director_in", lambda _scene, _browser: PERSON | {"email": "p091@example.org"}
    ),
    "/desk/<slug>/people/<person_id>/remove": Act("director_in", lambda _scene, _browser: {}),
    "/desk/<slug>/invitations/test": Act("director_in", lambda _scene, _browser: {"language": "fr"}),
    "/desk/<slug>/invitations/words/<kind>/<language>": Act(
        "director_in", lambda _scene, _browser: {"subject": "Hello", "body": "{link}", "act": "save"}
    ),
    "/desk/<slug>/invitations/<meeting>/send": Act(
        "director_in",
        lambda _scene, browser: {"shown": _shown(browser, "/desk/<slug>/invitations/<meeting>/send")},
    ),
    "/desk/<slug>/people/import/<upload>": Act("director_in", _taking),
    "/desk/<slug>/setup/meetings/order": Act("director_in", lambda _scene, _browser: {"act": "down:october"}),
    "/desk/<slug>/invitations/<meeting>/remind": Act("director_in", lambda _scene, _browser: {}),
    "/desk/<slug>/people/import": Act(
        "director_in",
        lambda _scene, _browser: {
            "file": (BytesIO(b"Name;E-mail\nDid New;did@example.org\n"), "people.csv"),
            "encoding": "",
        },
    ),
    "/desk/<slug>/people/import/<upload>/problems": Act(
        "director_in", lambda _scene, _browser: {}, changes=False
    ),
    "/desk/<slug>/invitations/<meeting>/letters": Act(
        "director_in", lambda _scene, _browser: {}, answered=200
    ),
    "/desk/<slug>/reminders": Act("director_in", lambda _scene, _browser: {"hours": "72"}),
    "/desk/<slug>/announce": Act("director_in", lambda _scene, _browser: {}),
    "/desk/<slug>/join/<meeting>": Act("director_in", lambda _scene, _browser: {"act": "on"}),
    "/desk/<slug>/join/<meeting>/poster": Act(
        "director_in", lambda _scene, _browser: {"language": "pl", "paper": "a4"}, changes=False
    ),
    "/desk/<slug>/team": Act("director_in", lambda _scene, _browser: COLLEAGUE),
    "/desk/<slug>/times": Act(
        "director_in",
        lambda _scene, _browser: {"opens": "2016-05-14 09:00", "closes": "", "act": "confirmed"},
    ),
    "/desk/<slug>/report/freeze": Act("director_in", lambda _scene, _browser: {}),
    "/desk/<slug>/report/editions/<int:number>/publish": Act("director_in", lambda _scene, _browser: {}),
    "/desk/<slug>/report/editions/<int:number>/file": Act(
        "observer", lambda _scene, _browser: {"format": "html"}, changes=False
    ),
    **coding_rows.acts(Act),
    "/desk/<slug>/exports": Act(
        "director_in",
        lambda _scene, _browser: {"format": "csv", "profile": "desk", "meeting": ""},
        changes=False,
    ),
}
"""The posts that work, with values that work, so that a refusal above is not one for want of a field."""
