"""Answers are counted by question from the index that counts them by state, so that a question few gave is found."""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

NAME = "ix_answer_counts"


def upgrade() -> None:
    _make_again(["meeting_id", "state", "question_id", "released"])


def downgrade() -> None:
    _make_again(["meeting_id", "state", "released"])


def _make_again(columns: list[str]) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    op.drop_index(NAME, "answer")
    op.create_index(NAME, "answer", columns)
