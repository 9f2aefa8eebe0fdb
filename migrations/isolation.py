"""Row-level policies, which keep confined transactions within their studies: one call for each new table."""

from alembic import op

_OPEN = "ANY (ARRAY(SELECT unnest(current_setting('verbatim.{scope}')::uuid[])))"
_OF_STUDY = "{column} = {open}"
_OF_PARENT = "EXISTS (SELECT FROM {parent} WHERE {parent}.{key} = {table}.{column} AND {parent}.{study_id} = {open})"


def isolate(
    table: str, column: str = "study_id", parent: str | None = None, key: str = "id", read: str = "readable"
) -> None:
    """Let confined transactions see and change rows of their studies alone.

    Args:
        table: the table.
        column: where a row names its study, or the row of `parent` that it belongs to.
        parent: the table that the column refers to: `study`, or one with a `study_id`.
        key: the column of the parent that it refers to.
        read: `writable` where to read takes the role that it takes to write.
    """
    readable, writable = (_condition(table, column, parent, key, scope) for scope in (read, "writable"))
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY read_of_study ON {table} FOR SELECT USING ({readable})")
    op.execute(f"CREATE POLICY insert_of_study ON {table} FOR INSERT WITH CHECK ({writable})")
    op.execute(f"CREATE POLICY update_of_study ON {table} FOR UPDATE USING ({writable})")
    op.execute(f"CREATE POLICY delete_of_study ON {table} FOR DELETE USING ({writable})")


def release(table: str) -> None:
    """Take the policies away."""
    for action in ("read", "insert", "update", "delete"):
        op.execute(f"DROP POLICY {action}_of_study ON {table}")
    op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def _condition(table: str, column: str, parent: str | None, key: str, scope: str) -> str:
    form = _OF_STUDY if parent is None else _OF_PARENT
    study_id = "id" if parent == "study" else "study_id"
    names = {"table": table, "column": column, "parent": parent, "key": key, "study_id": study_id}
    return form.format(**names, open=_OPEN.format(scope=scope))
