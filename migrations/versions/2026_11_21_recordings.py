"""Recordings on their way: the job queue, progress and cancellation of runs, keys that make uploads repeatable."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

QUEUE = Path(__file__).resolve().parent.parent / "procrastinate_3_10_0.sql"
QUEUE_TABLES = ("events", "periodic_defers", "jobs", "workers")
DROP_QUEUE_FUNCTIONS = """
DO $$
DECLARE
    queue_function regprocedure;
BEGIN
    FOR queue_function IN
        SELECT oid::regprocedure FROM pg_proc
        WHERE proname LIKE 'procrastinate\\_%' AND pronamespace = current_schema()::regnamespace
    LOOP
        EXECUTE 'DROP FUNCTION ' || queue_function || ' CASCADE';
    END LOOP;
END $$
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(QUEUE.read_text(encoding="utf-8"), execution_options={"no_parameters": True})
    op.add_column("ingest_run", sa.Column("done", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("ingest_run", sa.Column("total", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.drop_constraint(op.f("ck_ingest_run_status"), "ingest_run")
    op.create_check_constraint(
        op.f("ck_ingest_run_status"),
        "ingest_run",
        "status IN ('queued', 'running', 'published', 'failed', 'cancelled')",
    )
    op.add_column("recording", sa.Column("media_type", sa.Text(), nullable=True))
    op.add_column("recording", sa.Column("duration_ms", sa.Integer(), nullable=True))
    op.add_column("recording", sa.Column("label", sa.Text(), nullable=True))
    op.create_table(
        "upload_key",
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("recording_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recording.id"], name=op.f("fk_upload_key_recording_id_recording"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["ingest_run.id"], name=op.f("fk_upload_key_run_id_ingest_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("principal", "key", name=op.f("pk_upload_key")),
    )


def downgrade() -> None:
    op.drop_table("upload_key")
    op.drop_column("recording", "label")
    op.drop_column("recording", "duration_ms")
    op.drop_column("recording", "media_type")
    op.execute("UPDATE ingest_run SET status = 'failed' WHERE status = 'cancelled'")
    op.drop_constraint(op.f("ck_ingest_run_status"), "ingest_run")
    op.create_check_constraint(
        op.f("ck_ingest_run_status"), "ingest_run", "status IN ('queued', 'running', 'published', 'failed')"
    )
    op.drop_column("ingest_run", "total")
    op.drop_column("ingest_run", "done")
    op.execute(DROP_QUEUE_FUNCTIONS)
    for table in QUEUE_TABLES:
        op.drop_table(f"procrastinate_{table}")
    for kind in ("job_to_defer_v1", "job_event_type", "job_status"):
        op.execute(f"DROP TYPE procrastinate_{kind}")
