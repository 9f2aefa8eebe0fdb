"""How much of the personal data in the sample study is found, and how much else: `python -m bench.pseudonyms`.

Personal data was planted in the transcripts and listed beside them (`examples/nido/gold/*.pii`). A replacement is false
when it touches neither planted data nor a name by which somebody is spoken to, listed here by hand.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from app.pseudonyms.find import Known, Said, find_personal
from app.pseudonyms.findings import Finding

GOLD = Path(__file__).resolve().parent.parent / "examples" / "nido" / "gold"
KEEP = frozenset("nido valora kapitalo hausbank".split())
SPOKEN_TO = frozenset("Mia Lukas Uwe Kemal Lea Carmen Diego Lucía Javier Javi Rosa Pablo Elena".split())


@dataclass(frozen=True)
class Measured:
    """How many planted texts there are and how many were replaced, by kind; and the false replacements."""

    planted: dict[str, int]
    replaced: dict[str, int]
    words: int
    not_planted: int
    false: tuple[str, ...]
    seconds: float

    @property
    def recall(self) -> float:
        """Share of the planted texts that were replaced whole, in [0, 1]."""
        return sum(self.replaced.values()) / sum(self.planted.values())

    @property
    def false_per_thousand_words(self) -> float:
        """False replacements in a thousand words."""
        return 1000 * len(self.false) / self.words


def measure(folder: Path = GOLD) -> Measured:
    """Find personal data in all interviews of a gold folder, and compare it with what was planted."""
    planted, replaced, words, others, false = Counter[str](), Counter[str](), 0, 0, list[str]()
    begun = time.perf_counter()
    for path in sorted(folder.glob("*.tsv")):
        turns = [Said(text, language) for _, language, _, text in _rows(path)]
        texts = dict(_rows(path.with_suffix(".pii")))
        words += sum(len(turn.text.split()) for turn in turns)
        for turn, findings in zip(turns, find_personal(turns, Known(keep=KEEP)), strict=True):
            for text, kind in texts.items():
                for start in _places(text, turn.text):
                    planted[kind] += 1
                    replaced[kind] += any(each.start <= start and start + len(text) <= each.end for each in findings)
            beside = [turn.text[each.start : each.end] for each in findings if not _is_planted(each, turn, texts)]
            others += len(beside)
            false += [f"{path.stem}: {each}" for each in beside if each not in SPOKEN_TO]
    return Measured(dict(planted), dict(replaced), words, others, tuple(false), time.perf_counter() - begun)


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true", help="write JSON")
    found = measure()
    if options.parse_args().json:
        print(json.dumps(asdict(found) | {"recall": found.recall}, ensure_ascii=False, indent=2))  # noqa: T201
        return
    for kind, count in sorted(found.planted.items()):
        print(f"{kind:<10} {found.replaced[kind]:>3} of {count:>3}")  # noqa: T201
    print(f"recall {found.recall:.3f}; {len(found.false)} false in {found.words:,} words: ", end="")  # noqa: T201
    print(f"{found.false_per_thousand_words:.2f} in a thousand ({found.seconds:.1f} s)")  # noqa: T201
    print(f"not planted, names that people are spoken to by among them: {found.not_planted}")  # noqa: T201
    print("\n".join(found.false))  # noqa: T201


def _rows(path: Path) -> Iterator[list[str]]:
    return (line.split("\t") for line in path.read_text("utf-8").splitlines() if line.strip())


def _places(text: str, where: str) -> Iterator[int]:
    start = where.find(text)
    while start >= 0:
        yield start
        start = where.find(text, start + 1)


def _is_planted(finding: Finding, turn: Said, texts: dict[str, str]) -> bool:
    words = turn.text[finding.start : finding.end]
    return any(words in text or text in words for text in texts)


if __name__ == "__main__":
    main()
