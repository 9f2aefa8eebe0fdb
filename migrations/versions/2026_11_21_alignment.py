"""Transcripts whose times come from the recording: what was heard there; what a published run warns of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WORDS = "transcript_id, index, text"


def upgrade() -> None:
    op.create_table(
        "alignment",
        sa.Column("transcript_id", sa.Uuid(), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("made_from", sa.Text(), nullable=False),
        sa.Column("maker", sa.Text(), nullable=False),
        sa.Column("heard", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_alignment_study_id_study"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["transcript_id"],
            ["transcript.id"],
            name=op.f("fk_alignment_transcript_id_transcript"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("transcript_id", name=op.f("pk_alignment")),
    )
    op.create_index(op.f("ix_alignment_study_id"), "alignment", ["study_id"], unique=False)
    op.add_column(
        "ingest_run",
        sa.Column("warnings", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    _protect(WORDS)


def downgrade() -> None:
    _protect(f"{WORDS}, start_ms, end_ms, cues")
    op.drop_column("ingest_run", "warnings")
    op.drop_table("alignment")


def _protect(columns: str) -> None:
    """Let nobody change these columns of an utterance."""
    op.execute("DROP TRIGGER words_never_change ON utterance")
    op.execute(
        f"CREATE TRIGGER words_never_change BEFORE UPDATE OF {columns} "
        "ON utterance FOR EACH ROW EXECUTE FUNCTION never_changes()"
    )
