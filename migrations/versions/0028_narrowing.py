"""Indexes for the queue's filters, so that a list of few answers is found without reading along a million others."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_revision_language": ("revision", ["standing", "language", "search_key"]),
    "ix_revision_attribution": ("revision", ["standing", "attribution", "search_key"]),
    "ix_response_source": ("response", ["consultation_id", "source"]),
    "ix_hint_kind": ("hint", ["kind"]),
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL statement_timeout = 0")
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, (table, _columns) in INDEXES.items():
        op.drop_index(name, table)
