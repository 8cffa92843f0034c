"""Released figures that later ones are checked against, tallies at hand with marks of change, scales of quantifiers."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEPT = "released_figures is append-only"
CHANGES = (
    ("published_case", "INSERT", "{row}.consultation_id"),
    ("published_case", "DELETE", "{row}.consultation_id"),
    ("published_case", "UPDATE", "{row}.consultation_id"),
    ("coding", "INSERT", "(SELECT consultation_id FROM theme WHERE id = {row}.theme_id)"),
    ("coding", "DELETE", "(SELECT consultation_id FROM theme WHERE id = {row}.theme_id)"),
    ("coding", "UPDATE", "(SELECT consultation_id FROM theme WHERE id = {row}.theme_id)"),
    ("question", "INSERT", "{row}.consultation_id"),
    ("question", "DELETE", "{row}.consultation_id"),
)
"""Table, what happens to its rows, and of which consultation the figures change with it."""


def upgrade() -> None:
    _tables()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, act, _whose in CHANGES:
        name = _name(table, act)
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    for table in ("quantifier_scale", "released_figures", "kept_tally", "figures_change"):
        op.drop_table(table)


def _tables() -> None:
    op.create_table(
        "figures_change",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("mark", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("consultation_id", "mark", name=op.f("pk_figures_change")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "kept_tally",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        _of_a_consultation("kept_tally", "CASCADE"),
        sa.PrimaryKeyConstraint("consultation_id", "name", name=op.f("pk_kept_tally")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "released_figures",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("ground_rules_id", sa.String(length=26), nullable=False),
        sa.Column("released_by", sa.String(length=26), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=False),
        _of_a_consultation("released_figures", "RESTRICT"),
        sa.ForeignKeyConstraint(
            ["ground_rules_id"],
            ["ground_rules.id"],
            name=op.f("fk_released_figures_ground_rules_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["released_by"],
            ["user_account.id"],
            name=op.f("fk_released_figures_released_by"),
            ondelete="RESTRICT",
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_released_figures_numbered")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_released_figures")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_released_figures_consultation_id_number")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_released_figures_request", "released_figures", ["consultation_id", "request_hash", "number"]
    )
    op.create_table(
        "quantifier_scale",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        *(
            sa.Column(word, sa.Integer(), nullable=False)
            for word in ("from_some", "from_many", "from_most", "from_nearly_all")
        ),
        _of_a_consultation("quantifier_scale", "CASCADE"),
        sa.CheckConstraint(
            "from_some > 0 AND from_many > from_some AND from_most >= 50 AND from_most > from_many "
            "AND from_nearly_all > from_most AND from_nearly_all <= 100",
            name=op.f("ck_quantifier_scale_ascending"),
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_quantifier_scale")),
        sqlite_with_rowid=False,
    )


def _of_a_consultation(table: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_consultation_id")
    return sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=name, ondelete=ondelete)


def _name(table: str, act: str) -> str:
    return f"{table}_{act.lower()}_changes_figures"


def _sqlite() -> None:
    """One mark a consultation is enough where one transaction writes at a time."""
    for table, act, whose in CHANGES:
        of = whose.format(row="OLD" if act == "DELETE" else "NEW")
        op.execute(
            f"CREATE TRIGGER {_name(table, act)} AFTER {act} ON {table} "
            "BEGIN INSERT INTO figures_change (consultation_id, mark) "
            f"SELECT changed.id, 'changed' FROM (SELECT {of} AS id) AS changed WHERE changed.id IS NOT NULL "
            "AND NOT EXISTS (SELECT 1 FROM figures_change AS f WHERE f.consultation_id = changed.id); END"
        )
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER released_figures_{act.lower()} BEFORE {act} ON released_figures "
            f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
        )


def _postgresql() -> None:
    """A mark a statement, each with a name of its own, so that nobody waits for anybody."""
    for table, act, whose in CHANGES:
        name, rows = _name(table, act), "OLD" if act == "DELETE" else "NEW"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "INSERT INTO figures_change (consultation_id, mark) SELECT of.id, gen_random_uuid()::text FROM "
            f"(SELECT DISTINCT {whose.format(row='changed')} AS id FROM changed) AS of WHERE of.id IS NOT NULL; "
            "RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {act} ON {table} REFERENCING {rows} TABLE AS changed "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
    op.execute(
        "CREATE TRIGGER released_figures_is_kept BEFORE UPDATE OR DELETE ON released_figures "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
