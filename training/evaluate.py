"""Measure an embedder by itself, without the rest of retrieval.

`python -m training.evaluate [MODEL] [--study examples/nido]` prints two tables. *Held-out talk*: invented questions in
three languages over 72 turns of colloquial talk about a gym and about boxes of food; choices of the recipe are made
here. *Study*: the gold questions and the codebook of a study over what its participants say, filters applied.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
import yaml
from numpy.typing import NDArray

from app.embedding import BUNDLED, Embedder, load_embedder, unit_rows

Vectors = NDArray[np.float32]
Wanted = NDArray[np.bool_]
TALK = Path(__file__).with_name("held_out_talk.tsv")
QUESTION_WEIGHT = 0.3


@dataclass(frozen=True)
class Score:
    """How well a ranking puts a wanted item in front, averaged over queries."""

    queries: int
    hit_at_5: float
    reciprocal_rank: float

    def __str__(self) -> str:
        return f"hit@5 {self.hit_at_5:.2f}  MRR {self.reciprocal_rank:.2f}  ({self.queries} queries)"


@dataclass(frozen=True)
class Turn:
    """What a participant says, what they were asked, and the codes it is evidence for."""

    participant: str
    asked: str
    text: str
    codes: frozenset[str]


def score(similarities: Vectors, wanted: Wanted) -> Score:
    """Score rankings of items by similarity; queries without a wanted item do not count.

    Args:
        similarities: shape (n_queries, n_items); minus infinity for an item that a filter leaves out.
        wanted: which items answer which query, same shape.
    """
    order = np.argsort(-similarities, axis=1, kind="stable")
    hits = np.take_along_axis(wanted & np.isfinite(similarities), order, axis=1)
    hits = hits[hits.any(axis=1)]
    first = hits.argmax(axis=1)
    return Score(len(hits), float((first < 5).mean()), float((1 / (first + 1)).mean()))


def measure_talk(embedder: Embedder) -> dict[str, Score]:
    """Measure questions and descriptions against the held-out talk."""
    with TALK.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    turns = [row for row in rows if row[0] == "turn"]
    passages = embedder.embed_passages([row[3] for row in turns])

    def measure(kind: str) -> Score:
        queries = [row for row in rows if row[0] == kind]
        wanted = np.array([[turn[1] == query[1] for turn in turns] for query in queries])
        return score(embedder.embed_questions([row[3] for row in queries]) @ passages.T, wanted)

    return {"questions": measure("question"), "descriptions": measure("about")}


def measure_study(embedder: Embedder, folder: Path) -> Mapping[str, Score | float]:
    """Measure the gold questions and the codebook of a study against its participants' turns."""
    gold = _read_yaml(folder / "gold.yaml")
    codes = _read_yaml(folder / "codebook.yaml")["codes"]
    people = {person["id"]: person for person in _read_yaml(folder / "study.yaml")["participants"]}
    turns = [turn for path in sorted((folder / gold["gold"]).glob("*.tsv")) for turn in _read_turns(path)]
    passages = _embed_turns(embedder, turns)
    questions = [question for question in gold["questions"] if not question.get("unanswerable")]
    asked = embedder.embed_questions([question["question"] for question in questions])
    excluded = np.array([[not _passes(question, people[turn.participant]) for turn in turns] for question in questions])
    described = embedder.embed_questions([code["about"] for code in codes])
    evident = np.array([[code["code"] in turn.codes for turn in turns] for code in codes])
    return {
        "questions": score(np.where(excluded, -np.inf, asked @ passages.T), _wanted(questions, turns)),
        "code descriptions": score(described @ passages.T, evident),
        "question to code, first 3": _in_first_three(asked @ described.T, questions, codes),
    }


def _wanted(questions: Sequence[dict[str, Any]], turns: Sequence[Turn]) -> Wanted:
    return np.array([[_answers(turn, question) for turn in turns] for question in questions])


def _answers(turn: Turn, question: dict[str, Any]) -> bool:
    if turn.participant not in question["relevant_participants"]:
        return False
    sign = "!" if question.get("denied") else ""
    return any(code in turn.codes or sign + code in turn.codes for code in question["relevant_codes"])


def _passes(question: dict[str, Any], person: dict[str, Any]) -> bool:
    known = {**person, "participant": person["id"]}
    return all(known[name] == value for name, value in question.get("filters", {}).items())


def _in_first_three(
    similarities: Vectors, questions: Sequence[dict[str, Any]], codes: Sequence[dict[str, Any]]
) -> float:
    best = np.argsort(-similarities, axis=1, kind="stable")[:, :3]
    found = [
        bool({codes[code]["code"] for code in row} & set(question["relevant_codes"]))
        for row, question in zip(best, questions, strict=True)
    ]
    return sum(found) / len(found)


def _embed_turns(embedder: Embedder, turns: Sequence[Turn]) -> Vectors:
    said = embedder.embed_passages([turn.text for turn in turns])
    asked = embedder.embed_passages([turn.asked for turn in turns])
    return unit_rows(said + np.float32(QUESTION_WEIGHT) * asked)


def _read_turns(path: Path) -> list[Turn]:
    """Read the participant's turns of one interview: role, language, codes, text."""
    turns, asked = [], ""
    for line in path.read_text(encoding="utf-8").splitlines():
        role, _, codes, text = line.split("\t")
        if role == "interviewer":
            asked = text
        elif role == "participant":
            turns.append(Turn(path.stem, asked, text, frozenset(codes.replace(",", " ").split()) - {"-"}))
    return turns


def _read_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def main(
    model: Annotated[str, typer.Argument(help="bundled, or any sentence-transformers folder.")] = BUNDLED,
    study: Annotated[Path, typer.Option(help="Study folder with gold.yaml.")] = Path("examples/nido"),
) -> None:
    """Print both tables."""
    embedder = load_embedder(model)
    tables: dict[str, Mapping[str, Score | float]] = {
        "held-out talk": measure_talk(embedder),
        str(study): measure_study(embedder, study),
    }
    for title, results in tables.items():
        typer.echo(title)
        for name, result in results.items():
            typer.echo(f"  {name:28} {result if isinstance(result, Score) else format(result, '.2f')}")


if __name__ == "__main__":
    typer.run(main)
