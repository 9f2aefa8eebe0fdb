"""Fingerprints of corrected words by the key of the installation, so that nobody tries out what they were.

Versions that were sealed with another key keep theirs: they cannot be opened here.
"""

import json
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.errors import UnavailableError
from app.settings import Settings
from app.vault import Vault, open_vault

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

transcript = sa.table(
    "transcript",
    sa.column("id", sa.Uuid()),
    sa.column("interview_id", sa.Uuid()),
    sa.column("fingerprint", sa.Text()),
    sa.column("corrects", sa.Uuid()),
    sa.column("corrected_words", sa.LargeBinary()),
)
run = sa.table("ingest_run", sa.column("interview_id", sa.Uuid()), sa.column("fingerprint", sa.Text()))


def upgrade() -> None:
    original = transcript.alias()
    corrected = sa.select(transcript, original.c.fingerprint.label("original")).join(
        original, original.c.id == transcript.c.corrects
    )
    rows = op.get_bind().execute(corrected).all()
    if not rows:
        return
    vault = open_vault(Settings())
    op.execute("ALTER TABLE transcript DISABLE TRIGGER version_never_changes")
    for row in rows:
        with suppress(UnavailableError):
            fingerprint, sealed = _keyed(vault, row)
            of_version = transcript.c.id == row.id
            op.execute(transcript.update().where(of_version).values(fingerprint=fingerprint, corrected_words=sealed))
            of_run = (run.c.interview_id == row.interview_id) & (run.c.fingerprint == row.fingerprint)
            op.execute(run.update().where(of_run).values(fingerprint=fingerprint))
    op.execute("ALTER TABLE transcript ENABLE TRIGGER version_never_changes")


def _keyed(vault: Vault, row: sa.Row[Any]) -> tuple[str, bytes | None]:
    """The new fingerprint of a version, and its words sealed for it; words that were erased are known no more."""
    if row.corrected_words is None:
        return vault.keyed_hash("corrected words", row.original, row.fingerprint), None
    opened = json.loads(vault.open(row.corrected_words, f"words {row.fingerprint}"))
    words = json.dumps({int(index): text for index, text in opened.items()}, sort_keys=True)
    fingerprint = vault.keyed_hash("corrected words", row.original, words)
    return fingerprint, vault.seal(words.encode(), f"words {fingerprint}")


def downgrade() -> None:
    """Keyed fingerprints stay: whoever went before compares them with nothing but each other."""
