"""A link that shows something early ends with the role of the director who made it, as tokens do.

Whoever leaves may have kept it: the link to an edition under embargo, and the one to the preview for sign-off.
"""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

READERS = (
    "UPDATE edition_reader SET revoked = {yes} WHERE made_by = {whose} AND revoked = {no} "
    "AND edition_id IN (SELECT id FROM edition WHERE {there});"
)
SIGN_OFFS = "UPDATE sign_off_link SET revoked = {yes} WHERE made_by = {whose} AND revoked = {no} AND {there};"
THERE = "consultation_id = OLD.consultation_id"
EVERYWHERE = "consultation_id IS NOT NULL"
TRIGGERS = (
    (
        "role_taken_ends_links", "DELETE", "membership",
        "OLD.role = 'programme_director'", "OLD.user_id", THERE,
    ),
    (
        "role_changed_ends_links", "UPDATE OF role", "membership",
        "OLD.role = 'programme_director' AND NEW.role <> OLD.role", "OLD.user_id", THERE,
    ),
    (
        "account_closed_ends_links", "UPDATE OF active", "user_account",
        "OLD.active AND NOT NEW.active", "OLD.id", EVERYWHERE,
    ),
)  # fmt: skip


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(
        "ALTER TABLE sign_off_link ADD COLUMN made_by VARCHAR(26) CONSTRAINT fk_sign_off_link_made_by "
        "REFERENCES user_account (id)"
    )
    op.execute(
        "UPDATE sign_off_link SET made_by = (SELECT user_id FROM audit_entry "
        "WHERE act = 'sign_off_link_made' AND subject = sign_off_link.id)"
    )
    yes, no = ("1", "0") if sqlite else ("true", "false")
    for name, event, table, when, whose, there in TRIGGERS:
        end = " ".join(one.format(yes=yes, no=no, whose=whose, there=there) for one in (READERS, SIGN_OFFS))
        if sqlite:
            op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} WHEN {when} BEGIN {end} END")
            continue
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {end} RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"
        )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, _event, table, _when, _whose, _there in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.execute("ALTER TABLE sign_off_link DROP COLUMN made_by")
