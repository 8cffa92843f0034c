"""The model: every table that the house began with."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consultation",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("strapline", sa.String(length=500), nullable=False),
        sa.Column("programme", sa.String(length=200), nullable=False),
        sa.Column("convenor", sa.String(length=200), nullable=False),
        sa.Column("event", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("help_contact", sa.String(length=254), nullable=False),
        sa.Column("objectives", sa.JSON(), nullable=False),
        sa.Column("stated_participants", sa.Integer(), nullable=True),
        sa.Column("stated_countries", sa.Integer(), nullable=True),
        sa.Column("country_groups", sa.JSON(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at",
            name=op.f("ck_consultation_closes_after_opening"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint("slug", name=op.f("uq_consultation_slug")),
    )
    op.create_table(
        "outbox",
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_outbox_handed_at"), "outbox", ["handed_at"], unique=False)

    op.create_table(
        "response_link",
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_response_link")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stored_file",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("window_ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_throttle_window_ends"), "throttle", ["window_ends"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("is_administrator", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("session_key", sa.String(length=26), nullable=False),
        sa.Column("single_keys", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=26), nullable=True),
        sa.Column("consultation_id", sa.String(length=26), nullable=True),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_audit_entry_user_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entry_hash")),
    )
    op.create_index(op.f("ix_audit_entry_consultation_id"), "audit_entry", ["consultation_id"], unique=False)

    op.create_table(
        "ground_rules",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "attributed",
                "confidential",
                "unlinked",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ceiling", sa.SmallInteger(), nullable=False),
        sa.Column("smallest_group", sa.Integer(), nullable=False),
        sa.Column(
            "speaker",
            sa.Enum("open", "closed", name="speaker", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "affiliation",
            sa.Enum(
                "open", "closed", name="affiliation", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "attendance",
            sa.Enum(
                "open", "closed", name="attendance", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "timing",
            sa.Enum(
                "none", "day", "minute", name="timing", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("promise", sa.JSON(), nullable=False),
        sa.Column("rules_text", sa.JSON(), nullable=False),
        sa.Column("promise_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "mode <> 'unlinked' OR timing = 'none'", name=op.f("ck_ground_rules_unlinked_has_no_time")
        ),
        sa.CheckConstraint("ceiling BETWEEN 0 AND 6", name=op.f("ck_ground_rules_ceiling")),
        sa.CheckConstraint("smallest_group >= 3", name=op.f("ck_ground_rules_smallest_group")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_ground_rules_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ground_rules")),
        sa.UniqueConstraint(
            "consultation_id", "version", name=op.f("uq_ground_rules_consultation_id_version")
        ),
        sa.UniqueConstraint("id", "ceiling", name="uq_ground_rules_ceiling"),
        sa.UniqueConstraint("id", "mode", name="uq_ground_rules_mode"),
    )
    op.create_table(
        "meeting",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("short_title", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "precision",
            sa.Enum(
                "year", "month", "day", name="precision", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("venue", sa.String(length=200), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("objectives", sa.JSON(), nullable=False),
        sa.Column("outcomes_heading", sa.String(length=120), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_meeting_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_meeting_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("consultation_id", "slug", name=op.f("uq_meeting_consultation_id_slug")),
        sa.UniqueConstraint("id", "consultation_id", name=op.f("uq_meeting_id_consultation_id")),
    )
    op.create_table(
        "participant",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("organisation", sa.String(length=300), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("role_label", sa.String(length=120), nullable=False),
        sa.Column("sector", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_participant_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("consultation_id", "email", name=op.f("uq_participant_consultation_id_email")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "question",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("open_text", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("max_length", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_question_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("consultation_id", "code", name=op.f("uq_question_consultation_id_code")),
    )
    op.create_table(
        "takeaway",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("theme_codes", sa.JSON(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_takeaway_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takeaway")),
    )
    op.create_index(op.f("ix_takeaway_consultation_id"), "takeaway", ["consultation_id"], unique=False)

    op.create_table(
        "theme",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("parent_id", sa.String(length=26), nullable=True),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("drawn_from", sa.String(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_theme_not_its_own_parent")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_theme_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id", "consultation_id"],
            ["theme.id", "theme.consultation_id"],
            name=op.f("fk_theme_parent_id_consultation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("consultation_id", "code", name=op.f("uq_theme_consultation_id_code")),
        sa.UniqueConstraint("id", "consultation_id", name=op.f("uq_theme_id_consultation_id")),
    )
    op.create_table(
        "edition",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "frozen",
                "published",
                "superseded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("ground_rules_id", sa.String(length=26), nullable=False),
        sa.Column("frozen_by", sa.String(length=26), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "(state = 'frozen') = (published_at IS NULL)", name=op.f("ck_edition_published_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_edition_consultation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["frozen_by"], ["user_account.id"], name=op.f("fk_edition_frozen_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["ground_rules_id"],
            ["ground_rules.id"],
            name=op.f("fk_edition_ground_rules_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_edition_consultation_id_number")),
    )
    op.create_index(
        "uq_edition_published",
        "edition",
        ["consultation_id"],
        unique=True,
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    )

    op.create_table(
        "imported_row",
        sa.Column("meeting_id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_imported_row_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "key", name=op.f("pk_imported_row")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "invitation",
        sa.Column("participant_id", sa.String(length=26), nullable=False),
        sa.Column("meeting_id", sa.String(length=26), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("declined", sa.Boolean(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.Column("supplementary", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_invitation_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_invitation_participant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invitation_code_hash")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_invitation_secret_hash")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_invitation_meeting_id"), "invitation", ["meeting_id"], unique=False)
    op.create_index(
        "uq_invitation_standing",
        "invitation",
        ["participant_id", "meeting_id"],
        unique=True,
        sqlite_where=sa.text("revoked = 0"),
        postgresql_where=sa.text("NOT revoked"),
    )

    op.create_table(
        "meeting_link",
        sa.Column("meeting_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "web_page",
                "programme",
                "report",
                "podcast",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=True),
        sa.Column("to_be_published", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "to_be_published = (url IS NULL)", name=op.f("ck_meeting_link_published_has_address")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_link_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_link")),
    )
    op.create_index(op.f("ix_meeting_link_meeting_id"), "meeting_link", ["meeting_id"], unique=False)

    op.create_table(
        "meeting_session",
        sa.Column("meeting_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("chair", sa.String(length=200), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_session_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_session")),
        sa.UniqueConstraint("id", "meeting_id", name=op.f("uq_meeting_session_id_meeting_id")),
    )
    op.create_index(op.f("ix_meeting_session_meeting_id"), "meeting_session", ["meeting_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("user_id", sa.String(length=26), nullable=False),
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("meeting_id", sa.String(length=26), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "programme_director",
                "rapporteur",
                "observer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "role <> 'programme_director' OR meeting_id IS NULL",
            name=op.f("ck_membership_directors_direct_all"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_membership_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_membership_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_membership_user_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index(op.f("ix_membership_consultation_id"), "membership", ["consultation_id"], unique=False)
    op.create_index(
        "uq_membership_meeting", "membership", ["user_id", "consultation_id", "meeting_id"], unique=True
    )
    op.create_index(
        "uq_membership_whole",
        "membership",
        ["user_id", "consultation_id"],
        unique=True,
        sqlite_where=sa.text("meeting_id IS NULL"),
        postgresql_where=sa.text("meeting_id IS NULL"),
    )

    op.create_table(
        "outcome",
        sa.Column("meeting_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_outcome_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
    )
    op.create_index(op.f("ix_outcome_meeting_id"), "outcome", ["meeting_id"], unique=False)

    op.create_table(
        "response",
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("meeting_id", sa.String(length=26), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "attributed",
                "confidential",
                "unlinked",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "link",
                "join_code",
                "paper",
                "import",
                "rapporteur",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ground_rules_id", sa.String(length=26), nullable=False),
        sa.Column("submission_hash", sa.String(length=64), nullable=False),
        sa.Column("receipt_hash", sa.String(length=64), nullable=False),
        sa.Column("participant_id", sa.String(length=26), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("country_group", sa.String(length=120), nullable=True),
        sa.Column("sector", sa.String(length=80), nullable=True),
        sa.Column("role_label", sa.String(length=120), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=True),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "mode <> 'unlinked' OR submitted_at IS NULL", name=op.f("ck_response_no_time_when_unlinked")
        ),
        sa.CheckConstraint(
            "mode = 'attributed' OR participant_id IS NULL",
            name=op.f("ck_response_no_person_unless_attributed"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_response_consultation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["ground_rules_id", "mode"],
            ["ground_rules.id", "ground_rules.mode"],
            name=op.f("fk_response_ground_rules_id_mode"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id", "consultation_id"],
            ["meeting.id", "meeting.consultation_id"],
            name=op.f("fk_response_meeting_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_response_participant_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_response_receipt_hash")),
        sa.UniqueConstraint("submission_hash", name=op.f("uq_response_submission_hash")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_response_meeting_id", "response", ["meeting_id"], unique=False)

    op.create_table(
        "wording",
        sa.Column("question_id", sa.String(length=26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("prompt", sa.JSON(), nullable=False),
        sa.Column("help_text", sa.JSON(), nullable=False),
        sa.Column("source_text", sa.Text(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_wording_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
        sa.UniqueConstraint("id", "question_id", name=op.f("uq_wording_id_question_id")),
        sa.UniqueConstraint("question_id", "version", name=op.f("uq_wording_question_id_version")),
    )
    op.create_table(
        "answer",
        sa.Column("response_id", sa.String(length=26), nullable=False),
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("meeting_id", sa.String(length=26), nullable=False),
        sa.Column("question_id", sa.String(length=26), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "approved",
                "rejected",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("shuffle_key", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id", "consultation_id"],
            ["meeting.id", "meeting.consultation_id"],
            name=op.f("fk_answer_meeting_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_answer_question_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_answer_response_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("response_id", "question_id", name=op.f("uq_answer_response_id_question_id")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_answer_meeting_queue", "answer", ["meeting_id", "state", "shuffle_key", "id"], unique=False
    )
    op.create_index(
        "ix_answer_queue", "answer", ["consultation_id", "state", "shuffle_key", "id"], unique=False
    )

    op.create_table(
        "asking",
        sa.Column("meeting_id", sa.String(length=26), nullable=False),
        sa.Column("question_id", sa.String(length=26), nullable=False),
        sa.Column("wording_id", sa.String(length=26), nullable=False),
        sa.Column("session_id", sa.String(length=26), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_asking_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_asking_question_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "meeting_id"],
            ["meeting_session.id", "meeting_session.meeting_id"],
            name=op.f("fk_asking_session_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["wording_id", "question_id"],
            ["wording.id", "wording.question_id"],
            name=op.f("fk_asking_wording_id_question_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asking")),
    )
    op.create_index(op.f("ix_asking_meeting_id"), "asking", ["meeting_id"], unique=False)
    op.create_index(
        "uq_asking_meeting",
        "asking",
        ["question_id", "meeting_id"],
        unique=True,
        sqlite_where=sa.text("session_id IS NULL"),
        postgresql_where=sa.text("session_id IS NULL"),
    )
    op.create_index("uq_asking_session", "asking", ["question_id", "meeting_id", "session_id"], unique=True)

    op.create_table(
        "edition_file",
        sa.Column("edition_id", sa.String(length=26), nullable=False),
        sa.Column("format", sa.String(length=16), nullable=False),
        sa.Column("file_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_file_edition_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_edition_file_file_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_file")),
        sa.UniqueConstraint("edition_id", "format", name=op.f("uq_edition_file_edition_id_format")),
    )
    op.create_table(
        "decision",
        sa.Column("answer_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "approve",
                "reject",
                "reopen",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("read_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "state_before",
            sa.Enum(
                "waiting",
                "approved",
                "rejected",
                "withdrawn",
                name="state_before",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state_after",
            sa.Enum(
                "waiting",
                "approved",
                "rejected",
                "withdrawn",
                name="state_after",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "not_for_use",
                "identifies_speaker",
                "identifies_other",
                "sensitive",
                "allegation",
                "off_topic",
                "no_answer",
                "duplicate",
                "other",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=26), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "verdict <> 'reject' OR reason IS NOT NULL", name=op.f("ck_decision_rejection_has_reason")
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_decision_answer_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_decision_decided_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("answer_id", "number", name=op.f("uq_decision_answer_id_number")),
    )
    op.create_table(
        "revision",
        sa.Column("answer_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("wording_id", sa.String(length=26), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("choices", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("attribution", sa.SmallInteger(), nullable=False),
        sa.Column("ground_rules_id", sa.String(length=26), nullable=False),
        sa.Column("ceiling", sa.SmallInteger(), nullable=False),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("search_key", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "attribution <= ceiling OR waived_at IS NOT NULL", name=op.f("ck_revision_under_the_ceiling")
        ),
        sa.CheckConstraint("attribution BETWEEN 0 AND 6", name=op.f("ck_revision_attribution")),
        sa.CheckConstraint(
            "text IS NOT NULL OR choices IS NOT NULL", name=op.f("ck_revision_says_something")
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_revision_answer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["ground_rules_id", "ceiling"],
            ["ground_rules.id", "ground_rules.ceiling"],
            name=op.f("fk_revision_ground_rules_id_ceiling"),
        ),
        sa.ForeignKeyConstraint(
            ["wording_id"], ["wording.id"], name=op.f("fk_revision_wording_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("answer_id", "number", name=op.f("uq_revision_answer_id_number")),
        sa.UniqueConstraint("search_key", name=op.f("uq_revision_search_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_revision_current",
        "revision",
        ["answer_id"],
        unique=True,
        sqlite_where=sa.text("current = 1"),
        postgresql_where=sa.text("current"),
    )

    op.create_table(
        "coding",
        sa.Column("revision_id", sa.String(length=26), nullable=False),
        sa.Column("theme_id", sa.String(length=26), nullable=False),
        sa.Column("coder_id", sa.String(length=26), nullable=True),
        sa.Column("machine", sa.String(length=80), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "confirmed",
                "suggested",
                "removed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("starts", sa.Integer(), nullable=True),
        sa.Column("ends", sa.Integer(), nullable=True),
        sa.Column("coded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("(coder_id IS NULL) <> (machine IS NULL)", name=op.f("ck_coding_one_coder")),
        sa.CheckConstraint("(starts IS NULL) = (ends IS NULL)", name=op.f("ck_coding_whole_span")),
        sa.CheckConstraint("starts IS NULL OR (starts >= 0 AND ends > starts)", name=op.f("ck_coding_span")),
        sa.ForeignKeyConstraint(
            ["coder_id"], ["user_account.id"], name=op.f("fk_coding_coder_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_coding_revision_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["theme.id"], name=op.f("fk_coding_theme_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_coding_revision_id"), "coding", ["revision_id"], unique=False)
    op.create_index("ix_coding_theme_id", "coding", ["theme_id", "state"], unique=False)
    op.create_index(
        "uq_coding_whole_answer",
        "coding",
        ["revision_id", "theme_id", "coder_id"],
        unique=True,
        sqlite_where=sa.text("state = 'confirmed' AND starts IS NULL"),
        postgresql_where=sa.text("state = 'confirmed' AND starts IS NULL"),
    )

    op.create_table(
        "published_case",
        sa.Column("revision_id", sa.String(length=26), nullable=False),
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("meeting_id", sa.String(length=26), nullable=False),
        sa.Column("question_id", sa.String(length=26), nullable=False),
        sa.Column("choices", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("counts_as_participant", sa.Boolean(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("country_group", sa.String(length=120), nullable=True),
        sa.Column("sector", sa.String(length=80), nullable=True),
        sa.Column("role_label", sa.String(length=120), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_published_case_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_published_case_question_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_published_case_revision_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_published_case")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_published_case_meeting_id"), "published_case", ["meeting_id"], unique=False)
    op.create_index(
        "ix_published_case_scope",
        "published_case",
        ["consultation_id", "meeting_id", "question_id"],
        unique=False,
    )

    op.create_table(
        "published_text",
        sa.Column("revision_id", sa.String(length=26), nullable=False),
        sa.Column("consultation_id", sa.String(length=26), nullable=False),
        sa.Column("meeting_id", sa.String(length=26), nullable=False),
        sa.Column("question_id", sa.String(length=26), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("attribution", sa.String(length=32), nullable=False),
        sa.Column("attribution_line", sa.String(length=300), nullable=False),
        sa.Column("shuffle_key", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_published_text_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_published_text_question_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_published_text_revision_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_published_text")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_published_text_meeting_id"), "published_text", ["meeting_id"], unique=False)
    op.create_index(
        "ix_published_text_order", "published_text", ["consultation_id", "shuffle_key"], unique=False
    )

    op.create_table(
        "redaction",
        sa.Column("decision_id", sa.String(length=26), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "identifies_speaker",
                "identifies_other",
                "affiliation",
                "place_or_time",
                "sensitive",
                "allegation",
                "off_topic",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("starts >= 0 AND ends > starts", name=op.f("ck_redaction_span")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_redaction_decision_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redaction")),
        sa.UniqueConstraint("decision_id", "starts", name=op.f("uq_redaction_decision_id_starts")),
    )


def downgrade() -> None:
    op.drop_table("redaction")
    op.drop_index("ix_published_text_order", table_name="published_text")
    op.drop_index(op.f("ix_published_text_meeting_id"), table_name="published_text")

    op.drop_table("published_text")
    op.drop_index("ix_published_case_scope", table_name="published_case")
    op.drop_index(op.f("ix_published_case_meeting_id"), table_name="published_case")

    op.drop_table("published_case")
    op.drop_index(
        "uq_coding_whole_answer",
        table_name="coding",
        sqlite_where=sa.text("state = 'confirmed' AND starts IS NULL"),
        postgresql_where=sa.text("state = 'confirmed' AND starts IS NULL"),
    )
    op.drop_index("ix_coding_theme_id", table_name="coding")
    op.drop_index(op.f("ix_coding_revision_id"), table_name="coding")

    op.drop_table("coding")
    op.drop_index(
        "uq_revision_current",
        table_name="revision",
        sqlite_where=sa.text("current = 1"),
        postgresql_where=sa.text("current"),
    )

    op.drop_table("revision")
    op.drop_table("decision")
    op.drop_table("edition_file")
    op.drop_index("uq_asking_session", table_name="asking")
    op.drop_index(
        "uq_asking_meeting",
        table_name="asking",
        sqlite_where=sa.text("session_id IS NULL"),
        postgresql_where=sa.text("session_id IS NULL"),
    )
    op.drop_index(op.f("ix_asking_meeting_id"), table_name="asking")

    op.drop_table("asking")
    op.drop_index("ix_answer_queue", table_name="answer")
    op.drop_index("ix_answer_meeting_queue", table_name="answer")

    op.drop_table("answer")
    op.drop_table("wording")
    op.drop_index("ix_response_meeting_id", table_name="response")

    op.drop_table("response")
    op.drop_index(op.f("ix_outcome_meeting_id"), table_name="outcome")

    op.drop_table("outcome")
    op.drop_index(
        "uq_membership_whole",
        table_name="membership",
        sqlite_where=sa.text("meeting_id IS NULL"),
        postgresql_where=sa.text("meeting_id IS NULL"),
    )
    op.drop_index("uq_membership_meeting", table_name="membership")
    op.drop_index(op.f("ix_membership_consultation_id"), table_name="membership")

    op.drop_table("membership")
    op.drop_index(op.f("ix_meeting_session_meeting_id"), table_name="meeting_session")

    op.drop_table("meeting_session")
    op.drop_index(op.f("ix_meeting_link_meeting_id"), table_name="meeting_link")

    op.drop_table("meeting_link")
    op.drop_index(
        "uq_invitation_standing",
        table_name="invitation",
        sqlite_where=sa.text("revoked = 0"),
        postgresql_where=sa.text("NOT revoked"),
    )
    op.drop_index(op.f("ix_invitation_meeting_id"), table_name="invitation")

    op.drop_table("invitation")
    op.drop_table("imported_row")
    op.drop_index(
        "uq_edition_published",
        table_name="edition",
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    )

    op.drop_table("edition")
    op.drop_table("theme")
    op.drop_index(op.f("ix_takeaway_consultation_id"), table_name="takeaway")

    op.drop_table("takeaway")
    op.drop_table("question")
    op.drop_table("participant")
    op.drop_table("meeting")
    op.drop_table("ground_rules")
    op.drop_index(op.f("ix_audit_entry_consultation_id"), table_name="audit_entry")

    op.drop_table("audit_entry")
    op.drop_table("user_account")
    op.drop_index(op.f("ix_throttle_window_ends"), table_name="throttle")

    op.drop_table("throttle")
    op.drop_table("stored_file")
    op.drop_table("response_link")
    op.drop_index(op.f("ix_outbox_handed_at"), table_name="outbox")

    op.drop_table("outbox")
    op.drop_table("consultation")
