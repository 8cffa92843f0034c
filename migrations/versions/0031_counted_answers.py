"""Who answered which question in one narrow table in the order of counting, and themes of it by person."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import context, op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

ATTRIBUTES = ("country", "country_group", "sector", "role_label", "language")
WATCHED = {"coding": "theme_id, state, coder_id", "published_case": ""}
"""Table → the columns whose change counts, all where none is named."""
ACTS = ("INSERT", "UPDATE", "DELETE")
THEMES = ("meeting_id", "people", "theme_id", "response_id", "revision_id")
ANSWERS = ("meeting_id", "people", "response_id", "question_id", "revision_id")
THEMES_BEFORE = ("meeting_id", "people", "theme_id", "revision_id")
LEAVES = {"answer": "(SELECT r.id FROM revision AS r WHERE r.answer_id = OLD.id)", "revision": "(OLD.id)"}
"""Table → the words that go with one of its rows. They leave the view while it is known whose they are."""
PERSON = "JOIN revision AS r ON r.id = {row}.revision_id JOIN answer AS a ON a.id = r.answer_id"
SAID = "p.counts_as_participant AND p.choices IS NULL"
STANDS = "c.state = 'confirmed' AND c.coder_id IS NOT NULL"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        op.execute("SET LOCAL statement_timeout = 0")
    _before().downgrade()
    _table("counted_theme", THEMES)
    _table("counted_answer", ANSWERS, sa.Column("choices", sa.Text(), nullable=True))
    op.execute(_themes(sqlite, "published_case", "coding"))
    op.execute(_answers(sqlite, "published_case"))
    if not sqlite:
        op.execute("ANALYZE counted_theme")
        op.execute("ANALYZE counted_answer")
    _sqlite() if sqlite else _postgresql()


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    made = [(f"{table}_{act.lower()}_is_counted", table) for table in WATCHED for act in ACTS]
    for name, table in [*made, *((f"{table}_leaves_the_view", table) for table in LEAVES)]:
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
        if not sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_table("counted_answer")
    op.drop_table("counted_theme")
    _before().upgrade()


def _before() -> Any:
    """The migration that made the table of themes without persons, and the triggers that kept it."""
    return context.script.get_revision("0025").module


def _table(name: str, key: Sequence[str], *columns: sa.Column[str]) -> None:
    op.create_table(
        name,
        *(
            sa.Column(part, sa.Text() if part == "people" else sa.String(length=26), nullable=False)
            for part in key
        ),
        *columns,
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f(f"fk_{name}_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )


def _people(row: str, sqlite: bool) -> str:
    values = ", ".join(f"{row}.{name}" for name in ATTRIBUTES)
    return f"json_array({values})" if sqlite else f"json_build_array({values})::text"


def _themes(sqlite: bool, cases: str, codings: str) -> str:
    """Themes that stand on those cases by those codings, in the order of the key."""
    return (
        f"INSERT INTO counted_theme ({', '.join(THEMES)}) "
        f"SELECT DISTINCT p.meeting_id, {_people('p', sqlite)}, c.theme_id, a.response_id, c.revision_id "
        f"FROM {codings} AS c JOIN {cases} AS p ON p.revision_id = c.revision_id {PERSON.format(row='p')} "
        f"WHERE {SAID} AND {STANDS} ORDER BY 1, 2, 3, 4, 5{'' if sqlite else ' ON CONFLICT DO NOTHING'}"
    )


def _answers(sqlite: bool, cases: str, which: str = "") -> str:
    """Those cases, all or which, in the order of the key."""
    return (
        f"INSERT INTO counted_answer ({', '.join(ANSWERS)}, choices) SELECT p.meeting_id, {_people('p', sqlite)}, "
        f"a.response_id, p.question_id, p.revision_id, {'p.choices' if sqlite else 'p.choices::text'} "
        f"FROM {cases} AS p {PERSON.format(row='p')} WHERE {which}p.counts_as_participant ORDER BY 1, 2, 3, 4, 5"
    )


def _watch(steps: dict[str, tuple[str, str]], made: Callable[[str, str, str, str], None]) -> None:
    """Triggers of every act: what was is taken out, what is is put in."""
    for table, (before, after) in steps.items():
        for act, does in zip(ACTS, (after, before + after, before), strict=True):
            made(table, act, f"{table}_{act.lower()}_is_counted", does)


def _made_on_sqlite(table: str, act: str, name: str, does: str) -> None:
    of = f" OF {WATCHED[table]}" if act == "UPDATE" and WATCHED[table] else ""
    op.execute(f"CREATE TRIGGER {name} AFTER {act}{of} ON {table} BEGIN {does} END")


def _made_on_postgresql(table: str, act: str, name: str, does: str) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does}RETURN NULL; END $$"
    )
    seen = [] if act == "INSERT" else ["OLD TABLE AS before_it"]
    seen += [] if act == "DELETE" else ["NEW TABLE AS after_it"]
    op.execute(
        f"CREATE TRIGGER {name} AFTER {act} ON {table} REFERENCING {' '.join(seen)} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )


def _sqlite() -> None:
    whose = "(SELECT a.response_id FROM revision AS r JOIN answer AS a ON a.id = r.answer_id WHERE r.id = OLD.revision_id)"
    given = (
        f"INSERT INTO counted_theme ({', '.join(THEMES)}) SELECT p.meeting_id, {_people('p', True)}, NEW.theme_id, "
        f"a.response_id, NEW.revision_id FROM published_case AS p {PERSON.format(row='p')} "
        f"WHERE p.revision_id = NEW.revision_id AND {SAID} AND {STANDS.replace('c.', 'NEW.')} ON CONFLICT DO NOTHING;"
    )
    taken = (
        "DELETE FROM counted_theme WHERE (meeting_id, people) = "
        f"(SELECT p.meeting_id, {_people('p', True)} FROM published_case AS p WHERE p.revision_id = OLD.revision_id) "
        f"AND theme_id = OLD.theme_id AND response_id = {whose} AND revision_id = OLD.revision_id "
        "AND NOT EXISTS (SELECT 1 FROM coding AS c "
        f"WHERE c.revision_id = OLD.revision_id AND c.theme_id = OLD.theme_id AND {STANDS});"
    )
    published = (
        f"INSERT INTO counted_theme ({', '.join(THEMES)}) SELECT DISTINCT NEW.meeting_id, {_people('NEW', True)}, "
        f"c.theme_id, a.response_id, c.revision_id FROM coding AS c {PERSON.format(row='c')} "
        f"WHERE c.revision_id = NEW.revision_id AND {SAID.replace('p.', 'NEW.')} AND {STANDS};"
        f"{_answers(True, 'published_case', 'p.revision_id = NEW.revision_id AND ')};"
    )
    person = f"meeting_id = OLD.meeting_id AND people = {_people('OLD', True)} AND response_id = {whose}"
    withdrawn = (
        f"DELETE FROM counted_theme WHERE {person} AND revision_id = OLD.revision_id "
        "AND theme_id IN (SELECT id FROM theme WHERE consultation_id = OLD.consultation_id);"
        f"DELETE FROM counted_answer WHERE {person} AND question_id = OLD.question_id AND revision_id = OLD.revision_id;"
    )
    _watch({"coding": (taken, given), "published_case": (withdrawn, published)}, _made_on_sqlite)
    for table, words in LEAVES.items():
        op.execute(
            f"CREATE TRIGGER {table}_leaves_the_view BEFORE DELETE ON {table} "
            f"BEGIN DELETE FROM published_case WHERE revision_id IN {words}; END"
        )


def _held(rows: str) -> str:
    return f"PERFORM 1 FROM revision AS r WHERE r.id IN (SELECT revision_id FROM {rows}) ORDER BY r.id FOR UPDATE; "


def _postgresql() -> None:
    """A statement at a time. Whoever takes away, or publishes, waits for those who code the same words.

    Who codes holds the words by their foreign key until the end of the transaction, and is seen afterwards. They are
    held in one order, so that nobody waits for somebody who waits for them.
    """
    given = f"{_themes(False, 'published_case', 'after_it')}; "
    taken = (
        f"DELETE FROM counted_theme AS k USING before_it AS b {PERSON.format(row='b')} "
        "JOIN published_case AS p ON p.revision_id = b.revision_id "
        f"WHERE k.meeting_id = p.meeting_id AND k.people = {_people('p', False)} AND k.theme_id = b.theme_id "
        "AND k.response_id = a.response_id AND k.revision_id = b.revision_id AND NOT EXISTS (SELECT 1 FROM coding AS c "
        f"WHERE c.revision_id = b.revision_id AND c.theme_id = b.theme_id AND {STANDS}); "
    )
    published = f"{_themes(False, 'after_it', 'coding')}; {_answers(False, 'after_it')}; "
    person = (
        f"k.meeting_id = p.meeting_id AND k.people = {_people('p', False)} AND k.response_id = a.response_id"
    )
    withdrawn = (
        f"DELETE FROM counted_theme AS k USING before_it AS p {PERSON.format(row='p')} "
        "JOIN theme AS t ON t.consultation_id = p.consultation_id "
        f"WHERE {person} AND k.theme_id = t.id AND k.revision_id = p.revision_id; "
        f"DELETE FROM counted_answer AS k USING before_it AS p {PERSON.format(row='p')} "
        f"WHERE {person} AND k.question_id = p.question_id AND k.revision_id = p.revision_id; "
    )
    steps = {
        "coding": (_held("before_it") + taken, given),
        "published_case": (_held("before_it") + withdrawn, _held("after_it") + published),
    }
    _watch(steps, _made_on_postgresql)
    for table, words in LEAVES.items():
        name = f"{table}_leaves_the_view"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"DELETE FROM published_case WHERE revision_id IN {words}; RETURN OLD; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
