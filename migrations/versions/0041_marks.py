"""Decisions name the words that were read by a random mark of theirs: a hash of them could be guessed at once they are gone."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

REFUSAL = "a mark stays"
LAST = "(SELECT max(later.number) FROM decision AS later WHERE later.answer_id = a.id)"
ANEW = (
    "DELETE FROM approved_once WHERE answer_id = NEW.answer_id; "
    "INSERT INTO approved_once (answer_id, meeting_id, approved_by, shuffle_key) "
    "SELECT a.id, a.meeting_id, d.decided_by, a.shuffle_key FROM answer AS a "
    "JOIN revision AS r ON r.answer_id = a.id AND r.current "
    f"JOIN decision AS d ON d.answer_id = a.id AND d.number = {LAST} AND d.read_hash = r.{{known_by}} "
    "WHERE d.verdict = 'approve' AND d.state_after = 'waiting' AND a.state = 'waiting' AND a.id = NEW.answer_id;"
)
ONCE = (
    ("decision_is_approved_once", "decision", ""),
    ("revision_is_approved_once", "revision", "NEW.number > 1"),
)


def upgrade() -> None:
    op.add_column("revision", sa.Column("mark", sa.String(length=64), nullable=True))
    op.execute("UPDATE revision SET mark = hash")  # as the decisions that are there know them
    _approved_once("mark")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER mark_stays BEFORE UPDATE OF mark ON revision WHEN OLD.mark IS NOT NEW.mark "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_another_mark() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER mark_stays BEFORE UPDATE OF mark ON revision FOR EACH ROW "
        "WHEN (OLD.mark IS DISTINCT FROM NEW.mark) EXECUTE FUNCTION refuse_another_mark()"
    )


def _approved_once(known_by: str) -> None:
    """The triggers that keep what was approved once, with words known by this column."""
    does = ANEW.format(known_by=known_by)
    for name, table, when in ONCE:
        if op.get_bind().dialect.name == "sqlite":
            only = f"WHEN ({when}) " if when else ""
            op.execute(f"DROP TRIGGER {name}")
            op.execute(f"CREATE TRIGGER {name} AFTER INSERT ON {table} {only}BEGIN {does} END")
        else:
            op.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN {does} RETURN NULL; END $$"
            )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TRIGGER mark_stays" if sqlite else "DROP TRIGGER mark_stays ON revision")
    if not sqlite:
        op.execute("DROP FUNCTION refuse_another_mark()")
    _approved_once("hash")
    op.drop_column("revision", "mark")
