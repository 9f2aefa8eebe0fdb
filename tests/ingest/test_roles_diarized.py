"""Interviews recorded in mono whose voices a diarizer told apart, from its labels to roles."""

from collections.abc import Callable, Sequence

import pytest
from conversation_sample import Line, direct, interpreted, read_gold

from app.text import split_sentences
from app.vocabulary import Role
from ingest.importers import parse_transcript
from ingest.roles import Basis, RoleContext, Spoken, attribute_speech
from ingest.speech.transcription import SpokenCue, Transcription
from ingest.utterances import merge_cues

STUDY = ("de", "es", "en")
Label = Callable[[int, Line], str | None]

VOICES = {Role.INTERVIEWER: "speaker 1", Role.INTERPRETER: "speaker 2", Role.PARTICIPANT: "speaker 3"}


def exact(_place: int, line: Line) -> str | None:
    """Each voice is told apart."""
    return VOICES[line.role]


def by_language(_place: int, line: Line) -> str | None:
    """The interpreter is taken for two people, for each language another."""
    return "speaker 4" if line.role is Role.INTERPRETER and line.language == "es" else VOICES[line.role]


def as_interviewer(_place: int, line: Line) -> str | None:
    """The interpreter and the interviewer sound alike."""
    return VOICES[Role.INTERVIEWER if line.role is Role.INTERPRETER else line.role]


def as_participant(_place: int, line: Line) -> str | None:
    """The interpreter and the participant sound alike."""
    return VOICES[Role.PARTICIPANT if line.role is Role.INTERPRETER else line.role]


def sometimes_wrong(place: int, line: Line) -> str | None:
    """Every eleventh turn is given to somebody else."""
    return "speaker 1" if place % 11 == 5 else VOICES[line.role]


def undecided(_place: int, _line: Line) -> str | None:
    """The diarizer heard only one voice, so that nobody has a label."""
    return None


def attribute(lines: Sequence[Line], label: Label, context: RoleContext) -> tuple[Spoken, ...]:
    """Go the way of a recording: cues of sentences, the document that is stored, its turns, their roles."""
    cues: list[SpokenCue] = []
    time_ms = 0
    for place, line in enumerate(lines):
        for sentence in split_sentences(line.text, line.language):
            text = line.text[sentence.start : sentence.end].strip()
            cues.append(SpokenCue(time_ms, time_ms + 65 * len(text), text, line.language, label(place, line), 0.9))
            time_ms += 65 * len(text) + 100
        time_ms += 400
    document = Transcription(tuple(cues), time_ms, None).to_json()
    return attribute_speech(merge_cues(parse_transcript(document, "recording.json").cues), STUDY, context)


def letters(lines: Sequence[Line], spoken: Sequence[Spoken]) -> list[tuple[Role, Role]]:
    """Of each letter, whose it is and whose it was found to be."""
    meant = [line.role for line in lines for letter in line.text if letter.isalnum()]
    found = [each.attribution.role for each in spoken for letter in each.turn.text if letter.isalnum()]
    return list(zip(meant, found, strict=True))


def test_two_voices() -> None:
    """Of two voices, the one that asks is the interviewer's, by inference; labels are kept."""
    lines = read_gold()["P01"]
    spoken = attribute(lines, exact, direct("de"))
    assert all(meant is found for meant, found in letters(lines, spoken))
    assert {(each.turn.speaker, each.attribution.role, each.attribution.basis) for each in spoken} == {
        ("speaker 1", Role.INTERVIEWER, Basis.INFERRED),
        ("speaker 3", Role.PARTICIPANT, Basis.INFERRED),
    }


@pytest.mark.parametrize(
    "label",
    [exact, by_language, as_interviewer, as_participant, sometimes_wrong, undecided],
    ids=lambda each: each.__name__,
)
def test_three_voices(label: Label) -> None:
    """Through an interpreter, whatever the diarizer mixes up, nobody else is quoted as the participant."""
    lines = read_gold()["P18"]
    pairs = letters(lines, attribute(lines, label, interpreted("es", "en")))
    assert sum(meant is found for meant, found in pairs) / len(pairs) >= 0.95
    assert not any(found is Role.PARTICIPANT and meant is not Role.PARTICIPANT for meant, found in pairs)
