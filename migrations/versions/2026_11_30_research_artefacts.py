"""What a study comes to: codebook history, reviews, insights, hypotheses, sources, gists and stories of jobs."""

import pgvector.sqlalchemy
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


SEARCH_CONFIGURATIONS = """
    ar:arabic ca:catalan da:danish de:german el:greek en:english
    es:spanish eu:basque fi:finnish fr:french ga:irish hi:hindi
    hu:hungarian hy:armenian id:indonesian it:italian lt:lithuanian ne:nepali
    nl:dutch no:norwegian pt:portuguese ro:romanian ru:russian sr:serbian
    sv:swedish ta:tamil tr:turkish yi:yiddish
"""
WORDS = "CASE language {} ELSE to_tsvector('simple'::regconfig, text) END".format(
    " ".join(
        "WHEN '{}' THEN to_tsvector('{}'::regconfig, text)".format(*pair.split(":"))
        for pair in SEARCH_CONFIGURATIONS.split()
    )
)
TABLES = (
    "tagging_review",
    "passage_gist",
    "job_record_entry",
    "insight_evidence",
    "hypothesis_evidence",
    "source_chunk",
    "job_record",
    "source_version",
    "hypothesis_verdict",
    "source",
    "insight",
    "hypothesis",
    "code_change",
)


