"""Opening the sealed link of one answer takes two directors; going above the ceiling takes a dated waiver."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ASKED = ("answer_id", "asked_by", "asked_at", "reason", "expires_at")
SET_ONCE = ("agreed_by", "agreed_at", "asker_read_at", "agreer_read_at")
SEALED = (
    "NEW.agreed_by IS NOT NULL OR NOT EXISTS (SELECT 1 FROM answer a JOIN response r ON r.id = a.response_id "
    "WHERE a.id = NEW.answer_id AND r.mode = 'confidential')"
)
UNWAIVABLE = (
    "NEW.waived_at IS NOT NULL AND EXISTS "
    "(SELECT 1 FROM ground_rules g WHERE g.id = NEW.ground_rules_id AND g.mode = 'unlinked')"
)
NOT_SEALED = "only the link of a confidential answer is opened, and only once another agrees"
ASKED_ONCE = "what was asked, agreed and read stays so"
NO_WAIVER = "an unlinked answer has no waiver"


def upgrade() -> None:
    op.create_table(
        "link_opening",
        sa.Column("answer_id", sa.String(length=26), nullable=False),
        sa.Column("asked_by", sa.String(length=26), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.String(length=26), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_reason", sa.Text(), nullable=False),
        sa.Column("asker_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreer_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("agreed_by <> asked_by", name=op.f("ck_link_opening_two_people")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_link_opening_reason_given")),
        sa.CheckConstraint(
            "agreed_by IS NULL OR agreed_reason <> ''", name=op.f("ck_link_opening_agreed_reason_given")
        ),
        sa.CheckConstraint(
            "(agreed_by IS NULL) = (agreed_at IS NULL)", name=op.f("ck_link_opening_agreed_whole")
        ),
        sa.CheckConstraint("agreed_at <= expires_at", name=op.f("ck_link_opening_agreed_in_time")),
        sa.CheckConstraint(
            "agreed_by IS NOT NULL OR (asker_read_at IS NULL AND agreer_read_at IS NULL)",
            name=op.f("ck_link_opening_read_once_agreed"),
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_link_opening_answer_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user_account.id"], name=op.f("fk_link_opening_asked_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["agreed_by"], ["user_account.id"], name=op.f("fk_link_opening_agreed_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_opening")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_link_opening_answer_id"), "link_opening", ["answer_id"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, event, table, when, refusal in _triggers(sqlite):
        if sqlite:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            )
            continue
        op.execute(
            f"CREATE FUNCTION refuse_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {when} THEN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'check_violation'; END IF; "
            f"RETURN {'OLD' if event == 'DELETE' else 'NEW'}; END $$"
        )
        quick = " WHEN (NEW.waived_at IS NOT NULL)" if name == "unlinked_has_no_waiver" else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW{quick} "
            f"EXECUTE FUNCTION refuse_{name}()"
        )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, _event, table, _when, _refusal in _triggers(sqlite):
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
        if not sqlite:
            op.execute(f"DROP FUNCTION refuse_{name}()")
    op.drop_table("link_opening")


def _triggers(sqlite: bool) -> tuple[tuple[str, str, str, str, str], ...]:
    """(name, event, table, when it is refused, in which words)"""
    other = "IS NOT" if sqlite else "IS DISTINCT FROM"
    asked = [f"NEW.{column} {other} OLD.{column}" for column in ASKED]
    once = [f"(OLD.{column} IS NOT NULL AND NEW.{column} {other} OLD.{column})" for column in SET_ONCE]
    once.append("(OLD.agreed_by IS NOT NULL AND NEW.agreed_reason <> OLD.agreed_reason)")
    return (
        ("link_opening_is_of_a_sealed_link", "INSERT", "link_opening", SEALED, NOT_SEALED),
        ("link_opening_stays", "UPDATE", "link_opening", " OR ".join(asked + once), ASKED_ONCE),
        ("link_opening_is_never_deleted", "DELETE", "link_opening", "OLD.id IS NOT NULL", ASKED_ONCE),
        ("unlinked_has_no_waiver", "INSERT", "revision", UNWAIVABLE, NO_WAIVER),
        (
            "waiver_is_never_edited",
            "UPDATE OF waived_at",
            "revision",
            f"NEW.waived_at {other} OLD.waived_at",
            NO_WAIVER,
        ),
    )
