"""An edition worked out before the turn to write is taken, and whether it may still be entered then.

Reading a million answers takes as long as it takes; nobody who submits one waits for it.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.analysis.disclosure import Publication, last_entered, publication_now
from consult.analysis.disclosure.told.publishing import Publishing
from consult.consultations.models import Consultation
from consult.consultations.queries import ground_rules_in_force
from consult.core import clock
from consult.core.database import unhurried
from consult.core.errors import Refused
from consult.moderation.published import times_taken_out
from consult.reports import queries
from consult.reports.document import canonical
from consult.reports.drafting import has_answers, sourced_draft


@dataclass(frozen=True)
class Sketch:
    """An edition as of one moment: its document, the revision behind each quote, and what its figures say."""

    number: int
    text: str
    """The canonical document."""
    sources: list[str]
    ground_rules_id: str
    taken_out: int
    """How often something had left the published view."""
    publication: Publication


def sketched(session: Session, consultation: Consultation) -> Sketch:
    """The edition as it would be frozen now. Raises Refused while nothing is approved."""
    unhurried(session)
    number, rules = queries.next_number(session, consultation), ground_rules_in_force(session, consultation)
    taken_out = times_taken_out(session, consultation)
    figures = Publishing(session, consultation, rules)
    today = clock.now().date()
    document, sources = sourced_draft(session, consultation, number=number, on=today, figures=figures)
    if not has_answers(document):
        raise Refused("No answer is approved yet. Approve at least one in the queue, then freeze again.")
    publication = publication_now(session, consultation, rules, figures)
    return Sketch(number, canonical(document), sources, rules.id, taken_out, publication)


def still_stands(session: Session, consultation: Consultation, sketch: Sketch) -> bool:
    """Whether nothing was taken back since, the ground rules are the same, and nothing else was published."""
    return (
        sketch.number == queries.next_number(session, consultation)
        and sketch.taken_out == times_taken_out(session, consultation)
        and sketch.ground_rules_id == ground_rules_in_force(session, consultation).id
        and sketch.publication.after == last_entered(session, consultation)
    )
