"""Every test has a database to itself, migrated, on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool


@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_sees_nothing_of_another(database_url: str, turn: int) -> None:
    engine = create_engine(database_url, poolclass=NullPool)
    assert "alembic_version" in inspect(engine).get_table_names()
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_behind (turn integer)"))


def test_an_empty_database_has_no_table(empty_database_url: str) -> None:
    engine = create_engine(empty_database_url, poolclass=NullPool)
    assert inspect(engine).get_table_names() == []


def test_postgresql_folds_the_letters_of_every_language(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url, poolclass=NullPool)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT lower('ŁÓDŹ')")).scalar() == "łódź"
