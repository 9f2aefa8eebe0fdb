"""Erasures: their receipts, and keyed hashes of what was erased."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NEVER_CHANGES = "CREATE TRIGGER version_never_changes BEFORE UPDATE ON transcript FOR EACH ROW {when} EXECUTE FUNCTION never_changes()"


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("receipt", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("files", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_table(
        "erased_subject",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("erasure_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('participant', 'interview', 'customer', 'file')", name=op.f("ck_erased_subject_kind")
        ),
        sa.ForeignKeyConstraint(
            ["erasure_id"], ["erasure.id"], name=op.f("fk_erased_subject_erasure_id_erasure"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_erased_subject")),
    )
    op.create_index(op.f("ix_erased_subject_erasure_id"), "erased_subject", ["erasure_id"], unique=False)
    # The file of a version may be emptied, and nothing else of a version may change.
    op.execute("DROP TRIGGER version_never_changes ON transcript")
    op.execute(NEVER_CHANGES.format(when="WHEN (NEW.source <> ''::bytea)"))


def downgrade() -> None:
    op.execute("DROP TRIGGER version_never_changes ON transcript")
    op.execute(NEVER_CHANGES.format(when=""))
    op.drop_table("erased_subject")
    op.drop_table("erasure")
