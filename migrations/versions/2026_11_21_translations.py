"""Translations of quotes, kept by what was translated and by what made them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quote_translation",
        sa.Column("utterance_id", sa.Uuid(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["utterance_id"],
            ["utterance.id"],
            name=op.f("fk_quote_translation_utterance_id_utterance"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "utterance_id", "start", "end", "language", "model", "prompt", name=op.f("pk_quote_translation")
        ),
    )


def downgrade() -> None:
    op.drop_table("quote_translation")
