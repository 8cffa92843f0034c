"""SQLite's index of words tells which words it has, so that a beginning is sought as the few words that begin so."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

NAME = "revision_words_vocabulary"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE VIRTUAL TABLE {NAME} USING fts5vocab(revision_words, instance)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TABLE {NAME}")
