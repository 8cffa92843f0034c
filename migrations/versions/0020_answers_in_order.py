"""A question's published texts in the order of their identifiers, which exports of a million rows walk."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

NAME = "ix_published_text_question"


def upgrade() -> None:
    op.create_index(NAME, "published_text", ["consultation_id", "question_id", "revision_id"])


def downgrade() -> None:
    op.drop_index(NAME, table_name="published_text")
