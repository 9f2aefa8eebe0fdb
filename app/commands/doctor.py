"""`verbatim doctor`: what is in use, what is missing, what to do about it."""

from collections.abc import Iterator

import typer

from app.commands import options
from app.commands.boundary import FAILED
from app.commands.opening import start
from app.commands.output import Line, line, write, write_json
from app.diagnosis import Check, run_checks

app = typer.Typer()


@app.command()
def doctor(as_json: options.AsJson = False) -> None:
    """Show what is in use, and what is missing with its remedy."""
    checks = tuple(run_checks(start()))
    if as_json:
        write_json(checks)
    else:
        write(entry for check in checks for entry in _lines(check))
    if any(check.problem for check in checks):
        raise typer.Exit(FAILED)


def _lines(check: Check) -> Iterator[Line]:
    yield line(("✗ ", "red") if check.problem else ("✓ ", "green"), f"{check.name:<10} {check.found}")
    if check.problem:
        yield line((check.problem, "red"), indent=13)
