"""Consent: what each use takes, asked in one place; and who gave or withdrew it when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.isolation import isolate, release

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

CONSENTS_TO = """
CREATE FUNCTION consents_to(consent jsonb, use text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(consent -> use, to_jsonb(use <> 'marketing')) = 'true'::jsonb
    AND (use <> 'marketing' OR coalesce(consent -> 'quotes', 'true'::jsonb) = 'true'::jsonb)
    AND coalesce(consent ->> 'until', '9999-12-31') >= to_char(current_date, 'YYYY-MM-DD')
$$
"""
# The array is made once for a statement; a subquery to join with makes the planner scan all passages again and again.
QUOTABLE = """
CREATE VIEW quotable WITH (security_invoker = true) AS SELECT * FROM passage
WHERE interview_id <> ALL (ARRAY(SELECT id FROM interview WHERE NOT consents_to(consent, 'quotes')))
"""


def upgrade() -> None:
    op.execute(CONSENTS_TO)
    op.execute(QUOTABLE)
    op.add_column("interview", sa.Column("consent_told", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.execute("UPDATE interview SET consent_told = consent")
    op.create_table(
        "consent_change",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("interview_id", sa.Uuid(), nullable=False),
        sa.Column("consent", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_consent_change_study_id_study"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_consent_change_interview_id_interview"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_change")),
    )
    op.create_index(op.f("ix_consent_change_study_id"), "consent_change", ["study_id"], unique=False)
    op.create_index(op.f("ix_consent_change_interview_id"), "consent_change", ["interview_id"], unique=False)
    isolate("consent_change")


def downgrade() -> None:
    release("consent_change")
    op.drop_table("consent_change")
    op.drop_column("interview", "consent_told")
    op.execute("DROP VIEW quotable")
    op.execute("DROP FUNCTION consents_to")
