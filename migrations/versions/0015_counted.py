"""Codings in the order of answers, so that tallies of themes read one index from end to end."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_coding_counted", "coding", ["revision_id", "theme_id", "state", "coder_id"])


def downgrade() -> None:
    op.drop_index("ix_coding_counted", "coding")
