"""Marks that move with every change of a consultation's setting or of a roster, so that processes may keep what they read."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SETTING = ("consultation", "ground_rules", "question", "wording", "meeting", "meeting_session", "asking")
ROSTER = {
    "participant": "country, sector, role_label, language",
    "invitation": "participant_id, meeting_id, revoked",
}
"""Table → the columns whose change counts; that somebody has answered does not."""
SLOTS = 16


def upgrade() -> None:
    op.create_table(
        "change_mark",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "slot", name=op.f("pk_change_mark")),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO change_mark (name, slot, number) VALUES ('setting', 0, 0), ('roster', 0, 0)")
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute(
            "CREATE FUNCTION move_mark() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "INSERT INTO change_mark (name, slot, number) "
            f"VALUES (TG_ARGV[0], pg_backend_pid() % {SLOTS}, floor(random() * 140737488355328)) "
            "ON CONFLICT (name, slot) DO UPDATE SET number = excluded.number; RETURN NULL; END $$"
        )
    for name, table, act, what in _watched():
        trigger = f"{table}_moves_mark_on_{act.lower()}"
        if sqlite:
            op.execute(
                f"CREATE TRIGGER {trigger} AFTER {what} ON {table} BEGIN UPDATE change_mark "
                f"SET number = random() & 140737488355327 WHERE name = '{name}'; END"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {trigger} AFTER {what} ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION move_mark('{name}')"
            )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for _name, table, act, _what in _watched():
        trigger = f"{table}_moves_mark_on_{act.lower()}"
        op.execute(f"DROP TRIGGER {trigger}" if sqlite else f"DROP TRIGGER {trigger} ON {table}")
    if not sqlite:
        op.execute("DROP FUNCTION move_mark()")
    op.drop_table("change_mark")


def _watched() -> list[tuple[str, str, str, str]]:
    """(mark, table, act, act as SQL)."""
    columns = {**dict.fromkeys(SETTING, ""), **{table: f" OF {names}" for table, names in ROSTER.items()}}
    return [
        ("roster" if table in ROSTER else "setting", table, act, act + (of if act == "UPDATE" else ""))
        for table, of in columns.items()
        for act in ("INSERT", "UPDATE", "DELETE")
    ]
