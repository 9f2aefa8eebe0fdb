"""The audit: events in a chain of hashes, which nobody changes or removes."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Who inserts may neither read the chain nor write its hashes: the function does both for them, one after the other.
CHAIN = """
CREATE FUNCTION chain_audit_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7461205118);
  SELECT coalesce(max(id), 0) + 1 INTO NEW.id FROM audit_event;
  SELECT hash INTO NEW.previous FROM audit_event WHERE id = NEW.id - 1;
  NEW.previous := coalesce(NEW.previous, '');
  NEW.at := clock_timestamp();
  NEW.hash := audit_hash(NEW);
  RETURN NEW;
END $$
"""
HASH = """
CREATE FUNCTION audit_hash(event audit_event) RETURNS text LANGUAGE sql STABLE SET search_path = public AS $$
  SELECT encode(sha256(convert_to(jsonb_build_array(event.id, (extract(epoch FROM event.at) * 1000000)::bigint,
    event.actor, event.action, event.operation, event.study, event.object, event.request_id, event.previous)::text,
    'UTF8')), 'hex')
$$
"""
NEVER = """
CREATE FUNCTION audit_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit is never changed' USING ERRCODE = 'restrict_violation';
END $$
"""


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("study", sa.Text(), nullable=True),
        sa.Column("object", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_study", "audit_event", ["study", "id"], unique=False)
    op.create_index("ix_audit_event_actor", "audit_event", ["actor", "id"], unique=False)
    for statement in (HASH, CHAIN, NEVER):
        op.execute(statement)
    op.execute("CREATE TRIGGER chain BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION chain_audit_event()")
    op.execute(
        "CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON audit_event "
        "FOR EACH ROW EXECUTE FUNCTION audit_never_changes()"
    )
    op.execute(
        "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_never_changes()"
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION audit_hash(audit_event)")
    op.drop_index("ix_audit_event_actor", table_name="audit_event")
    op.drop_index("ix_audit_event_study", table_name="audit_event")
    op.drop_table("audit_event")
    op.execute("DROP FUNCTION chain_audit_event()")
    op.execute("DROP FUNCTION audit_never_changes()")
