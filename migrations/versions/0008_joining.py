"""Join codes of meetings, response codes handed out for one, and reminders at set times before closing."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NOBODY = "a response by join code names nobody"
OF_A_PERSON = (
    "participant_id",
    "submitted_at",
    "country",
    "country_group",
    "sector",
    "role_label",
    "language",
)
"""Columns that stay empty where nobody is known to have answered."""


def upgrade() -> None:
    op.create_table(
        "join_code",
        sa.Column("meeting_id", sa.String(length=26), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_join_code_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_join_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_join_code_code_hash")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "planned_reminder",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("hours_before", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "hours_before BETWEEN 1 AND 2160", name=op.f("ck_planned_reminder_within_three_months")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_planned_reminder_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", "hours_before", name=op.f("pk_planned_reminder")),
        sqlite_with_rowid=False,
    )
    op.add_column(
        "response_code", sa.Column("joined", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    # Until now an invitation's own code, typed, was told apart from its link; both are the invitation.
    op.execute("UPDATE response SET source = 'link' WHERE source = 'join_code'")
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER joined_names_nobody_new")
        op.execute("DROP TRIGGER joined_names_nobody_changed")
    else:
        op.execute("DROP TRIGGER joined_names_nobody ON response")
        op.execute("DROP FUNCTION refuse_joined_person()")
    op.drop_column("response_code", "joined")
    op.drop_table("planned_reminder")
    op.drop_table("join_code")


def _sqlite() -> None:
    for name, event in (("new", "INSERT"), ("changed", "UPDATE")):
        op.execute(
            f"CREATE TRIGGER joined_names_nobody_{name} BEFORE {event} ON response WHEN {_identified()} "
            f"BEGIN SELECT RAISE(ABORT, '{NOBODY}'); END"
        )


def _postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_joined_person() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{NOBODY}' USING ERRCODE = 'check_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER joined_names_nobody BEFORE INSERT OR UPDATE ON response FOR EACH ROW "
        f"WHEN ({_identified()}) EXECUTE FUNCTION refuse_joined_person()"
    )


def _identified() -> str:
    known = " OR ".join(f"NEW.{column} IS NOT NULL" for column in OF_A_PERSON)
    return f"NEW.source = 'join_code' AND (NEW.mode = 'attributed' OR {known})"
