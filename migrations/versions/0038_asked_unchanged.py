"""Unlinked mode: once a response code is out, what is asked at its meeting stays as it is.

Every answer names the words that it saw. Words changed from hour to hour would date each answer, and so lead from
whoever is known to have answered in that hour to what they wrote.
"""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

REFUSAL = "what is asked without links stays while answers come in"
TRIGGERS = (
    ("asking_comes_early", "INSERT ON asking", "NEW", ""),
    ("asking_stays", "DELETE ON asking", "OLD", ""),
    (
        "asking_stays_the_same",
        "UPDATE OF meeting_id, question_id, wording_id ON asking",
        "NEW",
        "(NEW.meeting_id, NEW.question_id, NEW.wording_id) <> (OLD.meeting_id, OLD.question_id, OLD.wording_id) AND ",
    ),
)


def _begun(row: str) -> str:
    """Whether somebody may be answering there without a link: the newest ground rules say how."""
    return (
        f"EXISTS (SELECT 1 FROM response_code c WHERE c.meeting_id = {row}.meeting_id) AND 'unlinked' = ("
        "SELECT g.mode FROM ground_rules g JOIN meeting m ON m.consultation_id = g.consultation_id "
        f"WHERE m.id = {row}.meeting_id ORDER BY g.version DESC LIMIT 1)"
    )


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, event, row, changes in TRIGGERS:
        when = f"{changes}{_begun(row)}"
        if sqlite:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} WHEN {when} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
            continue
        op.execute(
            f"CREATE FUNCTION refuse_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN "
            f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END IF; RETURN {row}; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW EXECUTE FUNCTION refuse_{name}()")


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, _event, _row, _changes in TRIGGERS:
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON asking")
        if not sqlite:
            op.execute(f"DROP FUNCTION refuse_{name}()")
