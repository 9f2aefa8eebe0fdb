"""The migrations of the schema: alembic, dated, one chain."""
