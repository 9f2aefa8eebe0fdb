"""A speech model that hears what it is told to, and what a good one hears in the sample recordings."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.speech.recordings import SpeechProcess
from ingest.speech.task import SpeechTask, Track
from ingest.speech.transcription import ModelIdentity, SpokenCue, Transcription, Word

RECORDINGS = Path(__file__).resolve().parents[2] / "examples" / "nido" / "recordings"


def truth(person: str) -> list[dict[str, Any]]:
    """What is said in a sample recording, and when."""
    said: list[dict[str, Any]] = json.loads((RECORDINGS / f"{person}.json").read_text(encoding="utf-8"))["utterances"]
    return said


def transcription(person: str, confidence: float = 0.9, labels: dict[str, str] | None = None) -> Transcription:
    """What a good model hears in a sample recording; `labels` are those of the tracks, by role."""
    cues = []
    for each in truth(person):
        label = (labels or {}).get(each["role"])
        words = tuple(Word(word["text"], word["start_ms"], word["end_ms"], confidence) for word in each["words"])
        cues.append(SpokenCue(each["start_ms"], each["end_ms"], each["text"], "de", label, confidence, words))
    return Transcription(tuple(cues), cues[-1].end_ms + 500, ModelIdentity("scripted", "1", "cpu", "int8"))


@dataclass
class ScriptedSpeech(SpeechProcess):
    """A transcriber that hears what it is told to, and does something meanwhile."""

    heard: Transcription | Exception
    meanwhile: Callable[[], None] = lambda: None
    tells: bool = True
    tracks: list[Sequence[Track]] = field(default_factory=list)
    tasks: list[SpeechTask] = field(default_factory=list)

    def transcribe(
        self, tracks: Sequence[Track], task: SpeechTask, progress: Callable[[int, int], None]
    ) -> Transcription:
        """Hear."""
        self.tracks.append(tracks)
        self.tasks.append(task)
        self.meanwhile()
        if isinstance(self.heard, Exception):
            raise self.heard
        if self.tells:
            progress(self.heard.duration_ms, self.heard.duration_ms)
        return self.heard
