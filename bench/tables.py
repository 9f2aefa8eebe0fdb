"""The tables of docs/performance.md that come from bench/results: run by `python -m bench.tables` after the benches."""

import json
import re
from pathlib import Path

from bench.protocol import RESULTS, table

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
_GENERATED = re.compile(r"(?<=<!-- bench: begin -->\n).*(?=<!-- bench: end -->)", re.DOTALL)


def tables() -> str:
    """All results, a heading and a table each."""
    kept = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RESULTS.glob("*.json"))]
    return "\n".join(f"### {each['family']}\n\n{table(each)}" for each in kept)


if __name__ == "__main__":
    written = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(_GENERATED.sub(lambda _: f"\n{tables()}\n", written), encoding="utf-8")
