"""Two moderators at once, in as many orders as there is time for; a thousand are in `make chaos`."""

from consult.core.database import Database
from tests.colliding import collide
from tests.factories import World

ROUNDS = 16


def test_no_order_of_two_moderators_overwrites_silently(database: Database, world: World) -> None:
    told = collide(database, world, rounds=ROUNDS, seed=5)
    assert told.taken + told.stale == 2 * ROUNDS
    assert told.at_once >= ROUNDS // 4
    assert told.stale >= ROUNDS // 4, "so many came late that being late was tried"
