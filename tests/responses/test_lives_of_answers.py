"""Whatever people and moderators do in whatever order, what is stored and exported is what a plain model says."""

from consult.core.database import Database
from tests.lives import live


def test_answers_live_as_the_model_says(database: Database) -> None:
    live(database, examples=3, steps=12)
