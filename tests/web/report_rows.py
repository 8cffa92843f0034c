"""Routes of editions, composing and what follows a report: who is answered what, and which forms there are."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from consult.analysis.disclosure import Profile
from consult.core.clock import now
from consult.core.sealing import Seal
from consult.exports.prepared.actions import ask_for
from consult.reports.actions import approve
from consult.reports.approving.actions import let_read
from consult.reports.following.actions import follow_up
from consult.reports.models import Edition
from consult.reports.queries import takeaways_of
from consult.reports.tokens.actions import make_token
from consult.reports.tokens.queries import tokens_of
from consult.settings import Settings
from tests.factories import World

EDITION = "/desk/<slug>/report/editions/<int:number>"
ATTENDANCE = "/desk/<slug>/report/attendance/<meeting>"
TOKENS = "/desk/<slug>/exports/tokens"
PREPARED = "/desk/<slug>/exports/prepared/<export_id>"
COMPOSE = "/desk/<slug>/report/compose"
TAKEAWAYS = "/desk/<slug>/report/takeaways"
FOLLOWED = "/desk/<slug>/report/follow-up"
ENTRY = {"on_day": "2016-07-09", "asked": "Asked.", "said": "Said.", "did": "Did."}

ROUTES: dict[tuple[str, str], tuple[str, tuple[Any, ...]]] = {
    ("GET", EDITION): ("staff", (200, 200, 200)),
    ("POST", f"{EDITION}/approve"): ("staff", (422,)),
    ("POST", f"{EDITION}/readers"): ("staff", (422,)),
    ("POST", f"{EDITION}/readers/<reader_id>/revoke"): ("staff", (422,)),
    ("POST", f"{EDITION}/withdraw"): ("staff", (422,)),
    ("GET", ATTENDANCE): ("staff", (200,)),
    ("POST", ATTENDANCE): ("staff", (422,)),
    ("GET", TOKENS): ("staff", (200,)),
    ("POST", TOKENS): ("staff", (422,)),
    ("POST", f"{TOKENS}/<token_id>/revoke"): ("staff", (422,)),
    ("POST", PREPARED): ("staff", (422,)),
    ("POST", f"{PREPARED}/remove"): ("staff", (422,)),
    ("GET", "/desk/<slug>/report/compare"): ("staff", (200, 200, 200)),
    ("GET", COMPOSE): ("staff", (200,)),
    ("POST", f"{COMPOSE}/start"): ("staff", (422,)),
    ("POST", f"{COMPOSE}/texts"): ("staff", (422,)),
    ("GET", f"{COMPOSE}/<part>"): ("staff", (200,)),
    ("POST", f"{COMPOSE}/<part>"): ("staff", (422,)),
    ("POST", f"{COMPOSE}/<part>/preview"): ("staff", (422,)),
    ("POST", f"{COMPOSE}/<part>/place"): ("staff", (422,)),
    ("GET", f"{COMPOSE}/<part>/quotes"): ("staff", (200,)),
    ("POST", f"{COMPOSE}/<part>/quotes"): ("staff", (422,)),
    ("GET", TAKEAWAYS): ("staff", (200,)),
    ("POST", TAKEAWAYS): ("staff", (422,)),
    ("GET", f"{TAKEAWAYS}/<takeaway_id>"): ("staff", (200,)),
    ("POST", f"{TAKEAWAYS}/<takeaway_id>"): ("staff", (422,)),
    ("POST", f"{TAKEAWAYS}/<takeaway_id>/place"): ("staff", (422,)),
    ("GET", f"{TAKEAWAYS}/<takeaway_id>/quotes"): ("staff", (200,)),
    ("POST", f"{TAKEAWAYS}/<takeaway_id>/quotes"): ("staff", (422,)),
    ("GET", FOLLOWED): ("staff", (200,)),
    ("POST", FOLLOWED): ("staff", (422,)),
    ("GET", f"{FOLLOWED}/<entry_id>"): ("staff", (200,)),
    ("POST", f"{FOLLOWED}/<entry_id>"): ("staff", (422,)),
    ("POST", f"{FOLLOWED}/<entry_id>/remove"): ("staff", (422,)),
    ("GET", "/embargoed/<copy>"): ("everybody", (200,)),
    ("POST", "/embargoed/<copy>"): ("everybody", (422,)),
    ("GET", "/embargoed"): ("everybody", (404,)),
    ("POST", "/embargoed"): ("everybody", (404,)),
}
"""(method, address) → which kind of row, and what those who may are answered."""

FORMS: tuple[tuple[Any, ...], ...] = (
    ("director_in", f"{EDITION}/approve", {"read": "0" * 64}),
    ("director_in", f"{EDITION}/readers", {"name": "A reader", "days": "x"}, ("name",)),
    ("director_in", f"{EDITION}/readers/<reader_id>/revoke", {}),
    ("director_in", f"{EDITION}/withdraw", {"why": ""}, ()),
    ("director_in", ATTENDANCE, {"people": "Somebody, of somewhere"}, ("people",)),
    ("director_in", TOKENS, {"name": "The website", "scopes": "x", "days": "30"}, ("name",)),
    ("director_in", f"{TOKENS}/<token_id>/revoke", {}),
    ("director_in", PREPARED, {}),
    ("director_in", f"{PREPARED}/remove", {}),
    ("director_in", f"{COMPOSE}/start", {"shape": "neither"}, (), ("replace",)),
    ("director_in", f"{COMPOSE}/texts", {"heading": "", "meeting": "nowhere"}),
    *(
        (
            "director_in",
            f"{COMPOSE}/<part>{more}",
            {"heading": "Own", "body": "Words", "read": "x"},
            ("heading", "body"),
        )
        for more in ("", "/preview")
    ),
    ("director_in", f"{COMPOSE}/<part>/place", {"act": "sideways"}),
    ("director_in", f"{COMPOSE}/<part>/quotes", {"shown": "none", "wanted": "none"}),
    ("director_in", TAKEAWAYS, {"text": ""}),
    (
        "director_in",
        f"{TAKEAWAYS}/<takeaway_id>",
        {"text": "It follows.", "themes": "nothing", "against": "nothing", "read": "x"},
        ("text",),
    ),
    ("director_in", f"{TAKEAWAYS}/<takeaway_id>/place", {"act": "sideways"}),
    ("director_in", f"{TAKEAWAYS}/<takeaway_id>/quotes", {"shown": "none", "wanted": "none"}),
    ("director_in", FOLLOWED, ENTRY | {"on_day": "soon"}, ("asked", "said", "did")),
    ("director_in", f"{FOLLOWED}/<entry_id>", ENTRY | {"on_day": "soon", "read": "x"}, ("asked", "said")),
    ("director_in", f"{FOLLOWED}/<entry_id>/remove", {}),
    ("anonymous", "/embargoed/<copy>", {}),
    ("anonymous", "/embargoed", {}),
)


def routes(**kinds: Callable[..., Any]) -> dict[tuple[str, str], Any]:
    """Rows of the matrix."""
    return {route: kinds[kind](*answered) for route, (kind, answered) in ROUTES.items()}


def approved_with_reader(
    session: Session, world: World, settings: Settings, edition: Edition
) -> dict[str, str]:
    """Has an edition approved and read by somebody named: the parts of addresses that this gives."""
    approve(session, edition, read=edition.document_hash, by=world.director)
    seal = Seal(settings.link_key)
    until = now() + timedelta(days=2)
    reader = let_read(session, edition, name="The minister", expires_at=until, seal=seal, by=world.director)
    entry = follow_up(
        session, world.consultation, date(2016, 7, 9), ("Asked.", "Said.", "Did."), by=world.director
    )
    make_token(
        session,
        world.consultation,
        name="The website",
        editions=True,
        answers=False,
        expires_at=until,
        by=world.director,
    )
    takeaway = takeaways_of(session, world.consultation)[0]
    prepared = ask_for(
        session,
        world.consultation,
        code="csv",
        notes=False,
        profile=Profile.DESK,
        meeting=None,
        columns=(),
        by=world.director,
    )
    return {
        "reader_id": reader.id,
        "copy": seal.reader_secret(reader.id),
        "export_id": prepared.id,
        "token_id": tokens_of(session, world.consultation)[0].id,
        "entry_id": entry.id,
        "takeaway_id": takeaway.id,
        "part": "views",
    }
