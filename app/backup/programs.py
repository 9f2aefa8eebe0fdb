"""The programs of PostgreSQL that write and read dumps, run against the configured database."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import URL, Engine

from app.errors import UnavailableError
from app.postgres_processes import installed_programs

_MOST_TOLD_CHARACTERS = 300


def run_program(name: str, arguments: Sequence[str], engine: Engine) -> None:
    """Run `pg_dump` or `pg_restore` on a database; its password is in no list of processes.

    Raises:
        UnavailableError: the program is not there, is older than the server, or gives up.
    """
    url = engine.url
    environment = os.environ | {"LC_ALL": "C"} | ({"PGPASSWORD": str(url.password)} if url.password else {})
    place = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    program = [str(_find(name)), *arguments, f"--dbname={place.render_as_string(hide_password=False)}"]
    silent = subprocess.DEVNULL
    done = subprocess.run(program, env=environment, stdin=silent, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise UnavailableError(f"{name} gave up: {_told(done.stderr)}")


def _find(name: str) -> Path:
    """The program that came with the embedded database, else that of the machine."""
    try:
        return installed_programs() / "bin" / name
    except UnavailableError:
        found = shutil.which(name)
        if found is None:
            raise UnavailableError(f"{name} is not there: install the client programs of PostgreSQL") from None
        return Path(found)


def _told(complaint: str) -> str:
    """What a program complains of first, without the statement or row that it complains of."""
    first = next((line for line in complaint.splitlines() if "error" in line.lower()), "it does not say why")
    return re.sub(r"\s+", " ", first)[:_MOST_TOLD_CHARACTERS]
