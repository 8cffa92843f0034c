"""SQLite keeps an index of words for each state of an answer: one for all walks past a million to find a thousand rejected.

What is withdrawn, superseded or not yet released is in none of them.
"""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

STATES = ("waiting", "approved", "rejected")
STANDING = (
    "UPDATE revision SET standing = coalesce((SELECT state || meeting_id FROM answer "
    "WHERE id = NEW.answer_id AND released AND NEW.current), '') WHERE id = NEW.id;"
)


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for trigger in ("added", "moved", "removed"):
        op.execute(f"DROP TRIGGER revision_words_{trigger}")
    _drop("revision_words")
    for state in STATES:
        _create(f"revision_words_{state}")
    added = " ".join(_taken_in(state, "id = NEW.id") for state in STATES)
    op.execute(f"CREATE TRIGGER revision_words_added AFTER INSERT ON revision BEGIN {STANDING} {added} END")
    for state in STATES:
        table = f"revision_words_{state}"
        op.execute(
            f"CREATE TRIGGER {table}_moved AFTER UPDATE OF standing ON revision "
            f"WHEN OLD.standing <> NEW.standing AND ({_in(state, 'OLD.')} OR {_in(state, 'NEW.')}) BEGIN "
            f"{_forgotten(state)} {_taken_in(state, 'id = NEW.id')} END"
        )
        op.execute(
            f"CREATE TRIGGER {table}_removed AFTER DELETE ON revision WHEN {_in(state, 'OLD.')} BEGIN "
            f"{_forgotten(state)} END"
        )
        op.execute(_taken_in(state, "1 ORDER BY search_key"))


def _create(table: str) -> None:
    op.execute(f"CREATE VIRTUAL TABLE {table} USING fts5(folded, standing, content='')")
    op.execute(f"INSERT INTO {table}({table}, rank) VALUES('secure-delete', 1)")
    op.execute(f"INSERT INTO {table}({table}, rank) VALUES('automerge', 8)")
    op.execute(f"CREATE VIRTUAL TABLE {table}_vocabulary USING fts5vocab({table}, instance)")


def _drop(table: str) -> None:
    op.execute(f"DROP TABLE {table}_vocabulary")
    op.execute(f"DROP TABLE {table}")


def _in(state: str, row: str = "") -> str:
    """That a revision of this state has words."""
    return f"({row}folded <> '' AND substr({row}standing, 1, {len(state)}) = '{state}')"


def _taken_in(state: str, which: str) -> str:
    return (
        f"INSERT INTO revision_words_{state}(rowid, folded, standing) "
        f"SELECT search_key, folded, standing FROM revision WHERE {_in(state)} AND {which};"
    )


def _forgotten(state: str) -> str:
    table = f"revision_words_{state}"
    return (
        f"INSERT INTO {table}({table}, rowid, folded, standing) "
        f"SELECT 'delete', OLD.search_key, OLD.folded, OLD.standing WHERE {_in(state, 'OLD.')};"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("DROP TRIGGER revision_words_added")
    for state in STATES:
        for trigger in ("moved", "removed"):
            op.execute(f"DROP TRIGGER revision_words_{state}_{trigger}")
        _drop(f"revision_words_{state}")
    _create("revision_words")
    taken_in = "INSERT INTO revision_words(rowid, folded, standing) SELECT search_key, folded, standing FROM revision"
    forgotten = (
        "INSERT INTO revision_words(revision_words, rowid, folded, standing) "
        "VALUES('delete', OLD.search_key, OLD.folded, OLD.standing);"
    )
    op.execute(
        f"CREATE TRIGGER revision_words_added AFTER INSERT ON revision BEGIN {STANDING} "
        f"{taken_in} WHERE id = NEW.id AND folded <> ''; END"
    )
    op.execute(
        "CREATE TRIGGER revision_words_moved AFTER UPDATE OF standing ON revision "
        f"WHEN OLD.folded <> '' AND OLD.standing <> NEW.standing BEGIN {forgotten} "
        f"{taken_in} WHERE id = NEW.id; END"
    )
    op.execute(
        f"CREATE TRIGGER revision_words_removed AFTER DELETE ON revision WHEN OLD.folded <> '' BEGIN {forgotten} END"
    )
    op.execute(f"{taken_in} WHERE folded <> '' ORDER BY search_key")
