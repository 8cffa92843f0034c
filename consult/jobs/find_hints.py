"""The worker's rounds: new answers looked through for hints, then for duplicates.

Rounds instead of a promise per answer: they leave no trace of when an answer came, and a missed one is made up for by
the next. Reading and comparing take their time, so no transaction that writes is open meanwhile.
"""

from datetime import datetime

from consult.core.clock import now
from consult.core.database import Database
from consult.moderation.hints.actions import (
    BATCH,
    Rosters,
    examine_again,
    keep_duplicates,
    keep_hints,
    look_through,
    outdated,
)
from consult.moderation.hints.queries import answers_to_compare, how_many_to_compare, uncompared
from consult.moderation.hints.rules.grouping import grouped

BATCHES_A_ROUND = 100
FEW = 5000
"""Up to so many answers duplicates are sought in every round, beyond in every tenth minute."""
LARGE_EVERY = 10


def find_hints(database: Database) -> int:
    """Look through what is new, and everything again where a roster has changed; how many answers that were."""
    rosters, examined = Rosters(), 0
    with database.reading() as session:
        against = outdated(session, rosters)
    if against:
        with database.transaction() as session:
            examine_again(session, against)
    for _ in range(BATCHES_A_ROUND):
        with database.reading() as session:
            found = look_through(session, rosters)
        if found:
            with database.transaction() as session:
                keep_hints(session, found)
        examined += len(found)
        if len(found) < BATCH:
            break
    return examined


def find_duplicates(database: Database, *, at: datetime | None = None) -> int:
    """Seek duplicates again where answers have changed; in how many consultations. `at`: only where it is time."""
    with database.reading() as session:
        due = [
            (consultation_id, changes)
            for consultation_id, changes in uncompared(session)
            if at is None
            or at.minute % LARGE_EVERY == 0
            or how_many_to_compare(session, consultation_id, up_to=FEW) <= FEW
        ]
    for consultation_id, changes in due:
        with database.reading() as session:
            groups = grouped(answers_to_compare(session, consultation_id))
        with database.transaction() as session:
            keep_duplicates(session, consultation_id, groups, changes=changes)
    return len(due)


def make_the_round(database: Database) -> None:
    """What the worker does every minute."""
    find_hints(database)
    find_duplicates(database, at=now())
