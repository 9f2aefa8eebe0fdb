"""Identity: keys that expire and hold for single studies; rows of a study for those alone who may see it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.isolation import isolate, release

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BY_STUDY = (
    "alignment answer calibration code code_change collection customer hypothesis ingest_run insight interview job_record lexeme lexicon "
    "participant passage passage_gist recording segment source source_chunk source_version tagging tagging_review "
    "team_member transcript utterance"
).split()
BY_PARENT = (
    ("answer_citation", "answer_id", "answer"),
    ("answer_feedback", "answer_id", "answer"),
    ("collected_quote", "collection_id", "collection"),
    ("hypothesis_evidence", "utterance_id", "utterance"),
    ("hypothesis_verdict", "hypothesis_id", "hypothesis"),
    ("insight_evidence", "insight_id", "insight"),
    ("interview_participant", "interview_id", "interview"),
    ("job_record_entry", "record_id", "job_record"),
    ("quote_translation", "utterance_id", "utterance"),
    ("upload_key", "recording_id", "recording"),
)


def upgrade() -> None:
    op.add_column("api_key", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.alter_column("api_key", "role", nullable=True)
    op.create_table(
        "api_key_study",
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint("role IN ('viewer', 'researcher', 'admin')", name=op.f("ck_api_key_study_role")),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_key.id"], name=op.f("fk_api_key_study_key_id_api_key"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_api_key_study_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key_id", "study_id", name=op.f("pk_api_key_study")),
    )
    op.create_index(op.f("ix_api_key_study_study_id"), "api_key_study", ["study_id"], unique=False)
    op.create_table(
        "login_session",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=True),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("grants", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_key.id"], name=op.f("fk_login_session_key_id_api_key"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_login_session_token_sha256")),
    )
    op.create_index(op.f("ix_login_session_key_id"), "login_session", ["key_id"], unique=False)
    isolate("study", column="id")
    for table in BY_STUDY:
        isolate(table)
    for table, column, parent in BY_PARENT:
        isolate(table, column, parent)
    isolate("erasure", "study", "study", "slug", read="writable")


def downgrade() -> None:
    for table in ("erasure", "study", *BY_STUDY, *(table for table, _, _ in BY_PARENT)):
        release(table)
    op.drop_index(op.f("ix_login_session_key_id"), table_name="login_session")
    op.drop_table("login_session")
    op.drop_index(op.f("ix_api_key_study_study_id"), table_name="api_key_study")
    op.drop_table("api_key_study")
    op.execute("DELETE FROM api_key WHERE role IS NULL")
    op.alter_column("api_key", "role", nullable=False)
    op.drop_column("api_key", "expires_at")
