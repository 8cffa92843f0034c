"""A link that the desk has printed, or has mailed to an address that it changed, is known as such for good."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

READDRESSED = "UPDATE invitation SET seen_at_desk = {yes} WHERE participant_id = NEW.id AND revoked = {no};"
"""In the words of the index of standing invitations, so that it is used."""
REFUSAL = "what the desk has seen stays seen"


def upgrade() -> None:
    op.add_column(
        "invitation", sa.Column("seen_at_desk", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER invitation_of_another_address AFTER UPDATE OF email ON participant "
            f"WHEN NEW.email IS NOT OLD.email BEGIN {READDRESSED.format(yes=1, no=0)} END"
        )
        op.execute(
            "CREATE TRIGGER invitation_stays_seen BEFORE UPDATE OF seen_at_desk ON invitation "
            f"WHEN OLD.seen_at_desk AND NOT NEW.seen_at_desk BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION invitation_of_another_address() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{READDRESSED.format(yes='true', no='false')} RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER invitation_of_another_address AFTER UPDATE OF email ON participant FOR EACH ROW "
        "WHEN (NEW.email IS DISTINCT FROM OLD.email) EXECUTE FUNCTION invitation_of_another_address()"
    )
    op.execute(
        "CREATE FUNCTION refuse_invitation_stays_seen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER invitation_stays_seen BEFORE UPDATE OF seen_at_desk ON invitation FOR EACH ROW "
        "WHEN (OLD.seen_at_desk AND NOT NEW.seen_at_desk) EXECUTE FUNCTION refuse_invitation_stays_seen()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER invitation_stays_seen")
        op.execute("DROP TRIGGER invitation_of_another_address")
    else:
        op.execute("DROP TRIGGER invitation_stays_seen ON invitation")
        op.execute("DROP FUNCTION refuse_invitation_stays_seen()")
        op.execute("DROP TRIGGER invitation_of_another_address ON participant")
        op.execute("DROP FUNCTION invitation_of_another_address()")
    op.drop_column("invitation", "seen_at_desk")
