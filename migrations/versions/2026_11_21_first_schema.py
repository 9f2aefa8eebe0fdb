"""First schema: study to answer, utterances whose words never change."""

import pgvector.sqlalchemy
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NEVER_CHANGES = """
CREATE FUNCTION never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was said never changes: make a new transcript version' USING ERRCODE = 'restrict_violation';
END $$
"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS vector")
    op.create_table(
        "api_key",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("secret_sha256", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('viewer', 'researcher', 'admin')", name=op.f("ck_api_key_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("identifier", name=op.f("uq_api_key_identifier")),
    )
    op.create_table(
        "embedding_model",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("dimension", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_embedding_model")),
        sa.UniqueConstraint("name", "revision", "dimension", name=op.f("uq_embedding_model_name_revision_dimension")),
    )
    op.create_index(
        "uq_embedding_model_active", "embedding_model", ["active"], unique=True, postgresql_where=sa.text("active")
    )
    op.create_table(
        "study",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("languages", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("competitors", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
        sa.UniqueConstraint("slug", name=op.f("uq_study_slug")),
    )
    op.create_table(
        "answer",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_answer_study_id_study"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    op.create_index(op.f("ix_answer_study_id"), "answer", ["study_id"], unique=False)
    op.create_table(
        "calibration",
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("sizes", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("strong", sa.ARRAY(sa.Double()), nullable=False),
        sa.Column("fair", sa.ARRAY(sa.Double()), nullable=False),
        sa.ForeignKeyConstraint(
            ["model_id"], ["embedding_model.id"], name=op.f("fk_calibration_model_id_embedding_model")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_calibration_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("study_id", "model_id", name=op.f("pk_calibration")),
    )
    op.create_table(
        "code",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("labels", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("examples", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("embedding", pgvector.sqlalchemy.halfvec.HALFVEC(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('profile', 'context', 'trigger', 'job_functional', 'job_emotional', 'job_social', 'push', 'pull', 'anxiety', 'habit', 'alternative', 'criterion', 'tradeoff', 'decision', 'aha', 'success', 'problem', 'disappointment', 'routine', 'competitor_reason')",
            name=op.f("ck_code_kind"),
        ),
        sa.ForeignKeyConstraint(["model_id"], ["embedding_model.id"], name=op.f("fk_code_model_id_embedding_model")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_code_study_id_study"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_code_study_id_code")),
    )
    op.create_index(op.f("ix_code_study_id"), "code", ["study_id"], unique=False)
    op.create_table(
        "customer",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("first_purchase", sa.Date(), nullable=True),
        sa.Column("purchases", sa.Integer(), nullable=True),
        sa.Column("revenue_eur", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("ltv_eur", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("band", sa.Text(), nullable=True),
        sa.Column("abcd_class", sa.Text(), nullable=True),
        sa.Column("attributes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_customer_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_customer_study_id_code")),
    )
    op.create_index(op.f("ix_customer_study_id"), "customer", ["study_id"], unique=False)
    op.create_table(
        "interview",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("interviewer", sa.Text(), nullable=True),
        sa.Column("interviewer_language", sa.Text(), nullable=True),
        sa.Column("speakers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("consent", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("transcript_id", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("mode IN ('direct', 'interpreted')", name=op.f("ck_interview_mode")),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_interview_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_interview_study_id_code")),
    )
    op.create_index(op.f("ix_interview_study_id"), "interview", ["study_id"], unique=False)
    op.create_index(op.f("ix_interview_transcript_id"), "interview", ["transcript_id"], unique=False)
    op.create_table(
        "segment",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("labels", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("aliases", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("criteria", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_segment_study_id_study"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("study_id", "slug", name=op.f("uq_segment_study_id_slug")),
    )
    op.create_index(op.f("ix_segment_study_id"), "segment", ["study_id"], unique=False)
    op.create_table(
        "team_member",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_team_member_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_team_member_study_id_code")),
    )
    op.create_index(op.f("ix_team_member_study_id"), "team_member", ["study_id"], unique=False)
    op.create_table(
        "ingest_run",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status IN ('queued', 'running', 'published', 'failed')", name=op.f("ck_ingest_run_status")),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_ingest_run_interview_id_interview"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_ingest_run_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ingest_run")),
        sa.UniqueConstraint("interview_id", "fingerprint", name=op.f("uq_ingest_run_interview_id_fingerprint")),
    )
    op.create_index(op.f("ix_ingest_run_study_id"), "ingest_run", ["study_id"], unique=False)
    op.create_table(
        "participant",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("segment_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("attributes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_participant_customer_id_customer"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name=op.f("fk_participant_segment_id_segment"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_participant_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_participant_study_id_code")),
    )
    op.create_index(op.f("ix_participant_customer_id"), "participant", ["customer_id"], unique=False)
    op.create_index(op.f("ix_participant_segment_id"), "participant", ["segment_id"], unique=False)
    op.create_index(op.f("ix_participant_study_id"), "participant", ["study_id"], unique=False)
    op.create_table(
        "recording",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_recording_interview_id_interview"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_recording_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
        sa.UniqueConstraint("interview_id", "sha256", name=op.f("uq_recording_interview_id_sha256")),
    )
    op.create_index(op.f("ix_recording_study_id"), "recording", ["study_id"], unique=False)
    op.create_table(
        "transcript",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("maker", sa.Text(), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_sha256", sa.Text(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_transcript_interview_id_interview"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_transcript_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcript")),
        sa.UniqueConstraint("interview_id", "fingerprint", name=op.f("uq_transcript_interview_id_fingerprint")),
        sa.UniqueConstraint("interview_id", "version", name=op.f("uq_transcript_interview_id_version")),
    )
    op.create_index(op.f("ix_transcript_study_id"), "transcript", ["study_id"], unique=False)
    op.create_table(
        "interview_participant",
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_interview_participant_interview_id_interview"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_interview_participant_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("interview_id", "participant_id", name=op.f("pk_interview_participant")),
    )
    op.create_index(
        op.f("ix_interview_participant_participant_id"), "interview_participant", ["participant_id"], unique=False
    )
    op.create_table(
        "utterance",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("transcript_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("role_basis", sa.Text(), nullable=False),
        sa.Column("role_confidence", sa.Double(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("language_confidence", sa.Double(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=True),
        sa.Column("end_ms", sa.Integer(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("cues", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "words",
            postgresql.TSVECTOR(),
            sa.Computed(
                "CASE language WHEN 'ar' THEN to_tsvector('arabic'::regconfig, text) WHEN 'ca' THEN to_tsvector('catalan'::regconfig, text) WHEN 'da' THEN to_tsvector('danish'::regconfig, text) WHEN 'de' THEN to_tsvector('german'::regconfig, text) WHEN 'el' THEN to_tsvector('greek'::regconfig, text) WHEN 'en' THEN to_tsvector('english'::regconfig, text) WHEN 'es' THEN to_tsvector('spanish'::regconfig, text) WHEN 'eu' THEN to_tsvector('basque'::regconfig, text) WHEN 'fi' THEN to_tsvector('finnish'::regconfig, text) WHEN 'fr' THEN to_tsvector('french'::regconfig, text) WHEN 'ga' THEN to_tsvector('irish'::regconfig, text) WHEN 'hi' THEN to_tsvector('hindi'::regconfig, text) WHEN 'hu' THEN to_tsvector('hungarian'::regconfig, text) WHEN 'hy' THEN to_tsvector('armenian'::regconfig, text) WHEN 'id' THEN to_tsvector('indonesian'::regconfig, text) WHEN 'it' THEN to_tsvector('italian'::regconfig, text) WHEN 'lt' THEN to_tsvector('lithuanian'::regconfig, text) WHEN 'ne' THEN to_tsvector('nepali'::regconfig, text) WHEN 'nl' THEN to_tsvector('dutch'::regconfig, text) WHEN 'no' THEN to_tsvector('norwegian'::regconfig, text) WHEN 'pt' THEN to_tsvector('portuguese'::regconfig, text) WHEN 'ro' THEN to_tsvector('romanian'::regconfig, text) WHEN 'ru' THEN to_tsvector('russian'::regconfig, text) WHEN 'sr' THEN to_tsvector('serbian'::regconfig, text) WHEN 'sv' THEN to_tsvector('swedish'::regconfig, text) WHEN 'ta' THEN to_tsvector('tamil'::regconfig, text) WHEN 'tr' THEN to_tsvector('turkish'::regconfig, text) WHEN 'yi' THEN to_tsvector('yiddish'::regconfig, text) ELSE to_tsvector('simple'::regconfig, text) END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "role <> 'participant' OR participant_id IS NOT NULL", name=op.f("ck_utterance_participant_is_known")
        ),
        sa.CheckConstraint(
            "role IN ('participant', 'interviewer', 'interpreter', 'other', 'unknown')", name=op.f("ck_utterance_role")
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_utterance_interview_id_interview"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_utterance_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_utterance_study_id_study"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["transcript_id"], ["transcript.id"], name=op.f("fk_utterance_transcript_id_transcript"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_utterance")),
        sa.UniqueConstraint("transcript_id", "index", name=op.f("uq_utterance_transcript_id_index")),
    )
    op.create_index(op.f("ix_utterance_interview_id"), "utterance", ["interview_id"], unique=False)
    op.create_index(op.f("ix_utterance_participant_id"), "utterance", ["participant_id"], unique=False)
    op.create_index(op.f("ix_utterance_study_id"), "utterance", ["study_id"], unique=False)
    op.create_index(
        "ix_utterance_words",
        "utterance",
        ["words"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("role = 'participant'"),
    )
    op.create_table(
        "answer_citation",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("utterance_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_answer_citation_answer_id_answer"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["utterance_id"],
            ["utterance.id"],
            name=op.f("fk_answer_citation_utterance_id_utterance"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("answer_id", "n", name=op.f("pk_answer_citation")),
    )
    op.create_index(op.f("ix_answer_citation_utterance_id"), "answer_citation", ["utterance_id"], unique=False)
    op.create_table(
        "passage",
        sa.Column("utterance_id", sa.Uuid(), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("embedding", pgvector.sqlalchemy.halfvec.HALFVEC(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_passage_interview_id_interview"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["model_id"], ["embedding_model.id"], name=op.f("fk_passage_model_id_embedding_model")),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_passage_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["utterance.id"], name=op.f("fk_passage_question_id_utterance"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_passage_study_id_study"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["utterance_id"], ["utterance.id"], name=op.f("fk_passage_utterance_id_utterance"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("utterance_id", name=op.f("pk_passage")),
    )
    op.create_index(op.f("ix_passage_interview_id"), "passage", ["interview_id"], unique=False)
    op.create_index(op.f("ix_passage_model_id"), "passage", ["model_id"], unique=False)
    op.create_index(op.f("ix_passage_participant_id"), "passage", ["participant_id"], unique=False)
    op.create_index("ix_passage_scope", "passage", ["study_id", "language"], unique=False)
    op.create_table(
        "tagging",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("utterance_id", sa.Uuid(), nullable=False),
        sa.Column("code_id", sa.Uuid(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("polarity", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("basis IN ('person', 'rule', 'model')", name=op.f("ck_tagging_basis")),
        sa.CheckConstraint("polarity IN ('affirmed', 'denied')", name=op.f("ck_tagging_polarity")),
        sa.CheckConstraint('0 <= start AND start < "end"', name=op.f("ck_tagging_span")),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_tagging_confidence")),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name=op.f("fk_tagging_code_id_code"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_tagging_study_id_study"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["utterance_id"], ["utterance.id"], name=op.f("fk_tagging_utterance_id_utterance"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tagging")),
        sa.UniqueConstraint(
            "utterance_id",
            "code_id",
            "author",
            "start",
            "end",
            name=op.f("uq_tagging_utterance_id_code_id_author_start_end"),
        ),
    )
    op.create_index(op.f("ix_tagging_code_id"), "tagging", ["code_id"], unique=False)
    op.create_index(op.f("ix_tagging_study_id"), "tagging", ["study_id"], unique=False)
    op.create_foreign_key(
        "fk_interview_transcript_id_transcript",
        "interview",
        "transcript",
        ["transcript_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.execute(NEVER_CHANGES)
    op.execute(
        "CREATE TRIGGER words_never_change BEFORE UPDATE OF transcript_id, index, text, start_ms, end_ms, cues "
        "ON utterance FOR EACH ROW EXECUTE FUNCTION never_changes()"
    )
    op.execute(
        "CREATE TRIGGER version_never_changes BEFORE UPDATE ON transcript FOR EACH ROW EXECUTE FUNCTION never_changes()"
    )


def downgrade() -> None:
    op.drop_constraint("fk_interview_transcript_id_transcript", "interview", type_="foreignkey")
    op.drop_index(op.f("ix_tagging_study_id"), table_name="tagging")
    op.drop_index(op.f("ix_tagging_code_id"), table_name="tagging")
    op.drop_table("tagging")
    op.drop_index("ix_passage_scope", table_name="passage")
    op.drop_index(op.f("ix_passage_participant_id"), table_name="passage")
    op.drop_index(op.f("ix_passage_model_id"), table_name="passage")
    op.drop_index(op.f("ix_passage_interview_id"), table_name="passage")
    op.drop_table("passage")
    op.drop_index(op.f("ix_answer_citation_utterance_id"), table_name="answer_citation")
    op.drop_table("answer_citation")
    op.drop_index(
        "ix_utterance_words",
        table_name="utterance",
        postgresql_using="gin",
        postgresql_where=sa.text("role = 'participant'"),
    )
    op.drop_index(op.f("ix_utterance_study_id"), table_name="utterance")
    op.drop_index(op.f("ix_utterance_participant_id"), table_name="utterance")
    op.drop_index(op.f("ix_utterance_interview_id"), table_name="utterance")
    op.drop_table("utterance")
    op.drop_index(op.f("ix_interview_participant_participant_id"), table_name="interview_participant")
    op.drop_table("interview_participant")
    op.drop_index(op.f("ix_transcript_study_id"), table_name="transcript")
    op.drop_table("transcript")
    op.drop_index(op.f("ix_recording_study_id"), table_name="recording")
    op.drop_table("recording")
    op.drop_index(op.f("ix_participant_study_id"), table_name="participant")
    op.drop_index(op.f("ix_participant_segment_id"), table_name="participant")
    op.drop_index(op.f("ix_participant_customer_id"), table_name="participant")
    op.drop_table("participant")
    op.drop_index(op.f("ix_ingest_run_study_id"), table_name="ingest_run")
    op.drop_table("ingest_run")
    op.drop_index(op.f("ix_team_member_study_id"), table_name="team_member")
    op.drop_table("team_member")
    op.drop_index(op.f("ix_segment_study_id"), table_name="segment")
    op.drop_table("segment")
    op.drop_index(op.f("ix_interview_transcript_id"), table_name="interview")
    op.drop_index(op.f("ix_interview_study_id"), table_name="interview")
    op.drop_table("interview")
    op.drop_index(op.f("ix_customer_study_id"), table_name="customer")
    op.drop_table("customer")
    op.drop_index(op.f("ix_code_study_id"), table_name="code")
    op.drop_table("code")
    op.drop_table("calibration")
    op.drop_index(op.f("ix_answer_study_id"), table_name="answer")
    op.drop_table("answer")
    op.drop_table("study")
    op.drop_index("uq_embedding_model_active", table_name="embedding_model", postgresql_where=sa.text("active"))
    op.drop_table("embedding_model")
    op.drop_table("api_key")
    op.execute("DROP FUNCTION never_changes")