def upgrade() -> None:
    op.create_table(
        "code_change",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "action IN ('create', 'edit', 'merge', 'split', 'retire', 'restore', 'import')",
            name=op.f("ck_code_change_action"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_code_change_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_change")),
    )
    op.create_index("ix_code_change_history", "code_change", ["study_id", "created_at", "id"], unique=False)
    op.create_table(
        "hypothesis",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("codes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("polarity", sa.Text(), nullable=False),
        sa.Column("segments", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("polarity IN ('affirmed', 'denied')", name=op.f("ck_hypothesis_polarity")),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_hypothesis_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hypothesis")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_hypothesis_study_id_code")),
    )
    op.create_table(
        "insight",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("segments", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("theme", sa.Text(), nullable=True),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("evidence_given", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("evidence_linked", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("embedding", pgvector.sqlalchemy.halfvec.HALFVEC(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'confirmed', 'retired')", name=op.f("ck_insight_status")),
        sa.ForeignKeyConstraint(["model_id"], ["embedding_model.id"], name=op.f("fk_insight_model_id_embedding_model")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_insight_study_id_study"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_insight_study_id_code")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("competitor", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('competitor', 'article', 'report', 'review', 'other')", name=op.f("ck_source_kind")
        ),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_source_study_id_study"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_source_study_id_code")),
    )
    op.create_index(op.f("ix_source_version_id"), "source", ["version_id"], unique=False)
    op.create_table(
        "hypothesis_verdict",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("hypothesis_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rule", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("judge", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('supported', 'contradicted', 'mixed', 'untested')", name=op.f("ck_hypothesis_verdict_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["hypothesis_id"],
            ["hypothesis.id"],
            name=op.f("fk_hypothesis_verdict_hypothesis_id_hypothesis"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hypothesis_verdict")),
    )
    op.create_index(
        "ix_hypothesis_verdict_history", "hypothesis_verdict", ["hypothesis_id", "created_at"], unique=False
    )
    op.create_table(
        "source_version",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("extractor", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_source_version_source_id_source"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_source_version_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_version")),
        sa.UniqueConstraint("source_id", "sha256", name=op.f("uq_source_version_source_id_sha256")),
        sa.UniqueConstraint("source_id", "version", name=op.f("uq_source_version_source_id_version")),
    )
    op.create_foreign_key(
        op.f("fk_source_version_id_source_version"),
        "source",
        "source_version",
        ["version_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index(op.f("ix_source_version_study_id"), "source_version", ["study_id"], unique=False)
    op.create_table(
        "job_record",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("transcript_id", sa.Uuid(), nullable=False),
        sa.Column("chat_model", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_job_record_study_id_study"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["transcript_id"],
            ["transcript.id"],
            name=op.f("fk_job_record_transcript_id_transcript"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_record")),
        sa.UniqueConstraint("transcript_id", name=op.f("uq_job_record_transcript_id")),
    )
    op.create_index(op.f("ix_job_record_study_id"), "job_record", ["study_id"], unique=False)
    op.create_table(
        "source_chunk",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("embedding", pgvector.sqlalchemy.halfvec.HALFVEC(), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), sa.Computed(WORDS, persisted=True), nullable=False),
        sa.CheckConstraint('0 <= start AND start < "end"', name=op.f("ck_source_chunk_span")),
        sa.ForeignKeyConstraint(
            ["model_id"], ["embedding_model.id"], name=op.f("fk_source_chunk_model_id_embedding_model")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_source_chunk_study_id_study"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["source_version.id"],
            name=op.f("fk_source_chunk_version_id_source_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_chunk")),
        sa.UniqueConstraint("version_id", "index", name=op.f("uq_source_chunk_version_id_index")),
    )
    op.create_index(op.f("ix_source_chunk_model_id"), "source_chunk", ["model_id"], unique=False)
    op.create_index(op.f("ix_source_chunk_study_id"), "source_chunk", ["study_id"], unique=False)
    op.create_index("ix_source_chunk_words", "source_chunk", ["words"], unique=False, postgresql_using="gin")
    op.create_table(
        "hypothesis_evidence",
        sa.Column("verdict_id", sa.Uuid(), nullable=False),
        sa.Column("utterance_id", sa.Uuid(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.CheckConstraint("stance IN ('for', 'against')", name=op.f("ck_hypothesis_evidence_stance")),
        sa.CheckConstraint('0 <= start AND start < "end"', name=op.f("ck_hypothesis_evidence_span")),
        sa.ForeignKeyConstraint(
            ["utterance_id"],
            ["utterance.id"],
            name=op.f("fk_hypothesis_evidence_utterance_id_utterance"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["verdict_id"],
            ["hypothesis_verdict.id"],
            name=op.f("fk_hypothesis_evidence_verdict_id_hypothesis_verdict"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("verdict_id", "utterance_id", "start", "end", name=op.f("pk_hypothesis_evidence")),
    )
    op.create_index(op.f("ix_hypothesis_evidence_utterance_id"), "hypothesis_evidence", ["utterance_id"], unique=False)
    op.create_table(
        "insight_evidence",
        sa.Column("insight_id", sa.Uuid(), nullable=False),
        sa.Column("utterance_id", sa.Uuid(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.CheckConstraint("stance IN ('for', 'against')", name=op.f("ck_insight_evidence_stance")),
        sa.CheckConstraint('0 <= start AND start < "end"', name=op.f("ck_insight_evidence_span")),
        sa.ForeignKeyConstraint(
            ["insight_id"], ["insight.id"], name=op.f("fk_insight_evidence_insight_id_insight"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["utterance_id"],
            ["utterance.id"],
            name=op.f("fk_insight_evidence_utterance_id_utterance"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("insight_id", "utterance_id", "start", "end", name=op.f("pk_insight_evidence")),
    )
    op.create_index(op.f("ix_insight_evidence_utterance_id"), "insight_evidence", ["utterance_id"], unique=False)
    op.create_table(
        "job_record_entry",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("utterance_id", sa.Uuid(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "field IN ('push', 'pull', 'anxiety', 'habit', 'first_thought', 'passive_looking', 'active_looking', 'deciding', 'first_use', 'hired', 'fired', 'considered')",
            name=op.f("ck_job_record_entry_field"),
        ),
        sa.CheckConstraint('0 <= start AND start < "end"', name=op.f("ck_job_record_entry_span")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["job_record.id"], name=op.f("fk_job_record_entry_record_id_job_record"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["utterance_id"],
            ["utterance.id"],
            name=op.f("fk_job_record_entry_utterance_id_utterance"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_record_entry")),
        sa.UniqueConstraint("record_id", "field", "place", name=op.f("uq_job_record_entry_record_id_field_place")),
    )
    op.create_index(op.f("ix_job_record_entry_utterance_id"), "job_record_entry", ["utterance_id"], unique=False)
    op.create_table(
        "passage_gist",
        sa.Column("utterance_id", sa.Uuid(), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("chat_model", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("embedding", pgvector.sqlalchemy.halfvec.HALFVEC(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["model_id"], ["embedding_model.id"], name=op.f("fk_passage_gist_model_id_embedding_model")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_passage_gist_study_id_study"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["utterance_id"], ["utterance.id"], name=op.f("fk_passage_gist_utterance_id_utterance"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("utterance_id", name=op.f("pk_passage_gist")),
    )
    op.create_index(op.f("ix_passage_gist_model_id"), "passage_gist", ["model_id"], unique=False)
    op.create_index(op.f("ix_passage_gist_study_id"), "passage_gist", ["study_id"], unique=False)
    op.create_table(
        "tagging_review",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("utterance_id", sa.Uuid(), nullable=False),
        sa.Column("code_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("polarity", sa.Text(), nullable=False),
        sa.Column("tagger", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("tagging_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.CheckConstraint("polarity IN ('affirmed', 'denied')", name=op.f("ck_tagging_review_polarity")),
        sa.CheckConstraint("basis IN ('person', 'rule', 'model')", name=op.f("ck_tagging_review_basis")),
        sa.CheckConstraint("verdict IN ('accepted', 'corrected', 'rejected')", name=op.f("ck_tagging_review_verdict")),
        sa.CheckConstraint('0 <= start AND start < "end"', name=op.f("ck_tagging_review_span")),
        sa.ForeignKeyConstraint(
            ["code_id"], ["code.id"], name=op.f("fk_tagging_review_code_id_code"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_tagging_review_study_id_study"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tagging_id"], ["tagging.id"], name=op.f("fk_tagging_review_tagging_id_tagging"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["utterance_id"],
            ["utterance.id"],
            name=op.f("fk_tagging_review_utterance_id_utterance"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tagging_review")),
    )
    op.create_index(op.f("ix_tagging_review_code_id"), "tagging_review", ["code_id"], unique=False)
    op.create_index("ix_tagging_review_place", "tagging_review", ["utterance_id", "code_id"], unique=False)
    op.create_index("ix_tagging_review_history", "tagging_review", ["study_id", "created_at", "id"], unique=False)
    op.create_index(op.f("ix_tagging_review_tagging_id"), "tagging_review", ["tagging_id"], unique=False)
    op.create_index("ix_tagging_confidence", "tagging", ["study_id", "confidence", "id"], unique=False)
    op.drop_index(op.f("ix_tagging_study_id"), table_name="tagging")
    op.add_column(
        "code", sa.Column("former_names", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False)
    )
    op.execute(
        "CREATE TRIGGER text_never_changes BEFORE UPDATE OF version, sha256, content, text, extractor "
        "ON source_version FOR EACH ROW EXECUTE FUNCTION never_changes()"
    )
    op.execute(
        'CREATE TRIGGER words_never_change BEFORE UPDATE OF version_id, index, start, "end", text '
        "ON source_chunk FOR EACH ROW EXECUTE FUNCTION never_changes()"
    )
    for column in ("cost", "cost_reserved"):
        op.add_column("chat_usage", sa.Column(column, sa.Double(), server_default=sa.text("0"), nullable=False))
    op.add_column("code", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("code", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.add_column("code", sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_code_merged_into"), "code", ["merged_into"], unique=False)
    op.create_foreign_key(
        op.f("fk_code_merged_into_code"), "code", "code", ["merged_into"], ["id"], ondelete="SET NULL"
    )
    op.add_column("study", sa.Column("value_scheme", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("participant", sa.Column("customer_code", sa.Text(), nullable=True))
    op.execute("UPDATE participant SET customer_code = customer.code FROM customer WHERE customer.id = customer_id")


def downgrade() -> None:
    op.drop_column("participant", "customer_code")
    for column in ("cost_reserved", "cost"):
        op.drop_column("chat_usage", column)
    op.drop_column("study", "value_scheme")
    op.drop_constraint(op.f("fk_code_merged_into_code"), "code", type_="foreignkey")
    op.drop_index(op.f("ix_code_merged_into"), table_name="code")
    for column in ("edited_at", "merged_into", "retired_at", "former_names"):
        op.drop_column("code", column)
    op.create_index(op.f("ix_tagging_study_id"), "tagging", ["study_id"], unique=False)
    op.drop_index("ix_tagging_confidence", table_name="tagging")
    op.drop_constraint(op.f("fk_source_version_id_source_version"), "source", type_="foreignkey")
    for table in TABLES:
        op.drop_table(table)
