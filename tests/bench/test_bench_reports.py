"""What the benches write: what was not measured is said to be so, and skipped tests measure nothing."""

from math import inf
from pathlib import Path

import pytest

from bench.faults.__main__ import report
from bench.faults.suites import tests as measured_by
from bench.faults.traffic import Traffic, Visit
from bench.protocol import table


def test_rows_that_nobody_measured_are_not_missed() -> None:
    """Only a row that was measured can miss its target."""
    rows = report({"R1": {"result": "2 failed", "passed": False, "date": "2026-11-30"}}).splitlines()
    assert next(row for row in rows if row.startswith("| R1 ")).endswith("| **missed:** 2 failed | 2026-11-30 |")
    assert next(row for row in rows if row.startswith("| R2 ")).endswith("| not measured yet |  |")


@pytest.mark.parametrize(
    ("body", "passed", "told"),
    [
        ("def test_it() -> None: pass", True, "1 passed"),
        ("def test_it() -> None: pass\ndef test_other() -> None: pytest.skip('no disk')", False, "1 passed, 1 skipped"),
        ("def test_it() -> None: pass\ndef test_other() -> None: raise OSError", False, "1 failed, 1 passed"),
    ],
)
def test_a_row_is_reached_when_all_its_tests_ran_and_passed(tmp_path: Path, body: str, passed: bool, told: str) -> None:
    """What was skipped was not tried."""
    suite = tmp_path / "test_of_a_row.py"
    suite.write_text(f"import pytest\n{body}\n", "utf-8")
    outcome = measured_by(str(suite))(1.0)
    assert (outcome.passed, outcome.result) == (passed, f"{told} in `{suite}`")


def test_tables_show_numbers_as_people_read_them() -> None:
    """Three digits below a thousand, none after the point above, and words as they are."""
    values: list[tuple[float | str, str]] = [(0.02894, ""), (11071.93, "ms"), (0, ""), ("19.8 / 43.5", "ms")]
    measured = [{"name": "n", "value": value, "unit": unit, "goal": ""} for value, unit in values]
    shown = table({"load": 1.0, "void": False, "measured": measured}).splitlines()[-4:]
    assert [row.split("|")[2].strip() for row in shown] == ["0.0289", "11,072 ms", "0", "19.8 / 43.5 ms"]


def test_what_was_never_done_is_not_fast() -> None:
    """One visit is its own percentile; without any there is none that a target could be reached with."""
    assert Traffic([Visit("list", 0.0, 0.25, 200)]).p95_ms("list") == 250
    assert Traffic([Visit("ask", 0.0, 0.25, 200)]).p95_ms("list") == inf
