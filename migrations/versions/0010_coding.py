"""Coding in depth: a codebook that remembers, second coders, notes, marks, and suggestions that a person confirms."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEPT = (
    "revision_id",
    "coder_id",
    "machine",
    "starts",
    "ends",
    "coded_at",
    "suggested_by",
    "score",
    "batch_id",
)
"""Columns of a coding that are never changed."""
REFUSAL = "a coding keeps who gave what"


def upgrade() -> None:
    _of_consultations()
    _of_answers()
    for column in (
        "includes TEXT NOT NULL DEFAULT ''",
        "excludes TEXT NOT NULL DEFAULT ''",
        "examples JSON NOT NULL DEFAULT '[]'",
        "colour VARCHAR(7) NOT NULL DEFAULT '' CONSTRAINT ck_theme_colour CHECK (colour = '' OR length(colour) = 7)",
        "merged_into_id VARCHAR(26) CONSTRAINT fk_theme_merged_into_id REFERENCES theme (id) CONSTRAINT ck_theme_merged CHECK (merged_into_id IS NULL OR (retired AND merged_into_id <> id))",
        "split_from_id VARCHAR(26) CONSTRAINT fk_theme_split_from_id REFERENCES theme (id) CONSTRAINT ck_theme_split CHECK (split_from_id IS NULL OR split_from_id <> id)",
    ):
        op.execute(f"ALTER TABLE theme ADD COLUMN {column}")
    number = "DOUBLE" if op.get_bind().dialect.name == "sqlite" else "DOUBLE PRECISION"
    for column in (
        "given_as_id VARCHAR(26) CONSTRAINT fk_coding_given_as_id REFERENCES theme (id)",
        "suggested_by VARCHAR(80)",
        f"score {number}",
        "batch_id VARCHAR(26) CONSTRAINT fk_coding_batch_id REFERENCES bulk_acceptance (id)",
    ):
        op.execute(f"ALTER TABLE coding ADD COLUMN {column}")
    op.create_index("ix_coding_batch_id", "coding", ["batch_id"])
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TRIGGER coding_is_kept" if sqlite else "DROP TRIGGER coding_is_kept ON coding")
    if not sqlite:
        op.execute("DROP FUNCTION refuse_changed_coding()")
    op.drop_index("ix_coding_batch_id", "coding")
    for column in ("batch_id", "score", "suggested_by", "given_as_id"):
        op.execute(f"ALTER TABLE coding DROP COLUMN {column}")
    for column in ("split_from_id", "merged_into_id", "colour", "examples", "excludes", "includes"):
        op.execute(f"ALTER TABLE theme DROP COLUMN {column}")
    for table in (
        "suggestion",
        "second_reading",
        "quote_mark",
        "answer_cluster",
        "analyst_note",
        "adjudication",
        "bulk_acceptance",
        "suggester",
        "double_coding",
        "codebook_version",
    ):
        op.drop_table(table)


def _sqlite() -> None:
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in KEPT)
    op.execute(
        "CREATE TRIGGER coding_is_kept BEFORE UPDATE ON coding "
        f"WHEN {changed} OR (OLD.given_as_id IS NOT NULL AND NEW.given_as_id IS NOT OLD.given_as_id) "
        "OR (OLD.state = 'removed' AND NEW.state <> 'removed') "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def _postgresql() -> None:
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in KEPT)
    op.execute(
        "CREATE FUNCTION refuse_changed_coding() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER coding_is_kept BEFORE UPDATE ON coding FOR EACH ROW "
        f"WHEN ({changed} OR (OLD.given_as_id IS NOT NULL AND NEW.given_as_id IS DISTINCT FROM OLD.given_as_id) "
        "OR (OLD.state = 'removed' AND NEW.state <> 'removed')) "
        "EXECUTE FUNCTION refuse_changed_coding()"
    )


def _of_consultations() -> None:
    op.create_table(
        "codebook_version",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "loaded",
                "added",
                "changed",
                "merged",
                "split",
                "retired",
                "restored",
                "imported",
                name="act",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("kept_by", sa.String(length=26), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_codebook_version_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["kept_by"], ["user_account.id"], name=op.f("fk_codebook_version_kept_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codebook_version")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_codebook_version_consultation_id_number")
        ),
    )
    op.create_table(
        "double_coding",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(length=26), nullable=False),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_double_coding_percent")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_double_coding_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["set_by"], ["user_account.id"], name=op.f("fk_double_coding_set_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_double_coding")),
    )
    op.create_table(
        "suggester",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("by_words", "learned", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("machine", sa.String(length=80), nullable=False),
        sa.Column("learned_from", sa.Integer(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_suggester_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_suggester")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "bulk_acceptance",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("theme_id", sa.String(length=26), nullable=False),
        sa.Column("least", sa.Double(), nullable=False),
        sa.Column("machine", sa.String(length=80), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("accepted_by", sa.String(length=26), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.String(length=26), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["accepted_by"],
            ["user_account.id"],
            name=op.f("fk_bulk_acceptance_accepted_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_bulk_acceptance_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["theme.id"], name=op.f("fk_bulk_acceptance_theme_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["user_account.id"], name=op.f("fk_bulk_acceptance_undone_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_acceptance")),
    )
    op.create_index(op.f("ix_bulk_acceptance_consultation_id"), "bulk_acceptance", ["consultation_id"])


def _of_answers() -> None:
    op.create_table(
        "adjudication",
        sa.Column("revision_id", sa.String(length=26), nullable=False),
        sa.Column("theme_id", sa.String(length=26), nullable=False),
        sa.Column("applies", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.String(length=26), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_adjudication_decided_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_adjudication_revision_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["theme.id"], name=op.f("fk_adjudication_theme_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("revision_id", "theme_id", name=op.f("pk_adjudication")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "analyst_note",
        sa.Column("revision_id", sa.String(length=26), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(length=26), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_analyst_note_revision_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["user_account.id"], name=op.f("fk_analyst_note_written_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analyst_note")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_analyst_note_revision_id"), "analyst_note", ["revision_id"])
    op.create_table(
        "answer_cluster",
        sa.Column("revision_id", sa.String(length=26), nullable=False),
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_answer_cluster_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_answer_cluster_revision_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_answer_cluster")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_answer_cluster_consultation_id", "answer_cluster", ["consultation_id", "number"])
    op.create_table(
        "quote_mark",
        sa.Column("revision_id", sa.String(length=26), nullable=False),
        sa.Column("marked_by", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["marked_by"], ["user_account.id"], name=op.f("fk_quote_mark_marked_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_quote_mark_revision_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_quote_mark")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "second_reading",
        sa.Column("revision_id", sa.String(length=26), nullable=False),
        sa.Column("coder_id", sa.String(length=26), nullable=False),
        sa.Column("first_coder_id", sa.String(length=26), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("first_themes", sa.JSON(), nullable=False),
        sa.Column("offered", sa.JSON(), nullable=False),
        sa.CheckConstraint("coder_id <> first_coder_id", name=op.f("ck_second_reading_two_people")),
        sa.ForeignKeyConstraint(
            ["coder_id"], ["user_account.id"], name=op.f("fk_second_reading_coder_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["first_coder_id"],
            ["user_account.id"],
            name=op.f("fk_second_reading_first_coder_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_second_reading_revision_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_second_reading")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_second_reading_coder_id"), "second_reading", ["coder_id"])
    op.create_table(
        "suggestion",
        sa.Column("revision_id", sa.String(length=26), nullable=False),
        sa.Column("theme_id", sa.String(length=26), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_suggestion_score")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_suggestion_revision_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["theme.id"], name=op.f("fk_suggestion_theme_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("revision_id", "theme_id", name=op.f("pk_suggestion")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_suggestion_theme_id", "suggestion", ["theme_id", "score"])
