"""Mail: messages and their states, a consultation's own words for them, and when a promise counts as lost."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_message",
        sa.Column("consultation_id", sa.String(length=26), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("participant_id", sa.String(length=26), nullable=True),
        sa.Column("invitation_id", sa.String(length=26), nullable=True),
        sa.Column("user_id", sa.String(length=26), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=False),
        sa.Column("forgotten", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sent",
                "failed",
                "bounced",
                "suppressed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=400), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=26), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"],
                [f"{table}.id"],
                name=op.f(f"fk_mail_message_{name}_id"),
                ondelete="CASCADE",
            )
            for name, table in (
                ("consultation", "consultation"),
                ("participant", "participant"),
                ("invitation", "invitation"),
                ("user", "user_account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_message")),
        sqlite_with_rowid=False,
    )
    for name in ("participant_id", "invitation_id", "user_id"):
        op.create_index(op.f(f"ix_mail_message_{name}"), "mail_message", [name], unique=False)
    op.create_index("ix_mail_message_consultation_id_state", "mail_message", ["consultation_id", "state"])
    op.create_index(
        "uq_mail_message_occasion",
        "mail_message",
        ["invitation_id", "kind", "occasion"],
        unique=True,
        sqlite_where=sa.text("occasion <> ''"),
        postgresql_where=sa.text("occasion <> ''"),
    )
    op.create_table(
        "mail_text",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(length=8000), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_mail_text_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_text")),
        sa.UniqueConstraint(
            "consultation_id", "kind", "language", name=op.f("uq_mail_text_consultation_id_kind_language")
        ),
    )
    op.add_column("outbox", sa.Column("back_by", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("outbox", "back_by")
    op.drop_table("mail_text")
    op.drop_table("mail_message")
