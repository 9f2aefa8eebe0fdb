"""What a gold file may look like, and what is said of one that looks otherwise."""

from pathlib import Path

import pytest

from app.errors import InvalidInputError
from app.evaluation.gold import read_gold

QUESTIONS = 'study: acme\ngold: turns\nquestions:\n  - {id: q1, language: en, question: "Why?"}\n'


def faults_of(path: Path, text: str) -> list[tuple[str, str]]:
    """Place and problem of every fault of a gold file with this text."""
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInputError) as refused:
        read_gold(path)
    assert "\n" not in refused.value.message
    assert all(fault.remedy for fault in refused.value.faults)
    return [(fault.place, fault.problem) for fault in refused.value.faults]


def test_what_is_no_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    """The fault has the line and the column at which the parser gave up."""
    gold = tmp_path / "gold.yaml"
    [(place, problem)] = faults_of(gold, f"{QUESTIONS}  - {{id: q2, question: Why: now?")
    assert place.startswith(f"{gold}:5:")
    assert problem


def test_every_wrong_field_is_named(tmp_path: Path) -> None:
    """A misspelt key and a missing one come at once."""
    places = [place for place, _ in faults_of(tmp_path / "gold.yaml", QUESTIONS.replace("language", "langauge"))]
    assert places == ["gold.yaml: questions.0.language", "gold.yaml: questions.0.langauge"]


def test_turns_must_be_there_and_have_four_columns(tmp_path: Path) -> None:
    """A folder without turns and a line that is none are refused with their place; a right file is read."""
    gold = tmp_path / "gold.yaml"
    gold.write_text(QUESTIONS, encoding="utf-8")
    with pytest.raises(InvalidInputError, match="holds no TSV files"):
        read_gold(gold)
    turns = tmp_path / "turns" / "P01.tsv"
    turns.parent.mkdir()
    turns.write_text("participant\tde\tAX1,!AX2\tIch hatte Angst.\nparticipant\tde\n", encoding="utf-8")
    with pytest.raises(InvalidInputError, match=r"P01\.tsv:2"):
        read_gold(gold)
    turns.write_text("participant\tde\tAX1,!AX2\tIch hatte Angst.\n", encoding="utf-8")
    [turn] = read_gold(gold).interviews["P01"]
    assert (turn.affirmed, turn.denied) == (frozenset({"AX1"}), frozenset({"AX2"}))
