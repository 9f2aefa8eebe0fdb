"""How far the artefacts are from the truth of the sample study when the tagger's taggings make them.

Run by `python -m bench.research`. The study is ingested as it is (a researcher tagged 15 of 23 interviews) and without
the researcher's taggings; what its people were made to say stands in examples/nido/source/bible.yaml.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from app.research.matrix.mentions import Wanted
from app.research.matrix.read import read_matrix
from app.research.segments.cases import Case, Qualification
from app.research.segments.profile import read_segment
from app.research.segments.qualify import qualify
from app.services import Services, open_services
from app.settings import Settings
from ingest.pipeline import ingest_study

NIDO = Path(__file__).resolve().parent.parent / "examples" / "nido"
ANSWER = {"text": "Jeden Morgen im Zug schaue ich auf die Kurse", "question": "Wann schauen Sie nach?"}


def report(services: Services) -> Iterator[str]:
    """Measure an ingested study."""
    bible = yaml.safe_load((NIDO / "source" / "bible.yaml").read_text(encoding="utf-8"))["participants"]
    with services.database.sessions() as session:
        yield from _segments(session, services, bible)
        yield from _matrix(session, services, bible)
        case = Case.model_validate({"study": "nido", "answers": [ANSWER]})
        for name, work in (
            ("qualify a caller", lambda: qualify(session, case, services.embedder)),
            (
                "qualify a participant",
                lambda: qualify(session, Case(study="nido", participant="P01"), services.embedder),
            ),
            ("profile", lambda: read_segment(session, "nido", "careful")),
            ("matrix", lambda: read_matrix(session, "nido", Wanted(), services.embedder)),
        ):
            yield f"{name}: {_median_ms(work):.0f} ms"


def _segments(session: Session, services: Services, bible: list[dict[str, Any]]) -> Iterator[str]:
    found = {
        each["id"]: qualify(session, Case(study="nido", participant=each["id"]), services.embedder) for each in bible
    }
    ahead = sum(found[each["id"]].best == each["segment"] for each in bible)
    right = sum(_qualified(found[each["id"]]) == each["segment"] for each in bible)
    wrong = sum(_qualified(found[each["id"]]) not in (None, each["segment"]) for each in bible)
    yield f"segments: true one ahead {ahead} of {len(bible)}, qualifies {right}, another qualifies {wrong}"


def _qualified(found: Qualification) -> str | None:
    return next((each.segment for each in found.segments if each.verdict == "qualifies"), None)


def _matrix(session: Session, services: Services, bible: list[dict[str, Any]]) -> Iterator[str]:
    found = read_matrix(session, "nido", Wanted(tradeoffs=True), services.embedder)
    true, told, equal, cells = 0, 0, 0, 0
    for row in found.rows:
        for cell in (cell for cell in row.cells if cell.option == "any" and cell.segment):
            people = [each for each in bible if each["segment"] == cell.segment]
            wanted = [sum(row.code in each[side] for each in people) for side in ("themes", "denied")]
            counted = [cell.named_for, cell.named_against]
            true, told = true + sum(wanted), told + sum(counted)
            equal, cells = equal + sum(map(int.__eq__, wanted, counted)), cells + 2
    yield f"matrix: {equal} of {cells} counts equal the truth; people told {told}, true {true}"


def _median_ms(work: Callable[[], object]) -> float:
    work()
    times = []
    for _ in range(9):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)[len(times) // 2]


if __name__ == "__main__":
    for with_taggings in (True, False):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(shutil.copytree(NIDO, Path(place) / "nido"))
            if not with_taggings:
                manifest = folder / "study.yaml"
                text = manifest.read_text(encoding="utf-8").replace("taggings: taggings.csv\n", "")
                manifest.write_text(text, encoding="utf-8")
            with open_services(Settings(data_dir=Path(place) / "data")) as opened:
                ingest_study(folder, opened, lambda *_: None)
                sys.stdout.write(f"{'as it is' if with_taggings else 'without the researcher'}\n")
                sys.stdout.writelines(f"  {line}\n" for line in report(opened))
