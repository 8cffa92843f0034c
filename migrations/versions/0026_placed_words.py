"""PostgreSQL finds and counts by state and meeting at once: each beginning of a word is indexed with them.

What very many say is counted by reading along those of a state and meeting, which an index of their own has in order.
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

PLACED = """
    SELECT array_to_tsvector(ARRAY(
        SELECT DISTINCT '^' || left(word, long) || '@' || $2
        FROM unnest(string_to_array(replace($1, '_', ' '), ' ')) AS word, (VALUES (3), (5), (8)) AS lengths(long)
        WHERE length(word) >= long
    ))
"""
INDEXED = (
    "to_tsvector('simple', folded) || placed_words(folded, coalesce(standing, '')) || "
    "array_to_tsvector(ARRAY['#' || (search_key >> 55)::text, '@' || coalesce(standing, '')])"
)
BEGINNINGS = """
    SELECT array_to_tsvector(ARRAY(
        SELECT DISTINCT '^' || left(word, long)
        FROM unnest(string_to_array(replace($1, '_', ' '), ' ')) AS word, (VALUES (3), (5), (8)) AS lengths(long)
        WHERE length(word) >= long
    ))
"""
INDEXED_BEFORE = (
    "to_tsvector('simple', folded) || beginnings_of_words(folded) || "
    "array_to_tsvector(ARRAY['#' || (search_key >> 51)::text, '@' || coalesce(standing, '')])"
)


STANDING = "ix_revision_words_in_order"


def upgrade() -> None:
    # The cost keeps PostgreSQL from computing what is indexed for row after row, which it takes for cheap.
    _index_anew("placed_words(text, text)", PLACED, INDEXED, "beginnings_of_words(text)", cost=" COST 1000")
    if op.get_bind().dialect.name != "sqlite":
        op.create_index(STANDING, "revision", ["standing", "search_key"])


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_index(STANDING, "revision")
    _index_anew("beginnings_of_words(text)", BEGINNINGS, INDEXED_BEFORE, "placed_words(text, text)")


def _index_anew(function: str, body: str, indexed: str, replaced: str, *, cost: str = "") -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute("SET LOCAL statement_timeout = 0")
    op.execute("DROP INDEX ix_revision_words")
    op.execute(f"DROP FUNCTION {replaced}")
    op.execute(
        f"CREATE FUNCTION {function} RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE{cost} AS $${body}$$"
    )
    op.execute(f"CREATE INDEX ix_revision_words ON revision USING gin (({indexed}))")
