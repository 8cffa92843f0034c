"""The same as in `make test`, five hundred times on each database."""

import os
import random
from pathlib import Path

from consult.core.database import Database
from tests.killing import check, kill_at_random, prepare

ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "500"))


def test_nothing_is_lost_in_five_hundred_kills(database: Database, database_url: str, tmp_path: Path) -> None:
    seed = random.randrange(1 << 32)
    secrets = prepare(database, ROUNDS * 6)
    clients = kill_at_random(database_url, secrets, tmp_path, rounds=ROUNDS, seed=seed)
    assert check(database, tmp_path) == len(secrets), seed
    assert sum(client.repeated for client in clients) > ROUNDS, "hardly a request was cut short"
