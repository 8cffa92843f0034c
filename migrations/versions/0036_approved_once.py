"""Which answers one person has approved and another has yet to, so that they are found among a million that wait."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

LAST = "(SELECT max(later.number) FROM decision AS later WHERE later.answer_id = a.id)"
STANDING = (
    "INSERT INTO approved_once (answer_id, meeting_id, approved_by, shuffle_key) "
    "SELECT a.id, a.meeting_id, d.decided_by, a.shuffle_key FROM answer AS a "
    "JOIN revision AS r ON r.answer_id = a.id AND r.current "
    f"JOIN decision AS d ON d.answer_id = a.id AND d.number = {LAST} AND d.read_hash = r.hash "
    "WHERE d.verdict = 'approve' AND d.state_after = 'waiting' AND a.state = 'waiting'"
)
TAKEN_OUT = "DELETE FROM approved_once WHERE answer_id = "
ANEW = f"{TAKEN_OUT}NEW.answer_id; {STANDING} AND a.id = NEW.answer_id;"
TRIGGERS = (
    ("decision_is_approved_once", "INSERT", "decision", None, ANEW),
    ("revision_is_approved_once", "INSERT", "revision", "NEW.number > 1", ANEW),
    ("answer_leaves_approved_once", "UPDATE OF state", "answer", "NEW.state <> 'waiting'", f"{TAKEN_OUT}NEW.id;"),
)  # fmt: skip


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute("SET LOCAL statement_timeout = 0")
    _table()
    op.execute(STANDING)
    for name, event, table, when, does in TRIGGERS:
        only = f"WHEN ({when}) " if when else ""
        if sqlite:
            op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} {only}BEGIN {does} END")
            continue
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does} RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW {only}EXECUTE FUNCTION {name}()"
        )


def _table() -> None:
    keys = {"answer_id": ("answer", "CASCADE"), "meeting_id": ("meeting", "CASCADE"), "approved_by": ("user_account", "RESTRICT")}  # fmt: skip
    op.create_table(
        "approved_once",
        *(sa.Column(name, sa.String(length=26), nullable=False) for name in keys),
        sa.Column("shuffle_key", sa.BigInteger(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [name], [f"{table}.id"], name=op.f(f"fk_approved_once_{name}"), ondelete=ondelete
            )
            for name, (table, ondelete) in keys.items()
        ),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_approved_once")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_approved_once_by", "approved_once", ["meeting_id", "approved_by", "answer_id"])
    op.create_index(
        "ix_approved_once_order", "approved_once", ["meeting_id", "shuffle_key", "answer_id", "approved_by"]
    )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, _event, table, _when, _does in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("approved_once")
