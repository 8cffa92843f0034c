"""Kinds of question: their settings, conditions and pages, frozen by the first response."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FROZEN = "a question that was answered keeps its kind, its options and its condition"
ANSWERED = (
    "EXISTS (SELECT 1 FROM answer WHERE question_id = NEW.id) OR EXISTS (SELECT 1 FROM response "
    "JOIN asking ON asking.meeting_id = response.meeting_id WHERE asking.question_id = NEW.id)"
)


def upgrade() -> None:
    op.add_column(
        "question", sa.Column("settings", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
    )
    op.add_column("question", sa.Column("condition", sa.JSON(), nullable=True))
    op.add_column("question", sa.Column("page", sa.Integer(), nullable=False, server_default="1"))
    if op.get_bind().dialect.name == "sqlite":
        _rewrite("CONSTRAINT ck_question_kind CHECK (kind IN ('open_text'))", "CHECK (1)")
        op.execute(
            "CREATE TRIGGER question_is_frozen BEFORE UPDATE OF kind, settings, condition ON question "
            "WHEN (NEW.kind <> OLD.kind OR NEW.settings <> OLD.settings OR NEW.condition IS NOT OLD.condition) "
            f"AND ({ANSWERED}) BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END"
        )
    else:
        op.execute("ALTER TABLE question DROP CONSTRAINT ck_question_kind")
        op.execute(
            "CREATE FUNCTION refuse_other_question() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {ANSWERED} THEN RAISE EXCEPTION '{FROZEN}' USING ERRCODE = 'check_violation'; END IF; "
            "RETURN NEW; END $$"
        )
        op.execute(
            "CREATE TRIGGER question_is_frozen BEFORE UPDATE OF kind, settings, condition ON question FOR EACH ROW "
            "WHEN (NEW.kind <> OLD.kind OR NEW.settings::text <> OLD.settings::text "
            "OR NEW.condition::text IS DISTINCT FROM OLD.condition::text) "
            "EXECUTE FUNCTION refuse_other_question()"
        )


def downgrade() -> None:
    """Questions of other kinds cannot be kept by what came before."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER question_is_frozen")
        _rewrite("CHECK (1)", "CONSTRAINT ck_question_kind CHECK (kind IN ('open_text'))")
    else:
        op.execute("DROP TRIGGER question_is_frozen ON question")
        op.execute("DROP FUNCTION refuse_other_question()")
        op.create_check_constraint(op.f("ck_question_kind"), "question", "kind IN ('open_text')")
    for column in ("page", "condition", "settings"):
        op.drop_column("question", column)


def _rewrite(old: str, new: str) -> None:
    """Change a CHECK of the table as https://www.sqlite.org/lang_altertable.html says: no row is touched.

    Made anew instead, the table would be dropped, and its wordings with it.
    """
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'question' "
        "AND instr(sql, ?)",
        (old, new, old),
    )
    if changed.rowcount != 1:
        raise RuntimeError("the table of questions is not as the first migration made it")
    connection.exec_driver_sql(f"PRAGMA schema_version = {int(version) + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
