"""`verbatim worker`: a process that finishes the interviews that wait, and keeps what was promised of them."""

import signal
import threading
from functools import partial
from typing import Annotated

import typer

from app.commands.boundary import on_signals
from app.commands.child_processes import when_input_ends
from app.commands.opening import opened
from app.commands.output import tell
from app.privacy.erasure import premises_of
from app.privacy.retention import keep_promises
from ingest.pipeline import InterviewReport
from ingest.tasks import work

app = typer.Typer()


@app.command()
def worker(
    until_input_ends: Annotated[
        bool, typer.Option("--until-input-ends", help="End when standard input ends, as with who started it.")
    ] = False,
) -> None:
    """Process the interviews that wait, until told to end.

    The one in hand is finished first, or, if that lasts, left to another worker. Every ten minutes one of all workers
    erases what was kept for as long as its study says, and finishes erasures that broke off.
    """
    ending = threading.Event()
    with opened() as services, on_signals(ending.set, signal.SIGTERM, signal.SIGINT):
        if until_input_ends:
            when_input_ends(ending.set)
        tell("The worker waits for interviews; end it with Ctrl-C.")
        work(services, ending, _tell, partial(keep_promises, premises_of(services)))


def _tell(report: InterviewReport) -> None:
    tell(f"{report.interview}: {report.status}{f' ({report.problem})' if report.problem else ''}")
