"""Measure rows of the catalogue and write docs/reliability.md: `python -m bench.faults [R4 A1 …] [--scale 0.1]`.

Without rows, all of them: about two hours on two cores. Outcomes are kept in results.json beside the report, so that
rows can be measured one by one.
"""

import argparse
import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from bench.faults.catalogue import ROWS

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "docs" / "reliability.md"
RESULTS = Path(__file__).parent / "results.json"
_HEAD = """# Reliability: what was tried, and what came of it

Each row can be measured again by `python -m bench.faults {numbers}`, or all of them without a number; this page is
written by that command. Rows that name test files are measured by all tests of them. Times are those of a machine
with two cores.

| # | What was done | Target | Result | Date |
|---|---|---|---|---|
"""


def main() -> int:
    """Measure, tell, and write the report; 1 if a row misses its target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", metavar="ROW", help="numbers of rows, such as R4")
    parser.add_argument(
        "--scale", type=float, default=1.0, help="share of the cases and of the time; below 1, nothing is kept"
    )
    arguments = parser.parse_args()
    known = {row.number for row in ROWS}
    if unknown := set(arguments.rows) - known:
        parser.error(f"no row {', '.join(sorted(unknown))}; there are {', '.join(row.number for row in ROWS)}")
    kept: dict[str, Any] = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    missed = 0
    for row in ROWS:
        if arguments.rows and row.number not in arguments.rows:
            continue
        outcome = row.measure(arguments.scale)
        missed += not outcome.passed
        sys.stdout.write(f"{row.number} {'reached' if outcome.passed else 'MISSED'}: {outcome.result}\n")
        sys.stdout.flush()
        if arguments.scale >= 1:
            today = dt.datetime.now(dt.UTC).date().isoformat()
            kept[row.number] = {"result": outcome.result, "passed": outcome.passed, "date": today}
            RESULTS.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", "utf-8")
            REPORT.write_text(report(kept), "utf-8")
    return 1 if missed else 0


def report(kept: dict[str, Any]) -> str:
    """The page, with the rows that nobody measured said to be so."""
    lines = []
    for row in ROWS:
        measured = kept.get(row.number, {"result": "not measured yet", "passed": True, "date": ""})
        verdict = "" if measured["passed"] else "**missed:** "
        cells = (row.number, row.what, row.target, verdict + measured["result"], measured["date"])
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return _HEAD.format(numbers=ROWS[0].number) + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
