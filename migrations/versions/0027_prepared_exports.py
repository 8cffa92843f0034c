"""Long exports that the worker prepares, and how often something left the published view that they hold."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

PUBLISHED = ("published_text", "published_case")
COUNTED = (
    "INSERT INTO taken_out (consultation_id, number) VALUES (OLD.consultation_id, 1) "
    "ON CONFLICT (consultation_id) DO UPDATE SET number = taken_out.number + 1;"
)


def upgrade() -> None:
    op.create_table(
        "prepared_export",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("asked_by", sa.String(length=26), nullable=False),
        sa.Column("format", sa.String(length=16), nullable=False),
        sa.Column("notes", sa.Boolean(), nullable=False),
        sa.Column("profile", sa.String(length=16), nullable=False),
        sa.Column("meeting", sa.String(length=80), nullable=True),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "preparing", "ready", "failed", "removed",
                name="stage", native_enum=False, create_constraint=True, length=32,
            ),
            nullable=False,
        ),
        sa.Column("rows_expected", sa.Integer(), nullable=False),
        sa.Column("rows_written", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("taken_out", sa.BigInteger(), nullable=True),
        sa.Column("ground_rules_id", sa.String(length=26), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rows_written >= 0 AND rows_expected >= 0", name=op.f("ck_prepared_export_counts")),
        sa.CheckConstraint(
            "stage <> 'ready' OR taken_out IS NOT NULL", name=op.f("ck_prepared_export_ready_knows_its_view")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"],
            name=op.f("fk_prepared_export_consultation_id"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user_account.id"], name=op.f("fk_prepared_export_asked_by"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["ground_rules_id"], ["ground_rules.id"],
            name=op.f("fk_prepared_export_ground_rules_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prepared_export")),
    )  # fmt: skip
    op.create_index(op.f("ix_prepared_export_consultation_id"), "prepared_export", ["consultation_id"])
    op.create_table(
        "taken_out",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_taken_out")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in PUBLISHED:
            op.execute(f"CREATE TRIGGER {table}_is_taken_out AFTER DELETE ON {table} BEGIN {COUNTED} END")
        return
    op.execute(
        f"CREATE FUNCTION count_taken_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {COUNTED} RETURN NULL; END $$"
    )
    for table in PUBLISHED:
        op.execute(
            f"CREATE TRIGGER {table}_is_taken_out AFTER DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION count_taken_out()"
        )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in PUBLISHED:
        op.execute(f"DROP TRIGGER {table}_is_taken_out" + ("" if sqlite else f" ON {table}"))
    if not sqlite:
        op.execute("DROP FUNCTION count_taken_out()")
    op.drop_table("taken_out")
    op.drop_index(op.f("ix_prepared_export_consultation_id"), "prepared_export")
    op.drop_table("prepared_export")
