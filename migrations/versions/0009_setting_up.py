"""Setting up in the browser: drafts, pilot answers, sign-off links, documents; ground rules that only tighten."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

EVERY_ATTRIBUTE = '["country", "country_group", "sector", "role_label", "language"]'
ATTRIBUTES = ("country", "country_group", "sector", "role_label", "language")
LOOSER = "ground rules only become more protective once somebody was invited"
NOT_NAMED = "the ground rules do not name this attribute"
FIXED = "country groups are fixed by the first response"
OVER = "pilot answers are taken before opening only"
ENDS_THE_PILOT = "DELETE FROM pilot_answer WHERE consultation_id = NEW.{column};"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.add_column("consultation", sa.Column("draft", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(
        "ground_rules",
        sa.Column("breakdown", sa.JSON(), nullable=False, server_default=sa.text(f"'{EVERY_ATTRIBUTE}'")),
    )
    for column in ("people_kept_months", "answers_kept_months"):
        op.execute(
            f"ALTER TABLE ground_rules ADD COLUMN {column} INTEGER "
            f"CONSTRAINT ck_ground_rules_{column} CHECK ({column} BETWEEN 1 AND 600)"
        )
    with op.batch_alter_table("meeting_link") as batch:
        batch.add_column(sa.Column("document_id", sa.String(length=26), nullable=True))
        batch.create_foreign_key(
            op.f("fk_meeting_link_document_id"), "stored_file", ["document_id"], ["id"], ondelete="RESTRICT"
        )
    _tables()
    (_sqlite if sqlite else _postgresql)()


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table in (
        ("ground_rules_only_tighten", "ground_rules"),
        ("response_keeps_what_is_named", "response"),
        ("response_goes_on_keeping_what_is_named", "response"),
        ("country_groups_are_fixed", "consultation"),
        ("response_ends_the_pilot", "response"),
        ("opening_ends_the_pilot", "consultation"),
        ("pilot_answer_before_opening", "pilot_answer"),
    ):
        if sqlite or name != "response_goes_on_keeping_what_is_named":
            op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
    if not sqlite:
        for function in (
            "refuse_looser_rules",
            "refuse_unnamed_attribute",
            "refuse_other_groups",
            "end_pilot_with_response",
            "end_pilot_with_opening",
            "refuse_late_pilot",
        ):
            op.execute(f"DROP FUNCTION {function}()")
    for table in ("pilot_answer", "sign_off_link"):
        op.drop_table(table)
    for column in ("breakdown", "people_kept_months", "answers_kept_months"):
        op.execute(f"ALTER TABLE ground_rules DROP COLUMN {column}")
    with op.batch_alter_table("meeting_link") as batch:
        batch.drop_constraint(op.f("fk_meeting_link_document_id"), type_="foreignkey")
        batch.drop_column("document_id")
    op.execute("ALTER TABLE consultation DROP COLUMN draft")


def _tables() -> None:
    op.create_table(
        "sign_off_link",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("made_for", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_sign_off_link_expires")),
        _belongs_to("sign_off_link", "consultation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_off_link_secret_hash")),
    )
    op.create_index(op.f("ix_sign_off_link_consultation_id"), "sign_off_link", ["consultation_id"])
    op.create_table(
        "pilot_answer",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("asking_id", sa.String(length=26), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("use", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        _belongs_to("pilot_answer", "consultation"),
        _belongs_to("pilot_answer", "asking"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot_answer")),
        sqlite_with_rowid=False,
    )
    for column in ("consultation_id", "asking_id"):
        op.create_index(op.f(f"ix_pilot_answer_{column}"), "pilot_answer", [column])


def _belongs_to(table: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{other}_id")
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=name, ondelete="CASCADE")


def _begun(now: str) -> str:
    """Whether people were told the rules: an invitation was mailed or printed, answering is open, or answers are in."""
    return (
        "(EXISTS (SELECT 1 FROM response r WHERE r.consultation_id = NEW.consultation_id) "
        "OR EXISTS (SELECT 1 FROM mail_message m WHERE m.consultation_id = NEW.consultation_id AND m.kind = 'invitation') "
        "OR EXISTS (SELECT 1 FROM audit_entry a WHERE a.consultation_id = NEW.consultation_id "
        "AND a.act IN ('invitations_sent', 'letters_printed')) "
        f"OR EXISTS (SELECT 1 FROM consultation c WHERE c.id = NEW.consultation_id AND c.opens_at <= {now}))"
    )


def _looser(among: str) -> str:
    """Whether the new version protects less than the newest there is."""
    timing = "CASE {}.timing WHEN 'none' THEN 0 WHEN 'day' THEN 1 ELSE 2 END"
    mode = "CASE {}.mode WHEN 'unlinked' THEN 0 WHEN 'confidential' THEN 1 ELSE 2 END"
    switches = " OR ".join(
        f"(NEW.{switch} = 'open' AND p.{switch} = 'closed')"
        for switch in ("speaker", "affiliation", "attendance")
    )
    kept = " OR ".join(
        f"coalesce(NEW.{column}, 9999) > coalesce(p.{column}, 9999)"
        for column in ("people_kept_months", "answers_kept_months")
    )
    return (
        "EXISTS (SELECT 1 FROM ground_rules p WHERE p.consultation_id = NEW.consultation_id AND p.version = ("
        "SELECT max(version) FROM ground_rules WHERE consultation_id = NEW.consultation_id) AND ("
        f"NEW.ceiling > p.ceiling OR NEW.smallest_group < p.smallest_group OR {switches} OR {kept} "
        f"OR {timing.format('NEW')} > {timing.format('p')} OR {mode.format('NEW')} > {mode.format('p')} "
        f"OR EXISTS (SELECT 1 FROM {among.format('NEW')} n WHERE n.value NOT IN "
        f"(SELECT o.value FROM {among.format('p')} o))))"
    )


def _unnamed(among: str) -> str:
    """Whether a response keeps an attribute that its ground rules do not name."""
    kept = " OR ".join(
        f"(NEW.{attribute} IS NOT NULL AND '{attribute}' NOT IN (SELECT o.value FROM {among.format('g')} o))"
        for attribute in ATTRIBUTES
    )
    return f"EXISTS (SELECT 1 FROM ground_rules g WHERE g.id = NEW.ground_rules_id AND ({kept}))"


def _late(now: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM response r WHERE r.consultation_id = NEW.consultation_id) "
        f"OR EXISTS (SELECT 1 FROM consultation c WHERE c.id = NEW.consultation_id AND c.opens_at <= {now})"
    )


ANSWERED = "EXISTS (SELECT 1 FROM response r WHERE r.consultation_id = NEW.id)"


def _sqlite() -> None:
    now, among = "strftime('%Y-%m-%d %H:%M:%f', 'now')", "json_each({}.breakdown)"
    columns = ", ".join(ATTRIBUTES)
    for name, event, when, refusal in (
        (
            "ground_rules_only_tighten",
            "INSERT ON ground_rules",
            f"{_begun(now)} AND {_looser(among)}",
            LOOSER,
        ),
        ("response_keeps_what_is_named", "INSERT ON response", _unnamed(among), NOT_NAMED),
        (
            "response_goes_on_keeping_what_is_named",
            f"UPDATE OF {columns} ON response",
            _unnamed(among),
            NOT_NAMED,
        ),
        (
            "country_groups_are_fixed",
            "UPDATE OF country_groups ON consultation",
            f"NEW.country_groups <> OLD.country_groups AND {ANSWERED}",
            FIXED,
        ),
        ("pilot_answer_before_opening", "INSERT ON pilot_answer", _late(now), OVER),
    ):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} WHEN {when} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )
    op.execute(
        "CREATE TRIGGER response_ends_the_pilot AFTER INSERT ON response "
        f"BEGIN {ENDS_THE_PILOT.format(column='consultation_id')} END"
    )
    op.execute(
        f"CREATE TRIGGER opening_ends_the_pilot AFTER UPDATE OF opens_at ON consultation WHEN NEW.opens_at <= {now} "
        f"BEGIN {ENDS_THE_PILOT.format(column='id')} END"
    )


def _postgresql() -> None:
    now, among = "now()", "(SELECT json_array_elements_text({}.breakdown) AS value)"
    columns = ", ".join(ATTRIBUTES)
    other_groups = f"NEW.country_groups::text <> OLD.country_groups::text AND {ANSWERED}"
    for trigger, event, function, when, refusal in (
        (
            "ground_rules_only_tighten",
            "INSERT ON ground_rules",
            "refuse_looser_rules",
            f"{_begun(now)} AND {_looser(among)}",
            LOOSER,
        ),
        (
            "response_keeps_what_is_named",
            f"INSERT OR UPDATE OF {columns} ON response",
            "refuse_unnamed_attribute",
            _unnamed(among),
            NOT_NAMED,
        ),
        (
            "country_groups_are_fixed",
            "UPDATE OF country_groups ON consultation",
            "refuse_other_groups",
            other_groups,
            FIXED,
        ),
        ("pilot_answer_before_opening", "INSERT ON pilot_answer", "refuse_late_pilot", _late(now), OVER),
    ):
        op.execute(
            f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {when} THEN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
        )
        op.execute(f"CREATE TRIGGER {trigger} BEFORE {event} FOR EACH ROW EXECUTE FUNCTION {function}()")
    for trigger, event, function, column in (
        ("response_ends_the_pilot", "INSERT ON response", "end_pilot_with_response", "consultation_id"),
        ("opening_ends_the_pilot", "UPDATE OF opens_at ON consultation", "end_pilot_with_opening", "id"),
    ):
        once = f"IF NEW.opens_at <= {now} THEN {{}} END IF;" if column == "id" else "{}"
        op.execute(
            f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{once.format(ENDS_THE_PILOT.format(column=column))} RETURN NULL; END $$"
        )
        op.execute(f"CREATE TRIGGER {trigger} AFTER {event} FOR EACH ROW EXECUTE FUNCTION {function}()")
