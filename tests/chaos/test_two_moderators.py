"""The same as in `make test`, a thousand times on each database."""

import os
import random

from consult.core.database import Database
from tests.colliding import collide
from tests.factories import World

ROUNDS = int(os.environ.get("CHAOS_INTERLEAVINGS", "1000"))


def test_a_thousand_orders_of_two_moderators(database: Database, world: World) -> None:
    seed = random.SystemRandom().randrange(2**32)
    told = collide(database, world, rounds=ROUNDS, seed=seed)
    assert told.taken + told.stale == 2 * ROUNDS, f"seed {seed}: {told}"
