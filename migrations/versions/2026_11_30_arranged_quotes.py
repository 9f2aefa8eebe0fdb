"""The places of quotes in their lists, and a note on each."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("collected_quote", sa.Column("place", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("collected_quote", sa.Column("note", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("collected_quote", "note")
    op.drop_column("collected_quote", "place")
