"""Pseudonyms: what placeholders stand for, and who participants are, sealed."""

import sqlalchemy as sa
from alembic import op

from migrations.isolation import isolate, release

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pseudonym",
        sa.Column("utterance_id", sa.Uuid(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("keys", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint('0 <= start AND start < "end"', name=op.f("ck_pseudonym_span")),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_pseudonym_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_pseudonym_study_id_study"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["utterance_id"], ["utterance.id"], name=op.f("fk_pseudonym_utterance_id_utterance"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("utterance_id", "start", name=op.f("pk_pseudonym")),
    )
    op.create_index(op.f("ix_pseudonym_study_id"), "pseudonym", ["study_id"], unique=False)
    op.create_index("ix_pseudonym_participant_id_label", "pseudonym", ["participant_id", "label"], unique=False)
    isolate("pseudonym", read="writable")
    op.add_column("participant", sa.Column("identity", sa.LargeBinary(), nullable=True))
    op.add_column("study", sa.Column("pseudonyms", sa.Boolean(), server_default=sa.text("true"), nullable=False))


def downgrade() -> None:
    op.drop_column("study", "pseudonyms")
    op.drop_column("participant", "identity")
    release("pseudonym")
    op.drop_table("pseudonym")
