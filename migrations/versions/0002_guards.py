"""Guards that no code can step round.

What is append-only stays so; only approved words stand in the published view, and leave it with their approval; words
are searched without being kept twice.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("decision", "redaction", "audit_entry", "ground_rules", "wording")
NEVER_DELETED = ("decision", "redaction", "audit_entry")
FIXED_WORDS = (
    "answer_id",
    "number",
    "wording_id",
    "text",
    "choices",
    "attribution",
    "ceiling",
    "ground_rules_id",
    "hash",
)
PUBLISHED = {"published_text": 2, "published_case": 1}
"""Table → the lowest attribution step whose answers may stand in it: quote unattributed, aggregate only."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    triggers = [(f"{table}_is_append_only", table) for table in APPEND_ONLY]
    triggers += [(f"{table}_is_never_deleted", table) for table in NEVER_DELETED]
    triggers += [("revision_is_never_edited", "revision"), ("mode_is_fixed", "ground_rules")]
    triggers += [(f"{table}_needs_approval", table) for table in PUBLISHED]
    triggers += [("answer_unpublishes", "answer"), ("revision_unpublishes", "revision")]
    if sqlite:
        triggers += [("revision_words_added", "revision"), ("revision_words_removed", "revision")]
    for name, table in triggers:
        op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
    if sqlite:
        op.execute("DROP TABLE revision_words")
    else:
        op.execute("DROP INDEX ix_revision_words")
        op.execute("DROP FUNCTION refuse_change()")
        for function in (
            "refuse_other_mode",
            "unpublish_answer",
            "unpublish_revision",
            *map(_refusal, PUBLISHED),
        ):
            op.execute(f"DROP FUNCTION {function}()")


def _sqlite() -> None:
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    for table in NEVER_DELETED:
        op.execute(
            f"CREATE TRIGGER {table}_is_never_deleted BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    op.execute(
        f"CREATE TRIGGER revision_is_never_edited BEFORE UPDATE OF {', '.join(FIXED_WORDS)} ON revision "
        "BEGIN SELECT RAISE(ABORT, 'revision is never edited'); END"
    )
    op.execute(
        "CREATE TRIGGER mode_is_fixed BEFORE INSERT ON ground_rules "
        "WHEN EXISTS (SELECT 1 FROM response WHERE consultation_id = NEW.consultation_id AND mode <> NEW.mode) "
        "BEGIN SELECT RAISE(ABORT, 'the mode is fixed by the first response'); END"
    )
    for table, step in PUBLISHED.items():
        op.execute(
            f"CREATE TRIGGER {table}_needs_approval BEFORE INSERT ON {table} WHEN NOT EXISTS ({_approved(step)}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} takes only what is approved and may be used'); END"
        )
    op.execute(
        "CREATE TRIGGER answer_unpublishes AFTER UPDATE OF state ON answer WHEN NEW.state <> 'approved' "
        f"BEGIN {_deletions('SELECT id FROM revision WHERE answer_id = NEW.id')} END"
    )
    op.execute(
        "CREATE TRIGGER revision_unpublishes AFTER UPDATE OF current ON revision WHEN NOT NEW.current "
        f"BEGIN {_deletions('NEW.id')} END"
    )
    op.execute("CREATE VIRTUAL TABLE revision_words USING fts5(folded, content='', contentless_delete=1)")
    op.execute("INSERT INTO revision_words(revision_words, rank) VALUES('secure-delete', 1)")
    op.execute(
        "CREATE TRIGGER revision_words_added AFTER INSERT ON revision WHEN NEW.folded <> '' "
        "BEGIN INSERT INTO revision_words(rowid, folded) VALUES (NEW.search_key, NEW.folded); END"
    )
    op.execute(
        "CREATE TRIGGER revision_words_removed AFTER DELETE ON revision WHEN OLD.folded <> '' "
        "BEGIN DELETE FROM revision_words WHERE rowid = OLD.search_key; END"
    )


def _postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_is_append_only BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    for table in NEVER_DELETED:
        op.execute(
            f"CREATE TRIGGER {table}_is_never_deleted BEFORE DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        f"CREATE TRIGGER revision_is_never_edited BEFORE UPDATE OF {', '.join(FIXED_WORDS)} ON revision "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE FUNCTION refuse_other_mode() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM response WHERE consultation_id = NEW.consultation_id AND mode <> NEW.mode) THEN "
        "RAISE EXCEPTION 'the mode is fixed by the first response' USING ERRCODE = 'check_violation'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER mode_is_fixed BEFORE INSERT ON ground_rules FOR EACH ROW EXECUTE FUNCTION refuse_other_mode()"
    )
    for table, step in PUBLISHED.items():
        op.execute(
            f"CREATE FUNCTION {_refusal(table)}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NOT EXISTS ({_approved(step)}) THEN RAISE EXCEPTION "
            f"'{table} takes only what is approved and may be used' USING ERRCODE = 'check_violation'; END IF; "
            "RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_needs_approval BEFORE INSERT ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {_refusal(table)}()"
        )
    op.execute(
        "CREATE FUNCTION unpublish_answer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{_deletions('SELECT id FROM revision WHERE answer_id = NEW.id')} RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER answer_unpublishes AFTER UPDATE OF state ON answer FOR EACH ROW "
        "WHEN (NEW.state <> 'approved') EXECUTE FUNCTION unpublish_answer()"
    )
    op.execute(
        "CREATE FUNCTION unpublish_revision() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{_deletions('NEW.id')} RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER revision_unpublishes AFTER UPDATE OF current ON revision FOR EACH ROW "
        "WHEN (NOT NEW.current) EXECUTE FUNCTION unpublish_revision()"
    )
    op.execute("CREATE INDEX ix_revision_words ON revision USING gin (to_tsvector('simple', folded))")


def _approved(step: int) -> str:
    return (
        "SELECT 1 FROM revision JOIN answer ON answer.id = revision.answer_id WHERE revision.id = NEW.revision_id "
        f"AND revision.current AND answer.state = 'approved' AND revision.attribution >= {step}"
    )


def _deletions(revisions: str) -> str:
    return "".join(f"DELETE FROM {table} WHERE revision_id IN ({revisions}); " for table in PUBLISHED)


def _refusal(table: str) -> str:
    return f"refuse_unapproved_{table}"
