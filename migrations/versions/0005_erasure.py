"""Erasure, response codes, release in batches: what withdrawal and unlinked mode need.

SQLite's index of words is made anew. As it was, it kept deleted words behind tombstones, and a number beside each text
that replayed the order of arrival; now a deletion names its words, so that FTS5 can take them out at once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("edition", sa.Column("corrections", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("invitation", sa.Column("issued", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("answer", sa.Column("released", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index(
        "ix_answer_held",
        "answer",
        ["meeting_id"],
        sqlite_where=sa.text("released IS 0"),
        postgresql_where=sa.text("released IS FALSE"),
    )
    op.create_table(
        "edition_quote",
        sa.Column("edition_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_quote_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("edition_id", "position", name=op.f("pk_edition_quote")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_edition_quote_revision_id"), "edition_quote", ["revision_id"])
    op.create_table(
        "erasure",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("response_id", sa.String(length=26), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "withdrawn", "changed", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("editions", sa.JSON(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_erasure_consultation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_erasure_consultation_id"), "erasure", ["consultation_id"])
    op.create_table(
        "response_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("meeting_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_response_code_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_response_code")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_response_code_meeting_id"), "response_code", ["meeting_id"])
    if op.get_bind().dialect.name == "sqlite":
        _index_words("content=''", _FORGET_NAMED)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _index_words("content='', contentless_delete=1", _FORGET)
    for table in ("response_code", "erasure", "edition_quote"):
        op.drop_table(table)
    op.drop_index("ix_answer_held", "answer")
    for table, column in (("answer", "released"), ("invitation", "issued"), ("edition", "corrections")):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


_FORGET = "DELETE FROM revision_words WHERE rowid = OLD.search_key"
_FORGET_NAMED = (
    "INSERT INTO revision_words(revision_words, rowid, folded) VALUES('delete', OLD.search_key, OLD.folded)"
)


def _index_words(options: str, forgetting: str) -> None:
    op.execute("DROP TRIGGER IF EXISTS revision_words_removed")
    op.execute("DROP TRIGGER IF EXISTS revision_words_added")
    op.execute("DROP TABLE IF EXISTS revision_words")
    op.execute(f"CREATE VIRTUAL TABLE revision_words USING fts5(folded, {options})")
    op.execute("INSERT INTO revision_words(revision_words, rank) VALUES('secure-delete', 1)")
    op.execute(
        "CREATE TRIGGER revision_words_added AFTER INSERT ON revision WHEN NEW.folded <> '' "
        "BEGIN INSERT INTO revision_words(rowid, folded) VALUES (NEW.search_key, NEW.folded); END"
    )
    op.execute(
        "CREATE TRIGGER revision_words_removed AFTER DELETE ON revision WHEN OLD.folded <> '' "
        f"BEGIN {forgetting}; END"
    )
    op.execute(
        "INSERT INTO revision_words(rowid, folded) "
        "SELECT search_key, folded FROM revision WHERE folded <> '' ORDER BY search_key"
    )
