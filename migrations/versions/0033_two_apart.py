"""Two directors open a link only where neither was made director by the other, nor both by one."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

APART = (
    "EXISTS (SELECT 1 FROM answer x "
    "JOIN membership a ON a.consultation_id = x.consultation_id AND a.user_id = NEW.asked_by "
    "JOIN membership b ON b.consultation_id = x.consultation_id AND b.user_id = NEW.agreed_by "
    "WHERE x.id = NEW.answer_id AND a.role = 'programme_director' AND b.role = 'programme_director' "
    "AND COALESCE(a.brought_by, a.user_id) <> COALESCE(b.brought_by, b.user_id))"
)
WHEN = f"NEW.agreed_by IS NOT NULL AND OLD.agreed_by IS NULL AND NOT {APART}"
REFUSAL = "whoever agrees must not have been made director by whoever asked, nor by the same person"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE membership ADD COLUMN brought_by VARCHAR(26) CONSTRAINT fk_membership_brought_by "
        "REFERENCES user_account (id)"
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER link_opening_by_two_apart BEFORE UPDATE OF agreed_by ON link_opening WHEN {WHEN} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_link_opening_by_two_apart() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {WHEN} THEN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER link_opening_by_two_apart BEFORE UPDATE OF agreed_by ON link_opening "
        "FOR EACH ROW EXECUTE FUNCTION refuse_link_opening_by_two_apart()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER link_opening_by_two_apart")
    else:
        op.execute("DROP TRIGGER link_opening_by_two_apart ON link_opening")
        op.execute("DROP FUNCTION refuse_link_opening_by_two_apart()")
    op.execute("ALTER TABLE membership DROP COLUMN brought_by")
