"""Routes for cards, notes and files of answers: who gets in, their forms, and what stands in the scene for them."""

import json

from flask_wtf.csrf import URLSafeTimedSerializer
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.operations.importing import uploads
from consult.responses.actions import GivenAnswer, enter_card
from consult.settings import Settings
from tests.factories import World

BASE = "/desk/<slug>/gathering"
OF_ONE_MEETING: tuple[tuple[str, str, int], ...] = (
    ("GET", f"{BASE}/<meeting>/card", 200),
    ("POST", f"{BASE}/<meeting>/card", 422),
    ("GET", f"{BASE}/<meeting>/print", 200),
    ("POST", f"{BASE}/<meeting>/print", 422),
    ("GET", f"{BASE}/<meeting>/notes", 200),
    ("POST", f"{BASE}/<meeting>/notes", 422),
    ("GET", f"{BASE}/cards/<card>", 200),
    ("POST", f"{BASE}/cards/<card>", 422),
    ("GET", f"{BASE}/cards/<card>/correct", 200),
    ("POST", f"{BASE}/cards/<card>/correct", 422),
    ("POST", f"{BASE}/cards/<card>/discard", 422),
    ("POST", f"{BASE}/notes/<note_id>/take-back", 404),
)
"""Moderators of the meeting alone. (method, address, answered)"""

IMPORTS: tuple[tuple[str, str, int], ...] = (
    ("GET", f"{BASE}/import", 200),
    ("POST", f"{BASE}/import", 422),
    ("GET", f"{BASE}/import/<answers_upload>", 200),
    ("POST", f"{BASE}/import/<answers_upload>", 422),
)
"""Directors alone."""

_USE = "quote_unattributed"
_CARD = {
    "text_1": "Talk first.",
    "use_1": _USE,
    "text_2": "Drift.",
    "use_2": _USE,
    "language": "xx",
    "consented": "",
}
GATHERING_FORMS = (
    ("rapporteur_in", f"{BASE}/<meeting>/card", _CARD, ("text_1", "text_2")),
    ("rapporteur_in", f"{BASE}/<meeting>/print", {"language": "xx"}),
    (
        "rapporteur_in",
        f"{BASE}/<meeting>/notes",
        {"text": "They spoke.", "session": "none", "language": "en"},
        ("text",),
    ),
    ("director_in", f"{BASE}/cards/<card>", {"read": "9"}),
    ("director_in", f"{BASE}/cards/<card>/correct", {**_CARD, "read": "9"}, ("text_1", "text_2")),
    ("director_in", f"{BASE}/cards/<card>/discard", {"none": ""}),
    ("director_in", f"{BASE}/notes/<note_id>/take-back", {}),
    ("director_in", f"{BASE}/import", {"file": "no file", "encoding": ""}),
    ("director_in", f"{BASE}/import/<answers_upload>", {"shown": "x"}),
)
"""As Filled: who sends it where, and with which values."""


def gathered(session: Session, world: World, settings: Settings) -> dict[str, str]:
    """A card of each meeting that the rapporteur typed, and a file of answers that was uploaded."""
    cards = {
        meeting.slug: enter_card(
            session,
            meeting,
            [
                GivenAnswer(asking, "Typed from a card.", Attribution.QUOTE_UNATTRIBUTED, "en")
                for asking in world.askings[meeting.id]
            ],
            consented=True,
            language="en",
            by=world.rapporteur,
        ).id
        for meeting in (world.october, world.may)
    }
    file = uploads.keep(session, b"id,text\n1,Peace.\n2,Bread.\n", name="answers.csv")
    signing = URLSafeTimedSerializer(settings.secret_key, salt="answers-upload")
    return {
        **cards,
        "note_id": "a" * 26,
        "version": "1",
        "codings_upload": _codings(session, world, settings),
        "answers_upload": str(signing.dumps([[file.id], world.consultation.id, ""])),
    }


def _codings(session: Session, world: World, settings: Settings) -> str:
    """A file of codings that was uploaded, and what it was found to bring."""
    file = uploads.keep(session, b"text,themes\nNobody said this.,theme-1\n", name="codings.csv")
    brings = {"themes": 0, "given": 0, "already": 0, "unmatched": 1, "unknown": [], "by_theme": []}
    told = uploads.keep(
        session, json.dumps({**brings, "no_answer": ["Nobody said this."]}).encode(), name="brings.json"
    )
    signing = URLSafeTimedSerializer(settings.secret_key, salt="codings-upload")
    return str(signing.dumps([[file.id, told.id], world.consultation.id, ""]))
