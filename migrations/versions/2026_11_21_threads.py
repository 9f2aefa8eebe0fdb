"""Threads: the answers of a thread are found without reading all answers of the study."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_answer_thread", "answer", ["study_id", sa.text("(body ->> 'thread_id')"), "created_at"])


def downgrade() -> None:
    op.drop_index("ix_answer_thread", "answer")
