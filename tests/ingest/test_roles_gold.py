"""The sample study with its labels spoilt: how many roles and languages are found."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from conversation_sample import Line, Spoil, attribute, read_gold, unlabelled, unpunctuated

from app.language import identify_languages
from app.vocabulary import Mode, Role
from ingest.importers import parse_transcript
from ingest.roles import RoleContext, attribute_speech
from ingest.utterances import merge_cues

STUDY = ("de", "es", "en")
TRANSCRIPTS = Path(__file__).parents[2] / "examples" / "nido" / "transcripts"


@pytest.fixture(name="gold", scope="module")
def _gold() -> Mapping[str, tuple[Line, ...]]:
    return read_gold()


def context_of(participant: str, lines: tuple[Line, ...]) -> RoleContext:
    """What the study knows, but for names."""
    if any(line.role is Role.INTERPRETER for line in lines):
        return RoleContext(Mode.INTERPRETED, {participant: ()}, "es", "en")
    return RoleContext(Mode.DIRECT, {participant: ()}, "de", "de")


def as_participant(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The platform shows the interpreter under the participant's name."""
    return tuple(replace(line, label="participant" if line.role is Role.INTERPRETER else line.label) for line in lines)


def as_interviewer(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The platform shows the interpreter under the interviewer's name."""
    return tuple(replace(line, label="interviewer" if line.role is Role.INTERPRETER else line.label) for line in lines)


def as_whom_they_render(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The platform shows each rendition under the name of the person whose words it renders."""
    rendered = {"es": "interviewer", "en": "participant"}
    return tuple(
        replace(line, label=rendered[line.language] if line.role is Role.INTERPRETER else line.label) for line in lines
    )


@pytest.mark.parametrize("spoil", [unlabelled, unpunctuated, as_participant, as_interviewer, as_whom_they_render])
def test_roles_are_found(gold: Mapping[str, tuple[Line, ...]], spoil: Spoil) -> None:
    """At least 95 % of all roles, and of the interpreter's turns as found and as meant; nobody else is quoted."""
    pairs = [
        (line.role, found.role)
        for participant, lines in gold.items()
        for line, found in zip(lines, attribute(spoil(lines), context_of(participant, lines), STUDY), strict=True)
    ]
    interpreters = pairs.count((Role.INTERPRETER, Role.INTERPRETER))
    assert sum(meant is found for meant, found in pairs) / len(pairs) >= 0.95
    assert interpreters / sum(found is Role.INTERPRETER for _, found in pairs) >= 0.95
    assert interpreters / sum(meant is Role.INTERPRETER for meant, _ in pairs) >= 0.95
    assert not any(found is Role.PARTICIPANT and meant is not Role.PARTICIPANT for meant, found in pairs)


def test_languages_are_found(gold: Mapping[str, tuple[Line, ...]]) -> None:
    """At least 98 % of all languages, labels removed."""
    right = [
        line.language == guess.language
        for participant, lines in gold.items()
        for line, guess in zip(
            lines,
            identify_languages(
                [line.text for line in lines], STUDY, context_of(participant, lines).participant_language
            ),
            strict=True,
        )
    ]
    assert sum(right) / len(right) >= 0.98


def test_who_speaks_is_found_in_transcripts_without_speakers(gold: Mapping[str, tuple[Line, ...]]) -> None:
    """From the files with every label removed: 95 % of the letters have their role, at most 1 % are misquoted."""
    right = wrong = total = 0
    for path in sorted(TRANSCRIPTS.iterdir()):
        lines = gold[path.stem]
        cues = [replace(cue, speaker=None) for cue in parse_transcript(path.read_bytes(), path.name).cues]
        spoken = attribute_speech(merge_cues(cues), STUDY, context_of(path.stem, lines))
        meant = [(line.role, letter) for line in lines for letter in line.text if letter.isalnum()]
        found = [(each.attribution.role, letter) for each in spoken for letter in each.turn.text if letter.isalnum()]
        assert [letter for _, letter in found] == [letter for _, letter in meant]
        pairs = [(role, other) for (role, _), (other, _) in zip(meant, found, strict=True)]
        right += sum(role is other for role, other in pairs)
        wrong += sum(other is Role.PARTICIPANT and role is not Role.PARTICIPANT for role, other in pairs)
        total += len(pairs)
    assert right / total >= 0.95
    assert wrong / total <= 0.01
