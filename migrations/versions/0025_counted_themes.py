"""Who named which theme in one narrow table in the order of counting, kept by the database with codings and cases."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ATTRIBUTES = ("country", "country_group", "sector", "role_label", "language")
WATCHED = {"coding": "theme_id, state, coder_id", "published_case": ""}
"""Table → the columns whose change counts, all where none is named."""
ACTS = ("INSERT", "UPDATE", "DELETE")
KEY = "meeting_id, people, theme_id, revision_id"


def upgrade() -> None:
    op.create_table(
        "counted_theme",
        sa.Column("meeting_id", sa.String(length=26), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("theme_id", sa.String(length=26), nullable=False),
        sa.Column("revision_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_counted_theme_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "meeting_id", "people", "theme_id", "revision_id", name=op.f("pk_counted_theme")
        ),
        sqlite_with_rowid=False,
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(
        f"INSERT INTO counted_theme ({KEY}) SELECT DISTINCT p.meeting_id, {_people('p', sqlite)}, c.theme_id, "
        f"c.revision_id FROM coding AS c JOIN published_case AS p ON p.revision_id = c.revision_id "
        f"WHERE p.counts_as_participant AND p.choices IS NULL AND {_stands('c')} ORDER BY 1, 2, 3, 4"
    )
    if not sqlite:
        op.execute("ANALYZE counted_theme")
    _sqlite() if sqlite else _postgresql()


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in WATCHED:
        for act in ACTS:
            name = _name(table, act)
            op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
            if not sqlite:
                op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("counted_theme")


def _name(table: str, act: str) -> str:
    return f"{table}_{act.lower()}_counts_themes"


def _stands(row: str) -> str:
    return f"{row}.state = 'confirmed' AND {row}.coder_id IS NOT NULL"


def _people(row: str, sqlite: bool) -> str:
    values = ", ".join(f"{row}.{name}" for name in ATTRIBUTES)
    return f"json_array({values})" if sqlite else f"json_build_array({values})::text"


def _sqlite() -> None:
    given = (
        f"INSERT INTO counted_theme ({KEY}) SELECT p.meeting_id, {_people('p', True)}, NEW.theme_id, NEW.revision_id "
        "FROM published_case AS p WHERE p.revision_id = NEW.revision_id AND p.counts_as_participant AND p.choices IS NULL "
        f"AND {_stands('NEW')} ON CONFLICT DO NOTHING;"
    )
    taken = (
        "DELETE FROM counted_theme WHERE (meeting_id, people) = "
        f"(SELECT p.meeting_id, {_people('p', True)} FROM published_case AS p WHERE p.revision_id = OLD.revision_id) "
        "AND theme_id = OLD.theme_id AND revision_id = OLD.revision_id AND NOT EXISTS (SELECT 1 FROM coding AS c "
        f"WHERE c.revision_id = OLD.revision_id AND c.theme_id = OLD.theme_id AND {_stands('c')});"
    )
    published = (
        f"INSERT INTO counted_theme ({KEY}) SELECT DISTINCT NEW.meeting_id, {_people('NEW', True)}, c.theme_id, "
        f"c.revision_id FROM coding AS c WHERE c.revision_id = NEW.revision_id AND NEW.counts_as_participant AND NEW.choices IS NULL "
        f"AND {_stands('c')};"
    )
    withdrawn = (
        f"DELETE FROM counted_theme WHERE meeting_id = OLD.meeting_id AND people = {_people('OLD', True)} "
        "AND theme_id IN (SELECT id FROM theme WHERE consultation_id = OLD.consultation_id) "
        "AND revision_id = OLD.revision_id;"
    )
    steps = {"coding": (taken, given), "published_case": (withdrawn, published)}
    for table, columns in WATCHED.items():
        before, after = steps[table]
        for act, does in zip(ACTS, (after, before + after, before), strict=True):
            of = f" OF {columns}" if act == "UPDATE" and columns else ""
            op.execute(f"CREATE TRIGGER {_name(table, act)} AFTER {act}{of} ON {table} BEGIN {does} END")


def _postgresql() -> None:
    """A statement at a time. Whoever takes away, or publishes, waits for those who code the same words.

    Who codes holds the words by their foreign key until the end of the transaction, and is seen afterwards. They are
    held in one order, so that nobody waits for somebody who waits for them.
    """

    def held(rows: str) -> str:
        return f"PERFORM 1 FROM revision AS r WHERE r.id IN (SELECT revision_id FROM {rows}) ORDER BY r.id FOR UPDATE; "

    given = (
        f"INSERT INTO counted_theme ({KEY}) SELECT DISTINCT p.meeting_id, {_people('p', False)}, c.theme_id, "
        "c.revision_id FROM after_it AS c JOIN published_case AS p ON p.revision_id = c.revision_id "
        f"WHERE p.counts_as_participant AND p.choices IS NULL AND {_stands('c')} ORDER BY 1, 2, 3, 4 ON CONFLICT DO NOTHING; "
    )
    taken = (
        "DELETE FROM counted_theme AS k USING before_it AS b JOIN published_case AS p "
        "ON p.revision_id = b.revision_id "
        f"WHERE k.meeting_id = p.meeting_id AND k.people = {_people('p', False)} AND k.theme_id = b.theme_id "
        "AND k.revision_id = b.revision_id AND NOT EXISTS (SELECT 1 FROM coding AS c "
        f"WHERE c.revision_id = b.revision_id AND c.theme_id = b.theme_id AND {_stands('c')}); "
    )
    published = (
        f"INSERT INTO counted_theme ({KEY}) SELECT DISTINCT p.meeting_id, {_people('p', False)}, c.theme_id, "
        "c.revision_id FROM after_it AS p JOIN coding AS c ON c.revision_id = p.revision_id "
        f"WHERE p.counts_as_participant AND p.choices IS NULL AND {_stands('c')} ORDER BY 1, 2, 3, 4 ON CONFLICT DO NOTHING; "
    )
    withdrawn = (
        "DELETE FROM counted_theme AS k USING before_it AS p JOIN theme AS t "
        "ON t.consultation_id = p.consultation_id "
        f"WHERE k.meeting_id = p.meeting_id AND k.people = {_people('p', False)} AND k.theme_id = t.id "
        "AND k.revision_id = p.revision_id; "
    )
    steps = {
        "coding": (held("before_it") + taken, given),
        "published_case": (held("before_it") + withdrawn, held("after_it") + published),
    }
    for table, (before, after) in steps.items():
        for act, does in zip(ACTS, (after, before + after, before), strict=True):
            name = _name(table, act)
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does}RETURN NULL; END $$"
            )
            seen = [] if act == "INSERT" else ["OLD TABLE AS before_it"]
            seen += [] if act == "DELETE" else ["NEW TABLE AS after_it"]
            op.execute(
                f"CREATE TRIGGER {name} AFTER {act} ON {table} REFERENCING {' '.join(seen)} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
            )
