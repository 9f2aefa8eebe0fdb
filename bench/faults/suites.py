"""Rows that tests measure: all of them have to run and pass."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bench.faults.outcome import Outcome

ROOT = Path(__file__).resolve().parents[2]
_COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped)")


def tests(*paths: str) -> Callable[[float], Outcome]:
    """Measure by the tests of these files, or of those whose names a `::` selects."""

    def measure(_scale: float) -> Outcome:
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n0",
            "-p",
            "no:cacheprovider",
            "-rfEs",
            "--verbosity=0",
            *paths,
        ]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
        counts = {word: int(count) for count, word in _COUNT.findall(_last_line(ended.stdout))}
        told = ", ".join(f"{count} {word}" for word, count in counts.items())
        passed = ended.returncode == 0 and counts.keys() == {"passed"}
        if not passed:
            sys.stderr.write(ended.stdout)
        return Outcome(f"{told or 'no test'} in {_names(paths)}", passed)

    return measure


def _last_line(output: str) -> str:
    return next((line for line in reversed(output.splitlines()) if line.strip()), "")


def _names(paths: tuple[str, ...]) -> str:
    return ", ".join(f"`{path}`" for path in paths)
