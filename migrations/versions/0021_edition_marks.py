"""Which edition is published, read from an index: its hash stands behind a document of many megabytes in the row."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NAME = "ix_edition_mark"


def upgrade() -> None:
    op.create_index(NAME, "edition", ["consultation_id", "state", "id", "document_hash"])


def downgrade() -> None:
    op.drop_index(NAME, table_name="edition")
