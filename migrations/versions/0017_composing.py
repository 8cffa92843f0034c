"""Composing a report, a second director's approval, named readers before the day, and what was done afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NEW_TABLES = ("follow_up", "edition_opening", "edition_reader", "report_pick", "report_section")


def upgrade() -> None:
    op.add_column("takeaway", sa.Column("against_codes", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("takeaway", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    _approval()
    _composing()
    _readers()
    op.create_table(
        "follow_up",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("taken_back", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        _belongs_to("follow_up", "consultation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    op.create_index(op.f("ix_follow_up_consultation_id"), "follow_up", ["consultation_id"])


def downgrade() -> None:
    for table in NEW_TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "sqlite":
        for name in ("approved_at", "approved_by", "before_approval"):
            op.execute(f"ALTER TABLE edition DROP COLUMN {name}")
    else:
        for name in ("published_is_approved", "approved_has_time", "approved_by_another"):
            op.execute(f"ALTER TABLE edition DROP CONSTRAINT ck_edition_{name}")
        for name in ("approved_at", "approved_by", "before_approval"):
            op.drop_column("edition", name)
    for name in ("version", "against_codes"):
        op.drop_column("takeaway", name)


def _approval() -> None:
    """SQLite adds a constraint only with a column, and must not copy the table: editions are referred to."""
    op.add_column(
        "edition", sa.Column("before_approval", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(
        sa.text("UPDATE edition SET before_approval = :yes WHERE state <> 'frozen'").bindparams(yes=True)
    )
    another = "CONSTRAINT ck_edition_approved_by_another CHECK (approved_by <> frozen_by)"
    has_time = "CONSTRAINT ck_edition_approved_has_time CHECK ((approved_by IS NULL) = (approved_at IS NULL))"
    approved = (
        "CONSTRAINT ck_edition_published_is_approved "
        "CHECK (state = 'frozen' OR before_approval OR approved_by IS NOT NULL)"
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE edition ADD COLUMN approved_by VARCHAR(26) "
            f"CONSTRAINT fk_edition_approved_by REFERENCES user_account (id) {another}"
        )
        op.execute(f"ALTER TABLE edition ADD COLUMN approved_at DATETIME {has_time} {approved}")
        return
    op.add_column("edition", sa.Column("approved_by", sa.String(length=26), nullable=True))
    op.add_column("edition", sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(op.f("fk_edition_approved_by"), "edition", "user_account", ["approved_by"], ["id"])
    for constraint in (another, has_time, approved):
        op.execute(f"ALTER TABLE edition ADD {constraint}")


def _composing() -> None:
    op.create_table(
        "report_section",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("heading", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("meeting_id", sa.String(length=26), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        _belongs_to("report_section", "consultation"),
        _belongs_to("report_section", "meeting"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_section")),
        sa.UniqueConstraint("consultation_id", "code", name=op.f("uq_report_section_consultation_id_code")),
    )
    op.create_table(
        "report_pick",
        sa.Column("section_id", sa.String(length=26), nullable=True),
        sa.Column("takeaway_id", sa.String(length=26), nullable=True),
        sa.Column("revision_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "(section_id IS NULL) <> (takeaway_id IS NULL)", name=op.f("ck_report_pick_for_one_place")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["report_section.id"], name=op.f("fk_report_pick_section_id"), ondelete="CASCADE"
        ),
        _belongs_to("report_pick", "takeaway"),
        _belongs_to("report_pick", "revision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_pick")),
        sa.UniqueConstraint("section_id", "revision_id", name=op.f("uq_report_pick_section_id_revision_id")),
        sa.UniqueConstraint(
            "takeaway_id", "revision_id", name=op.f("uq_report_pick_takeaway_id_revision_id")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_report_pick_revision_id"), "report_pick", ["revision_id"])


def _readers() -> None:
    op.create_table(
        "edition_reader",
        sa.Column("edition_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=26), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_edition_reader_expires")),
        _belongs_to("edition_reader", "edition"),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_edition_reader_made_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_reader")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_edition_reader_secret_hash")),
    )
    op.create_index(op.f("ix_edition_reader_edition_id"), "edition_reader", ["edition_id"])
    op.create_table(
        "edition_opening",
        sa.Column("reader_id", sa.String(length=26), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["reader_id"],
            ["edition_reader.id"],
            name=op.f("fk_edition_opening_reader_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_opening")),
    )
    op.create_index(op.f("ix_edition_opening_reader_id"), "edition_opening", ["reader_id"])


def _belongs_to(table: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{other}_id")
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=name, ondelete="CASCADE")
