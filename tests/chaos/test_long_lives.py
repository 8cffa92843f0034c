"""The same as in `make test`, many times and for longer."""

import os

from consult.core.database import Database
from tests.lives import live

EXAMPLES = int(os.environ.get("CHAOS_EXAMPLES", "400"))


def test_answers_live_as_the_model_says_for_long(database: Database) -> None:
    live(database, examples=EXAMPLES, steps=60)
