"""Deliveries: files that came over the web to be ingested."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.isolation import isolate, release

revision = "0021"
down_revision = "0016"
branch_labels = None
depends_on = None

STATUSES = "'checking', 'refused', 'ready', 'starting', 'running', 'finished', 'failed', 'cancelled'"


def upgrade() -> None:
    json = postgresql.JSONB(astext_type=sa.Text())
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("files", json, nullable=False),
        sa.Column("facts", json, nullable=True),
        sa.Column("plan", json, nullable=True),
        sa.Column("faults", json, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("runs", json, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("report", json, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_delivery_status")),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_delivery_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index(op.f("ix_delivery_study_id"), "delivery", ["study_id"], unique=False)
    isolate("delivery", read="writable")


def downgrade() -> None:
    release("delivery")
    op.drop_index(op.f("ix_delivery_study_id"), table_name="delivery")
    op.drop_table("delivery")
