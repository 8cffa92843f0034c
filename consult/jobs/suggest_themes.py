"""The worker's rounds: themes are suggested anew where people have coded, answers came or the codebook changed.

Reading and learning take their time, so no transaction that writes is open meanwhile.
"""

from consult.analysis.suggestions.actions import keep, suggest
from consult.analysis.suggestions.queries import seen, suggester_of
from consult.consultations.models import Consultation
from consult.consultations.queries import consultations_by_title
from consult.core.database import Database

LEARN_AGAIN = 0.05
"""Anew once so large a part has changed, and after every change while little is coded."""
LITTLE = 400


def suggest_themes(database: Database) -> int:
    """Suggest again where it is time; in how many consultations."""
    with database.reading() as session:
        due = [each.id for each in consultations_by_title(session) if _is_due(database, each)]
    for consultation_id in due:
        with database.reading() as session:
            made = suggest(session, session.get_one(Consultation, consultation_id))
        with database.transaction() as session:
            keep(session, session.get_one(Consultation, consultation_id), made)
    return len(due)


def _is_due(database: Database, consultation: Consultation) -> bool:
    with database.reading() as session:
        counted, last = seen(session, consultation), suggester_of(session, consultation)
        if last is None:
            return counted > 0
        change = abs(counted - last.seen)
        return change > (LEARN_AGAIN * last.seen if counted > LITTLE else 0)
