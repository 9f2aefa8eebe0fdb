"""`verbatim worker`: a process that finishes the interviews that wait."""

import signal
import threading

import typer

from app.commands.boundary import on_signals
from app.commands.opening import opened
from app.commands.output import tell
from ingest.pipeline import InterviewReport
from ingest.tasks import work

app = typer.Typer()


@app.command()
def worker() -> None:
    """Process the interviews that wait, until told to end.

    The one in hand is finished first.
    """
    ending = threading.Event()
    with opened() as services, on_signals(ending.set, signal.SIGTERM, signal.SIGINT):
        tell("The worker waits for interviews; end it with Ctrl-C.")
        work(services, ending, _tell)


def _tell(report: InterviewReport) -> None:
    tell(f"{report.interview}: {report.status}{f' ({report.problem})' if report.problem else ''}")
