"""How widely a note was voiced, lists of those who took part, licences, withdrawn editions, tokens of programs."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

WIDELY = "'told', 'said', 'a few', 'some', 'many', 'most', 'nearly all'"
VOICED = f"CONSTRAINT ck_session_note_voiced CHECK (voiced IN ({WIDELY}))"
SUPERSEDED = (
    "CONSTRAINT ck_edition_withdrawn_is_superseded CHECK (withdrawn_at IS NULL OR state = 'superseded')"
)
REASON = "CONSTRAINT ck_edition_withdrawn_has_reason CHECK ((withdrawn_at IS NULL) = (withdrawn_why = ''))"
LATEST = (
    "SELECT g.attendance FROM ground_rules g JOIN meeting m ON m.consultation_id = g.consultation_id "
    "WHERE m.id = NEW.meeting_id ORDER BY g.version DESC LIMIT 1"
)
REFUSAL = "the ground rules close the list of those who took part"
EMPTIED = (
    "DELETE FROM meeting_attendee WHERE meeting_id IN "
    "(SELECT id FROM meeting WHERE consultation_id = NEW.consultation_id)"
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.add_column("consultation", sa.Column("licence", sa.String(300), nullable=False, server_default=""))
    op.add_column("session_note", sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("edition", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    if sqlite:
        voiced = f"VARCHAR(32) DEFAULT 'said' NOT NULL {VOICED}"
        op.execute(f"ALTER TABLE session_note ADD COLUMN voiced {voiced}")
        why = f"TEXT DEFAULT '' NOT NULL {SUPERSEDED} {REASON}"
        op.execute(f"ALTER TABLE edition ADD COLUMN withdrawn_why {why}")
    else:
        op.add_column(
            "session_note", sa.Column("voiced", sa.String(32), nullable=False, server_default="said")
        )
        op.add_column("edition", sa.Column("withdrawn_why", sa.Text(), nullable=False, server_default=""))
        op.execute(f"ALTER TABLE session_note ADD {VOICED}")
        op.execute(f"ALTER TABLE edition ADD {SUPERSEDED}")
        op.execute(f"ALTER TABLE edition ADD {REASON}")
    _attendees(sqlite=sqlite)
    _tokens()


def _attendees(*, sqlite: bool) -> None:
    op.create_table(
        "meeting_attendee",
        sa.Column("meeting_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_attendee_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_attendee")),
    )
    op.create_index(op.f("ix_meeting_attendee_meeting_id"), "meeting_attendee", ["meeting_id"])
    if sqlite:
        op.execute(
            f"CREATE TRIGGER closed_list_takes_nobody BEFORE INSERT ON meeting_attendee "
            f"WHEN ({LATEST}) <> 'open' BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        op.execute(
            f"CREATE TRIGGER closed_list_is_emptied AFTER INSERT ON ground_rules "
            f"WHEN NEW.attendance <> 'open' BEGIN {EMPTIED}; END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_closed_list() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF ({LATEST}) <> 'open' THEN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER closed_list_takes_nobody BEFORE INSERT ON meeting_attendee "
        "FOR EACH ROW EXECUTE FUNCTION refuse_closed_list()"
    )
    op.execute(
        f"CREATE FUNCTION empty_closed_list() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {EMPTIED}; "
        "RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER closed_list_is_emptied AFTER INSERT ON ground_rules "
        "FOR EACH ROW WHEN (NEW.attendance <> 'open') EXECUTE FUNCTION empty_closed_list()"
    )


def _tokens() -> None:
    op.create_table(
        "api_token",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("reads_editions", sa.Boolean(), nullable=False),
        sa.Column("reads_answers", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.String(length=26), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("reads_editions OR reads_answers", name=op.f("ck_api_token_reads_something")),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_api_token_expires")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_api_token_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_api_token_made_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_token_secret_hash")),
    )
    op.create_index(op.f("ix_api_token_consultation_id"), "api_token", ["consultation_id"])


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.drop_table("api_token")
    for name, table in (
        ("closed_list_takes_nobody", "meeting_attendee"),
        ("closed_list_is_emptied", "ground_rules"),
    ):
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
    if not sqlite:
        op.execute("DROP FUNCTION refuse_closed_list()")
        op.execute("DROP FUNCTION empty_closed_list()")
    op.drop_table("meeting_attendee")
    if not sqlite:
        op.execute("ALTER TABLE edition DROP CONSTRAINT ck_edition_withdrawn_is_superseded")
        op.execute("ALTER TABLE edition DROP CONSTRAINT ck_edition_withdrawn_has_reason")
    for table, column in (
        ("edition", "withdrawn_why"),
        ("edition", "withdrawn_at"),
        ("session_note", "voiced"),
        ("session_note", "position"),
        ("consultation", "licence"),
    ):
        op.drop_column(table, column)
