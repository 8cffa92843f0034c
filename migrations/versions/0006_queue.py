"""The desk in depth: second approval, notes, saved views, who is on which answer."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LACKS_A_FIRST = (
    "SELECT 1 FROM answer JOIN consultation ON consultation.id = answer.consultation_id "
    "WHERE answer.id = NEW.answer_id AND consultation.second_approval AND NOT EXISTS ("
    "SELECT 1 FROM decision WHERE decision.answer_id = NEW.answer_id AND decision.number = NEW.number - 1 "
    "AND decision.verdict = 'approve' AND decision.state_after = 'waiting' "
    "AND decision.read_hash = NEW.read_hash AND decision.decided_by <> NEW.decided_by)"
)
REFUSAL = "a second person must approve"
PUBLISHES = "NEW.verdict = 'approve' AND NEW.state_after = 'approved'"


def upgrade() -> None:
    op.add_column(
        "consultation", sa.Column("second_approval", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "consultation", sa.Column("reason_labels", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
    )
    _tables()
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER second_approval BEFORE INSERT ON decision WHEN {PUBLISHES} AND EXISTS ({LACKS_A_FIRST}) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_lone_approval() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF EXISTS ({LACKS_A_FIRST}) THEN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER second_approval BEFORE INSERT ON decision FOR EACH ROW WHEN ({PUBLISHES}) "
        "EXECUTE FUNCTION refuse_lone_approval()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER second_approval")
    else:
        op.execute("DROP TRIGGER second_approval ON decision")
        op.execute("DROP FUNCTION refuse_lone_approval()")
    for table in ("presence", "answer_note", "saved_view"):
        op.drop_table(table)
    for column in ("reason_labels", "second_approval"):
        op.execute(f"ALTER TABLE consultation DROP COLUMN {column}")


def _tables() -> None:
    op.create_table(
        "saved_view",
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        _belongs_to("saved_view", "user_id", "user_account"),
        _belongs_to("saved_view", "consultation_id", "consultation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint(
            "user_id", "consultation_id", "name", name=op.f("uq_saved_view_user_id_consultation_id_name")
        ),
    )
    op.create_table(
        "answer_note",
        sa.Column("answer_id", sa.String(length=26), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(length=26), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        _belongs_to("answer_note", "answer_id", "answer"),
        sa.ForeignKeyConstraint(
            ["written_by"],
            ["user_account.id"],
            name=op.f("fk_answer_note_written_by"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_note")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_answer_note_answer_id"), "answer_note", ["answer_id"])
    op.create_table(
        "presence",
        sa.Column("answer_id", sa.String(length=26), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        _belongs_to("presence", "answer_id", "answer"),
        _belongs_to("presence", "user_id", "user_account"),
        sa.PrimaryKeyConstraint("answer_id", "user_id", name=op.f("pk_presence")),
        sqlite_with_rowid=False,
    )


def _belongs_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")
