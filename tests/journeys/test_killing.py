"""A receipt that was seen is an answer that is stored, whenever the server dies."""

import random
from pathlib import Path

from consult.core.database import Database
from tests.killing import check, kill_at_random, prepare

ROUNDS = 10


def test_nothing_is_lost_doubled_or_half_written_when_the_server_is_killed(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    seed = random.randrange(1 << 32)
    secrets = prepare(database, 90)  # more than are done before the last round
    clients = kill_at_random(database_url, secrets, tmp_path, rounds=ROUNDS, seed=seed)
    assert check(database, tmp_path) == len(secrets), seed
    assert sum(client.repeated for client in clients) > 0, "no request was cut short"
