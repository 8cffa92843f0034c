"""Rapporteurs' notes are nobody's answers, and a paper card is an answer once a second person has compared it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

COUNTED = (
    "SELECT 1 FROM revision v JOIN answer a ON a.id = v.answer_id JOIN response r ON r.id = a.response_id "
    "WHERE v.id = NEW.revision_id AND r.source = 'rapporteur'"
)
REFUSAL = "a rapporteur''s note is never counted"


def upgrade() -> None:
    op.create_table(
        "session_note",
        sa.Column("answer_id", sa.String(length=26), nullable=False),
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("meeting_id", sa.String(length=26), nullable=False),
        sa.Column("session_id", sa.String(length=26), nullable=True),
        sa.Column("written_by", sa.String(length=26), nullable=False),
        _belongs_to("session_note", "answer_id", "answer", "CASCADE"),
        _belongs_to("session_note", "meeting_id", "meeting", "CASCADE"),
        _belongs_to("session_note", "session_id", "meeting_session", "SET NULL"),
        _belongs_to("session_note", "written_by", "user_account", "RESTRICT"),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_session_note")),
        sqlite_with_rowid=False,
    )
    for column in ("consultation_id", "meeting_id"):
        op.create_index(op.f(f"ix_session_note_{column}"), "session_note", [column])
    op.create_table(
        "paper_card",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("meeting_id", sa.String(length=26), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("consented", sa.Boolean(), nullable=False),
        sa.Column("entered", sa.JSON(), nullable=True),
        sa.Column("entered_by", sa.String(length=26), nullable=False),
        sa.Column("checked_by", sa.String(length=26), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("consented", name=op.f("ck_paper_card_consented")),
        sa.CheckConstraint("checked_by <> entered_by", name=op.f("ck_paper_card_checked_by_another")),
        sa.CheckConstraint(
            "(entered IS NULL) = (checked_by IS NOT NULL)", name=op.f("ck_paper_card_words_until_checked")
        ),
        _belongs_to("paper_card", "consultation_id", "consultation", "CASCADE"),
        _belongs_to("paper_card", "meeting_id", "meeting", "CASCADE"),
        _belongs_to("paper_card", "entered_by", "user_account", "RESTRICT"),
        _belongs_to("paper_card", "checked_by", "user_account", "RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_card")),
        sqlite_with_rowid=False,
    )
    for column in ("consultation_id", "meeting_id"):
        op.create_index(op.f(f"ix_paper_card_{column}"), "paper_card", [column])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER note_is_never_counted BEFORE INSERT ON published_case "
            f"WHEN NEW.counts_as_participant AND EXISTS ({COUNTED}) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        op.execute(
            "CREATE TRIGGER note_stays_uncounted BEFORE UPDATE OF counts_as_participant ON published_case "
            f"WHEN NEW.counts_as_participant AND EXISTS ({COUNTED}) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_counted_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF EXISTS ({COUNTED}) THEN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER note_is_never_counted BEFORE INSERT OR UPDATE OF counts_as_participant ON published_case "
        "FOR EACH ROW WHEN (NEW.counts_as_participant) EXECUTE FUNCTION refuse_counted_note()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER note_is_never_counted")
        op.execute("DROP TRIGGER note_stays_uncounted")
    else:
        op.execute("DROP TRIGGER note_is_never_counted ON published_case")
        op.execute("DROP FUNCTION refuse_counted_note()")
    op.drop_table("paper_card")
    op.drop_table("session_note")


def _belongs_to(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete
    )
