"""An invitation whose person's address was changed is known as such for good, and gets every reminder.

Whoever changed the address may read what comes to it: were those alone reminded who have not answered, it would tell.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

STANDING = "WHERE participant_id = NEW.id AND revoked = {no};"
"""In the words of the index of standing invitations, so that it is used."""
BEFORE = f"UPDATE invitation SET seen_at_desk = {{yes}} {STANDING}"
NOW = f"UPDATE invitation SET seen_at_desk = {{yes}}, readdressed = {{yes}}, declined = {{no}} {STANDING}"
"""What was declined came from the other address. An answer takes that back, so that it would tell as well."""
REFUSAL = "an address that was changed stays known"


def upgrade() -> None:
    op.add_column(
        "invitation", sa.Column("readdressed", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    _readdressing(NOW)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER invitation_stays_readdressed BEFORE UPDATE OF readdressed ON invitation "
            f"WHEN OLD.readdressed AND NOT NEW.readdressed BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_invitation_stays_readdressed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER invitation_stays_readdressed BEFORE UPDATE OF readdressed ON invitation FOR EACH ROW "
        "WHEN (OLD.readdressed AND NOT NEW.readdressed) EXECUTE FUNCTION refuse_invitation_stays_readdressed()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER invitation_stays_readdressed")
    else:
        op.execute("DROP TRIGGER invitation_stays_readdressed ON invitation")
        op.execute("DROP FUNCTION refuse_invitation_stays_readdressed()")
    _readdressing(BEFORE)
    op.execute("ALTER TABLE invitation DROP COLUMN readdressed")


def _readdressing(does: str) -> None:
    """What the database does with the standing invitations of somebody whose address changes."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER invitation_of_another_address")
        op.execute(
            "CREATE TRIGGER invitation_of_another_address AFTER UPDATE OF email ON participant "
            f"WHEN NEW.email IS NOT OLD.email BEGIN {does.format(yes=1, no=0)} END"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION invitation_of_another_address() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{does.format(yes='true', no='false')} RETURN NULL; END $$"
    )
