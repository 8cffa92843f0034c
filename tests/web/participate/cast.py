"""What tests of participants' pages share: an answer, and how a participant reaches the form."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.responses.models import Response, Revision
from tests.factories import World
from tests.pages import Page, PageClient

TEXTS = {"text_1": "Unity, shown in budgets.", "text_2": "Miscalculation at sea."}
USES = {"use_1": "quote_unattributed", "use_2": "aggregate_only"}
ANSWER = TEXTS | USES


def count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Response)) or 0


def opened(client: PageClient, world: World) -> Page:
    """The form, as reached from the link."""
    return client.submit(client.page(f"/i/{world.participant.secret}"), "/i/")


def stored_texts(session: Session) -> set[str]:
    session.rollback()
    return set(session.scalars(select(Revision.text)))  # type: ignore[arg-type]
