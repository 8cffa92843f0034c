"""A token ends with the role of the director who made it: whoever leaves may have kept it."""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

END = "UPDATE api_token SET revoked = {yes} WHERE made_by = {whose} AND revoked = {no}{there};"
THERE = " AND consultation_id = OLD.consultation_id"
TRIGGERS = (
    (
        "role_taken_ends_tokens", "DELETE", "membership",
        "OLD.role = 'programme_director'", "OLD.user_id", THERE,
    ),
    (
        "role_changed_ends_tokens", "UPDATE OF role", "membership",
        "OLD.role = 'programme_director' AND NEW.role <> OLD.role", "OLD.user_id", THERE,
    ),
    (
        "account_closed_ends_tokens", "UPDATE OF active", "user_account",
        "OLD.active AND NOT NEW.active", "OLD.id", "",
    ),
)  # fmt: skip


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    yes, no = ("1", "0") if sqlite else ("true", "false")
    for name, event, table, when, whose, there in TRIGGERS:
        end = END.format(yes=yes, no=no, whose=whose, there=there)
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
