"""Hints and duplicates. The database itself notes what is still to be looked through, and forgets with the words."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KINDS = (
    "person",
    "email",
    "telephone",
    "link",
    "organisation",
    "role",
    "place",
    "self",
    "combination",
    "no_answer",
    "language",
    "long",
    "shouting",
)
FOUND = ("hint", "unexamined", "duplicate")


def upgrade() -> None:
    _tables()
    op.execute(
        "INSERT INTO unexamined (revision_id) SELECT id FROM revision WHERE current AND text IS NOT NULL"
    )
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table in (
        ("revision_to_examine", "revision"),
        ("revision_loses_hints", "revision"),
        ("answer_loses_hints", "answer"),
    ):
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    for table in ("duplicate", "examination", "unexamined", "hint"):
        op.drop_table(table)


def _tables() -> None:
    op.create_table(
        "hint",
        sa.Column("revision_id", sa.String(length=26), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.CheckConstraint("starts >= 0 AND ends >= starts", name=op.f("ck_hint_span")),
        _belongs_to("hint", "revision"),
        sa.PrimaryKeyConstraint("revision_id", "starts", "ends", "kind", name=op.f("pk_hint")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "unexamined",
        sa.Column("revision_id", sa.String(length=26), nullable=False),
        _belongs_to("unexamined", "revision"),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_unexamined")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "examination",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("against", sa.String(length=64), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("compared", sa.Integer(), nullable=False),
        _belongs_to("examination", "consultation"),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_examination")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "duplicate",
        sa.Column("answer_id", sa.String(length=26), nullable=False),
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("revision_id", sa.String(length=26), nullable=False),
        sa.Column("group_key", sa.String(length=26), nullable=False),
        sa.Column("text_number", sa.Integer(), nullable=False),
        sa.Column("likeness", sa.Integer(), nullable=False),
        sa.CheckConstraint("likeness BETWEEN 0 AND 100", name=op.f("ck_duplicate_likeness")),
        *(_belongs_to("duplicate", table) for table in ("answer", "consultation", "revision")),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_duplicate")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_duplicate_group", "duplicate", ["group_key", "text_number"])
    for name in ("consultation_id", "revision_id"):
        op.create_index(op.f(f"ix_duplicate_{name}"), "duplicate", [name])


def _belongs_to(table: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{other}_id")
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=name, ondelete="CASCADE")


def _sqlite() -> None:
    op.execute(
        "CREATE TRIGGER revision_to_examine AFTER INSERT ON revision WHEN NEW.current AND NEW.text IS NOT NULL "
        "BEGIN INSERT INTO unexamined (revision_id) VALUES (NEW.id); END"
    )
    op.execute(
        "CREATE TRIGGER revision_loses_hints AFTER UPDATE OF current ON revision WHEN NOT NEW.current "
        f"BEGIN {_deletions('NEW.id')} END"
    )
    op.execute(
        "CREATE TRIGGER answer_loses_hints AFTER UPDATE OF state ON answer WHEN NEW.state = 'withdrawn' "
        f"BEGIN {_deletions('SELECT id FROM revision WHERE answer_id = NEW.id')} END"
    )


def _postgresql() -> None:
    op.execute(
        "CREATE FUNCTION revision_to_examine() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO unexamined (revision_id) SELECT id FROM added WHERE current AND text IS NOT NULL; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER revision_to_examine AFTER INSERT ON revision REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION revision_to_examine()"
    )
    for name, table, column, condition, revisions in (
        ("revision_loses_hints", "revision", "current", "NOT NEW.current", "NEW.id"),
        (
            "answer_loses_hints",
            "answer",
            "state",
            "NEW.state = 'withdrawn'",
            "SELECT id FROM revision WHERE answer_id = NEW.id",
        ),
    ):
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{_deletions(revisions)} RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER UPDATE OF {column} ON {table} FOR EACH ROW "
            f"WHEN ({condition}) EXECUTE FUNCTION {name}()"
        )


def _deletions(revisions: str) -> str:
    return "".join(f"DELETE FROM {table} WHERE revision_id IN ({revisions}); " for table in FOUND)
