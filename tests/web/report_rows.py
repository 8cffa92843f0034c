"""Routes of editions, composing and what follows a report: who is answered what, and which forms there are."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from consult.core.clock import now
from consult.core.sealing import Seal
from consult.reports.actions import approve
from consult.reports.approving.actions import let_read
from consult.reports.models import Edition
from consult.settings import Settings
from tests.factories import World

EDITION = "/desk/<slug>/report/editions/<int:number>"
EVERYBODY = frozenset({"everybody"})

ROUTES: dict[tuple[str, str], tuple[str, tuple[Any, ...]]] = {
    ("GET", EDITION): ("staff", (200, 200, 200)),
    ("POST", f"{EDITION}/approve"): ("staff", (422,)),
    ("POST", f"{EDITION}/readers"): ("staff", (422,)),
    ("POST", f"{EDITION}/readers/<reader_id>/revoke"): ("staff", (422,)),
    ("GET", "/desk/<slug>/report/compare"): ("staff", (200, 200, 200)),
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
    return {"reader_id": reader.id, "copy": seal.reader_secret(reader.id)}
