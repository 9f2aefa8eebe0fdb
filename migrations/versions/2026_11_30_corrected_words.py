"""Versions of transcripts in which a person put words right."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("transcript", sa.Column("corrects", sa.Uuid(), nullable=True))
    op.add_column("transcript", sa.Column("corrected_words", sa.LargeBinary(), nullable=True))
    op.create_foreign_key(
        op.f("fk_transcript_corrects_transcript"),
        "transcript",
        "transcript",
        ["corrects"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index(op.f("ix_transcript_corrects"), "transcript", ["corrects"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_transcript_corrects"), table_name="transcript")
    op.drop_constraint(op.f("fk_transcript_corrects_transcript"), "transcript", type_="foreignkey")
    op.drop_column("transcript", "corrected_words")
    op.drop_column("transcript", "corrects")
