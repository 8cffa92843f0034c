"""The end of the audit chain, the order of the moderation log, counting answers, and what each moderator was last told by mail."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FIRST = "0" * 64
BACK = "the audit chain only moves on"


def upgrade() -> None:
    op.create_table(
        "audit_head",
        sa.Column("one", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("one = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_audit_head")),
    )
    op.execute(
        "INSERT INTO audit_head (one, number, hash) "
        f"SELECT 1, coalesce(max(number), 0), coalesce((SELECT hash FROM audit_entry ORDER BY number DESC LIMIT 1), '{FIRST}') "
        "FROM audit_entry"
    )
    op.create_index("ix_audit_entry_act", "audit_entry", ["act", "number"])
    op.create_index("ix_answer_counts", "answer", ["meeting_id", "state", "released"])
    op.create_index("ix_decision_log", "decision", ["decided_at", "id"])
    op.create_index("ix_decision_log_by", "decision", ["decided_by", "decided_at", "id"])
    op.create_table(
        "digest",
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=26), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_digest_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_digest_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["mail_message.id"], name=op.f("fk_digest_message_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("user_id", "consultation_id", name=op.f("pk_digest")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_digest_consultation_id"), "digest", ["consultation_id"])
    op.create_index(op.f("ix_digest_message_id"), "digest", ["message_id"])
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def downgrade() -> None:
    op.drop_table("digest")
    op.drop_index("ix_decision_log_by", "decision")
    op.drop_index("ix_decision_log", "decision")
    op.drop_index("ix_answer_counts", "answer")
    op.drop_index("ix_audit_entry_act", "audit_entry")
    op.drop_table("audit_head")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION refuse_going_back()")


def _sqlite() -> None:
    op.execute(
        "CREATE TRIGGER audit_head_only_moves_on BEFORE UPDATE ON audit_head WHEN NEW.number <> OLD.number + 1 "
        f"BEGIN SELECT RAISE(ABORT, '{BACK}'); END"
    )
    op.execute(
        "CREATE TRIGGER audit_head_is_never_deleted BEFORE DELETE ON audit_head "
        f"BEGIN SELECT RAISE(ABORT, '{BACK}'); END"
    )


def _postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_going_back() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{BACK}' USING ERRCODE = 'check_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_head_only_moves_on BEFORE UPDATE ON audit_head FOR EACH ROW "
        "WHEN (NEW.number <> OLD.number + 1) EXECUTE FUNCTION refuse_going_back()"
    )
    op.execute(
        "CREATE TRIGGER audit_head_is_never_deleted BEFORE DELETE ON audit_head "
        "FOR EACH ROW EXECUTE FUNCTION refuse_going_back()"
    )
