"""The search index knows state and meeting of what it holds, and on PostgreSQL how words begin, so that it can count."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

STANDING = "SELECT state || meeting_id FROM answer WHERE id = {answer} AND released AND {current}"
BUCKETED = "to_tsvector('simple', folded) || array_to_tsvector(ARRAY['#' || (search_key >> 51)::text])"
INDEXED = (
    "to_tsvector('simple', folded) || beginnings_of_words(folded) || "
    "array_to_tsvector(ARRAY['#' || (search_key >> 51)::text, '@' || coalesce(standing, '')])"
)
FOUND = "ix_revision_found"
BEGINNINGS = """
    SELECT array_to_tsvector(ARRAY(
        SELECT DISTINCT '^' || left(word, long)
        FROM unnest(string_to_array(replace($1, '_', ' '), ' ')) AS word, (VALUES (3), (5), (8)) AS lengths(long)
        WHERE length(word) >= long
    ))
"""
"""The first 3, 5 and 8 letters of each word: what PostgreSQL finds at once, where it collects a beginning of its own."""


def upgrade() -> None:
    op.add_column("revision", sa.Column("standing", sa.String(length=40), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _drop_sqlite()
        op.execute(
            f"UPDATE revision SET standing = coalesce(({STANDING.format(answer='answer_id', current='current')}), '')"
        )
        _index_sqlite()
    else:
        _index_postgresql()
    op.drop_index(FOUND, "revision")
    op.create_index(FOUND, "revision", ["search_key", "answer_id", "current", "standing"])


def _drop_sqlite() -> None:
    op.execute("DROP TRIGGER revision_words_removed")
    op.execute("DROP TRIGGER revision_words_added")
    op.execute("DROP TABLE revision_words")


def _index_sqlite() -> None:
    op.execute("CREATE VIRTUAL TABLE revision_words USING fts5(folded, standing, content='')")
    op.execute("INSERT INTO revision_words(revision_words, rank) VALUES('secure-delete', 1)")
    forget = (
        "INSERT INTO revision_words(revision_words, rowid, folded, standing) "
        "VALUES('delete', OLD.search_key, OLD.folded, OLD.standing);"
    )
    standing = STANDING.format(answer="NEW.answer_id", current="NEW.current")
    op.execute(
        "CREATE TRIGGER revision_words_added AFTER INSERT ON revision BEGIN "
        f"UPDATE revision SET standing = coalesce(({standing}), '') WHERE id = NEW.id; "
        "INSERT INTO revision_words(rowid, folded, standing) "
        "SELECT search_key, folded, standing FROM revision WHERE id = NEW.id AND folded <> ''; END"
    )
    op.execute(
        "CREATE TRIGGER revision_words_moved AFTER UPDATE OF standing ON revision "
        "WHEN OLD.folded <> '' AND OLD.standing <> NEW.standing BEGIN "
        f"{forget} INSERT INTO revision_words(rowid, folded, standing) "
        "VALUES (NEW.search_key, NEW.folded, NEW.standing); END"
    )
    op.execute(
        f"CREATE TRIGGER revision_words_removed AFTER DELETE ON revision WHEN OLD.folded <> '' BEGIN {forget} END"
    )
    op.execute(
        "CREATE TRIGGER revision_superseded AFTER UPDATE OF current ON revision BEGIN "
        f"UPDATE revision SET standing = coalesce(({standing}), '') WHERE id = NEW.id; END"
    )
    op.execute(
        "CREATE TRIGGER answer_moves_words AFTER UPDATE OF state, released ON answer BEGIN "
        "UPDATE revision SET standing = CASE WHEN NEW.released THEN NEW.state || NEW.meeting_id ELSE '' END "
        "WHERE answer_id = NEW.id AND current; END"
    )
    op.execute(
        "INSERT INTO revision_words(rowid, folded, standing) "
        "SELECT search_key, folded, standing FROM revision WHERE folded <> '' ORDER BY search_key"
    )


def _index_postgresql() -> None:
    op.execute("SET LOCAL statement_timeout = 0")
    op.execute("DROP INDEX ix_revision_words")
    op.execute(
        f"UPDATE revision SET standing = coalesce(({STANDING.format(answer='answer_id', current='current')}), '')"
    )
    op.execute(
        "CREATE FUNCTION beginnings_of_words(text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE "
        f"AS $${BEGINNINGS}$$"
    )
    op.execute(f"CREATE INDEX ix_revision_words ON revision USING gin (({INDEXED}))")
    op.execute(
        "CREATE FUNCTION place_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"NEW.standing := coalesce(({STANDING.format(answer='NEW.answer_id', current='NEW.current')}), ''); "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER revision_words_placed BEFORE INSERT OR UPDATE OF current ON revision "
        "FOR EACH ROW EXECUTE FUNCTION place_words()"
    )
    op.execute(
        "CREATE FUNCTION move_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "UPDATE revision SET standing = CASE WHEN NEW.released THEN NEW.state || NEW.meeting_id ELSE '' END "
        "WHERE answer_id = NEW.id AND current; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER answer_moves_words AFTER UPDATE OF state, released ON answer FOR EACH ROW "
        "WHEN (OLD.state <> NEW.state OR OLD.released <> NEW.released) EXECUTE FUNCTION move_words()"
    )


def downgrade() -> None:
    op.drop_index(FOUND, "revision")
    op.create_index(FOUND, "revision", ["search_key", "answer_id", "current"])
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("answer_moves_words", "revision_superseded", "revision_words_moved"):
            op.execute(f"DROP TRIGGER {trigger}")
        _drop_sqlite()
        op.execute("ALTER TABLE revision DROP COLUMN standing")
        _index_as_before()
        return
    op.execute("DROP TRIGGER answer_moves_words ON answer")
    op.execute("DROP TRIGGER revision_words_placed ON revision")
    for function in ("move_words", "place_words"):
        op.execute(f"DROP FUNCTION {function}()")
    op.execute("DROP INDEX ix_revision_words")
    op.execute("DROP FUNCTION beginnings_of_words(text)")
    op.execute(f"CREATE INDEX ix_revision_words ON revision USING gin (({BUCKETED}))")
    op.drop_column("revision", "standing")


def _index_as_before() -> None:
    op.execute("CREATE VIRTUAL TABLE revision_words USING fts5(folded, content='')")
    op.execute("INSERT INTO revision_words(revision_words, rank) VALUES('secure-delete', 1)")
    op.execute(
        "CREATE TRIGGER revision_words_added AFTER INSERT ON revision WHEN NEW.folded <> '' "
        "BEGIN INSERT INTO revision_words(rowid, folded) VALUES (NEW.search_key, NEW.folded); END"
    )
    op.execute(
        "CREATE TRIGGER revision_words_removed AFTER DELETE ON revision WHEN OLD.folded <> '' BEGIN "
        "INSERT INTO revision_words(revision_words, rowid, folded) "
        "VALUES('delete', OLD.search_key, OLD.folded); END"
    )
    op.execute(
        "INSERT INTO revision_words(rowid, folded) "
        "SELECT search_key, folded FROM revision WHERE folded <> '' ORDER BY search_key"
    )
