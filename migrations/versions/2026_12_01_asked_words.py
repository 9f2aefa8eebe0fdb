"""An index of what interviewers said, so that a question that nobody answered need not be looked for everywhere."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX ix_utterance_asked ON utterance "
        "USING gin ((words || array_to_tsvector(ARRAY[CAST(study_id AS text) || language]))) "
        "WHERE role IN ('interviewer', 'interpreter')"
    )


def downgrade() -> None:
    op.drop_index("ix_utterance_asked", table_name="utterance")
