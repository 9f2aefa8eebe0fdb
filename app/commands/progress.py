"""A progress bar on stderr, for people: only on a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.commands.output import visible

Advance = Callable[[str, int, int], None]


@contextmanager
def progress_bar(task: str) -> Iterator[Advance]:
    """Show how far long work is; what is yielded takes the name of the part in hand, the number done and of all."""
    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task(task, total=None)

        def advance(part: str, done: int, total: int) -> None:
            progress.update(bar, description=f"{task} {visible(part)}".strip(), completed=done, total=total)

        yield advance
