"""Words found in an order, answers found from them at one look, and the end of the audit chain kept by the database."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BUCKETED = "to_tsvector('simple', folded) || array_to_tsvector(ARRAY['#' || (search_key >> 51)::text])"
FOLLOWS = "UPDATE audit_head SET number = NEW.number, hash = NEW.hash"


def upgrade() -> None:
    op.create_index("ix_revision_found", "revision", ["search_key", "answer_id", "current"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER audit_head_follows AFTER INSERT ON audit_entry BEGIN {FOLLOWS}; END")
        return
    op.execute("DROP INDEX ix_revision_words")
    op.execute(f"CREATE INDEX ix_revision_words ON revision USING gin (({BUCKETED}))")
    op.execute(
        "CREATE FUNCTION move_audit_head() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {FOLLOWS}; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_head_follows AFTER INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION move_audit_head()"
    )


def downgrade() -> None:
    op.drop_index("ix_revision_found", "revision")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_head_follows")
        return
    op.execute("DROP TRIGGER audit_head_follows ON audit_entry")
    op.execute("DROP FUNCTION move_audit_head()")
    op.execute("DROP INDEX ix_revision_words")
    op.execute("CREATE INDEX ix_revision_words ON revision USING gin (to_tsvector('simple', folded))")
