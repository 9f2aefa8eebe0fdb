"""What words add to vectors within a language and across languages: goals 11 and 12.

Run by `python -m bench.languages`. The talk that nothing was trained on (training/held_out_talk.tsv: 24 themes, each
asked about and spoken of in German, Spanish and English) becomes a study with one interview a language. A question
wants what is said about its theme in one language, among all that is said about other themes in any of them.
"""

import csv
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.answering.candidates import Candidate
from app.answering.find import read_question, read_ranked, read_scope
from app.answering.rank import Ranked, order
from app.answering.retrieve import search
from app.answering.schemas import Question
from app.services import Services, open_services
from app.settings import Settings
from bench.protocol import Measured, load, write_results
from ingest.pipeline import ingest_study

TALK = Path(__file__).resolve().parent.parent / "training" / "held_out_talk.tsv"
LANGUAGES = ("de", "es", "en")
FIRST = 10
Place = tuple[str, int]
_NODS = {"de": "Ja, bitte.", "es": "Sí, dígame.", "en": "Yes, please."}
_MANIFEST = """
study: talk
title: Held-out talk
languages: [de, es, en]
participants:
  - {id: P-de, language: de}
  - {id: P-es, language: es}
  - {id: P-en, language: en}
interviews:
  - {id: I-de, participant: P-de, files: [de.txt]}
  - {id: I-es, participant: P-es, files: [es.txt]}
  - {id: I-en, participant: P-en, files: [en.txt]}
"""


@dataclass(frozen=True)
class Line:
    """A line of the talk: a question about a theme, or what a customer says of it."""

    kind: str
    theme: str
    language: str
    text: str


@dataclass(frozen=True)
class Found:
    """Reciprocal ranks of what one question wants in one language: by vectors alone, and by all lists."""

    is_same_language: bool
    dense: float
    hybrid: float


def main() -> None:
    """Measure, keep and print."""
    lines = read_talk()
    with tempfile.TemporaryDirectory(prefix="verbatim-bench-") as folder:
        study = Path(folder, "study")
        write_talk(lines, study)
        with open_services(Settings(data_dir=Path(folder, "data"))) as services:
            ingest_study(study, services, lambda *_: None)
            found = [each for line in lines if line.kind == "question" for each in ask(line, lines, services)]
    sys.stdout.write(write_results("languages", summarise(found), load()))


def read_talk() -> list[Line]:
    """The held-out talk."""
    with TALK.open(encoding="utf-8", newline="") as lines:
        return [Line(*row) for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


def write_talk(lines: Sequence[Line], folder: Path) -> None:
    """Write the talk as a study folder: in each interview a participant says all turns of a language."""
    folder.mkdir()
    (folder / "study.yaml").write_text(_MANIFEST, encoding="utf-8")
    for language in LANGUAGES:
        said = [line.text for line in lines if line.kind == "turn" and line.language == language]
        turns = (f"Interviewer: {_NODS[language]}\nP-{language}: {text}\n" for text in said)
        (folder / f"{language}.txt").write_text("".join(turns), encoding="utf-8")


def ask(question: Line, lines: Sequence[Line], services: Services) -> Iterator[Found]:
    """Ask one question, and look for what is said about its theme in each language."""
    with services.database.sessions.begin() as session:
        vocabulary, understanding = read_question(session, Question(question=question.text, study="talk"))
        vector = services.embedder.embed_questions([understanding.matter])[0]
        scope = read_scope(session, vocabulary, understanding.filters, services)
        hits = search(session, scope.query(understanding.matter, vector, understanding))
        ranked = order(hits, scope.thresholds)
        near = sorted(ranked, key=lambda item: item.hit.dense_rank)
        nearest = read_ranked(session, vocabulary.study_id, [item for item in near if item.hit.dense_rank])
        hybrid = read_ranked(session, vocabulary.study_id, ranked)
    themes = themes_of(lines)
    for language in LANGUAGES:

        def reciprocal(found: Sequence[Ranked], language: str = language) -> float:
            said = (item.candidate for item in found)
            rivals = [each for each in said if _counts(each, themes, question.theme, language)]
            wanted = [place for place, each in enumerate(rivals[:FIRST], 1) if themes[_place(each)] == question.theme]
            return 1 / wanted[0] if wanted else 0.0

        yield Found(language == question.language, reciprocal(nearest), reciprocal(hybrid))


def themes_of(lines: Sequence[Line]) -> dict[Place, str]:
    """The theme of each turn of a participant, by its interview and its index in it; the interviewer speaks first."""
    return {
        (f"I-{language}", 2 * number + 1): theme
        for language in LANGUAGES
        for number, theme in enumerate(
            line.theme for line in lines if line.kind == "turn" and line.language == language
        )
    }


def _place(found: Candidate) -> Place:
    return found.interview, found.index


def _counts(found: Candidate, themes: Mapping[Place, str], theme: str, language: str) -> bool:
    return themes[_place(found)] != theme or found.interview == f"I-{language}"


def summarise(found: Sequence[Found]) -> list[Measured]:
    """Mean reciprocal ranks and their ratios."""
    same, across = ([each for each in found if each.is_same_language is wanted] for wanted in (True, False))
    (same_dense, same_hybrid), (across_dense, across_hybrid) = (
        (statistics.mean(each.dense for each in part), statistics.mean(each.hybrid for each in part))
        for part in (same, across)
    )
    missed = [
        sum(not value for value in values) for values in zip(*((each.dense, each.hybrid) for each in same), strict=True)
    ]
    return [
        Measured("MRR@10 in the question's language, vectors alone / hybrid", f"{same_dense:.3f} / {same_hybrid:.3f}"),
        Measured("misses among the first ten, vectors alone / hybrid", f"{missed[0]} / {missed[1]} of {len(same)}"),
        Measured("11: hybrid ÷ dense, same language", same_hybrid / same_dense, goal="≥ 1.10, or 25 % fewer misses"),
        Measured("MRR@10 in another language, vectors alone / hybrid", f"{across_dense:.3f} / {across_hybrid:.3f}"),
        Measured("12: hybrid ÷ dense, across languages", across_hybrid / across_dense, goal="≥ 1.00"),
        Measured("12: hybrid, across languages ÷ same language", across_hybrid / same_hybrid, goal="≥ 0.7"),
    ]


if __name__ == "__main__":
    main()
