"""The sample recordings: excerpts spoken by a voice per role, and when each word is heard."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from training.speech.espeak import SAMPLE_RATE_HZ, Samples, Speech, SpokenWord, Voice, speak
from training.speech.opus import encode_opus
from training.speech.texts import EXCERPTS, Turn, read_turns

BITS_PER_SECOND_PER_CHANNEL = 24_000
LEAD_MS = 500
GAP_MS = range(1000, 1500)
"""Between turns."""
ADDED_PAUSE_MS = range(300, 600)
"""After a sentence within a turn, beside the third of a second that espeak-ng leaves."""


@dataclass(frozen=True)
class AudioFile:
    """A file and the roles heard in each of its channels."""

    name: str
    channels: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Casting:
    """How an interview is recorded: its files, and the voice of each role and language."""

    files: tuple[AudioFile, ...]
    voices: Mapping[tuple[str, str], Voice]


@dataclass(frozen=True)
class Utterance:
    """A turn and when it is heard; `index` is its place in the interview."""

    index: int
    role: str
    language: str
    start_ms: int
    end_ms: int
    text: str
    words: tuple[SpokenWord, ...]


CASTINGS = {
    "P01": Casting(
        (AudioFile("P01.opus", (("interviewer",), ("participant",))),),
        {("interviewer", "de"): Voice("de+f3", 159, 56), ("participant", "de"): Voice("de+f5", 155, 42)},
    ),
    "P15": Casting(
        (
            AudioFile("P15.interviewer.opus", (("interviewer",),)),
            AudioFile("P15.participant.opus", (("participant",),)),
        ),
        {("interviewer", "de"): Voice("de+f3", 163, 62), ("participant", "de"): Voice("de+m5", 167, 40)},
    ),
    "P18": Casting(
        (AudioFile("P18.opus", (("interviewer", "interpreter", "participant"),)),),
        {
            ("interviewer", "en"): Voice("en+m8", 159, 44),
            ("interpreter", "es"): Voice("es+f3", 163, 55),
            ("interpreter", "en"): Voice("en-us+f3", 163, 55),
            ("participant", "es"): Voice("es+m5", 159, 47),
        },
    ),
}


def write_recordings(study: Path, folder: Path) -> None:
    """Write the audio of each excerpt, and beside it `<interview>.json` with the utterances and words heard in it."""
    folder.mkdir(parents=True, exist_ok=True)
    for excerpt in EXCERPTS:
        casting = CASTINGS[excerpt.interview]
        turns = read_turns(study, excerpt)
        draw = random.Random(excerpt.interview)  # noqa: S311
        voices = [casting.voices[turn.role, turn.line.language] for turn in turns]
        spoken = [
            lengthen_pauses(speak(turn.line.text, voice), draw) for turn, voice in zip(turns, voices, strict=True)
        ]
        utterances = lay_out(turns, spoken, draw)
        for file in casting.files:
            channels = np.stack([mix(utterances, spoken, roles) for roles in file.channels])
            audio = encode_opus(channels, BITS_PER_SECOND_PER_CHANNEL * len(channels))
            (folder / file.name).write_bytes(audio)
        truth = {
            "interview": excerpt.interview,
            "files": [asdict(file) for file in casting.files],
            "utterances": [asdict(utterance) for utterance in utterances],
        }
        written = json.dumps(truth, ensure_ascii=False, indent=1)
        (folder / f"{excerpt.interview}.json").write_text(written + "\n", encoding="utf-8")


def lengthen_pauses(speech: Speech, draw: random.Random) -> Speech:
    """Take a breath after each sentence, as people do and espeak-ng does not."""
    parts, words, added_ms, cut = list[Samples](), list[SpokenWord](), 0, 0
    for word in speech.words:
        if words and words[-1].text[-1] in ".?!":
            start = word.start_ms * SAMPLE_RATE_HZ // 1000
            pause_ms = draw.choice(ADDED_PAUSE_MS)
            parts += [speech.samples[cut:start], np.zeros(pause_ms * SAMPLE_RATE_HZ // 1000, np.int16)]
            added_ms, cut = added_ms + pause_ms, start
        words.append(SpokenWord(word.text, word.start_ms + added_ms, word.end_ms + added_ms))
    return Speech(np.concatenate([*parts, speech.samples[cut:]]), tuple(words))


def lay_out(turns: Sequence[Turn], spoken: Sequence[Speech], draw: random.Random) -> list[Utterance]:
    """Put the turns one after another, with a gap between them."""
    at_ms, utterances = LEAD_MS, []
    for turn, speech in zip(turns, spoken, strict=True):
        words = tuple(SpokenWord(word.text, word.start_ms + at_ms, word.end_ms + at_ms) for word in speech.words)
        start_ms, end_ms = words[0].start_ms, words[-1].end_ms
        line = turn.line
        utterances.append(Utterance(turn.index, turn.role, line.language, start_ms, end_ms, line.text, words))
        at_ms = end_ms + draw.choice(GAP_MS)
    return utterances


def mix(utterances: Sequence[Utterance], spoken: Sequence[Speech], roles: Sequence[str]) -> Samples:
    """The channel in which these roles are heard; it lasts until the end of the interview."""
    length = (utterances[-1].end_ms + LEAD_MS) * SAMPLE_RATE_HZ // 1000
    channel = np.zeros(length, np.int16)
    for utterance, speech in zip(utterances, spoken, strict=True):
        if utterance.role in roles:
            first = (utterance.start_ms - speech.words[0].start_ms) * SAMPLE_RATE_HZ // 1000
            channel[first : first + len(speech.samples)] = speech.samples
    return channel
