"""Transcripts as speech recognisers hand them over in JSON: WhisperX segments, AssemblyAI utterances."""

import json
import random
from typing import Any

from examples.rendering.pacing import Piece, SpokenTurn, pace_interview
from examples.rendering.source import Interview, seeded_random


def render_whisperx(interview: Interview) -> bytes:
    """WhisperX: segments with words in seconds, speakers by number."""
    chance = seeded_random(f"whisperx {interview.id}")
    segments = [
        _whisperx_segment(turn.label, piece, chance) for turn in pace_interview(interview) for piece in turn.pieces
    ]
    return _dump({"segments": segments, "language": _spoken_language(interview)})


def render_assemblyai(interview: Interview) -> bytes:
    """AssemblyAI: an utterance for each turn, in milliseconds, speakers by letter."""
    chance = seeded_random(f"assemblyai {interview.id}")
    turns = pace_interview(interview)
    return _dump(
        {
            "id": f"nido-{interview.id.lower()}",
            "status": "completed",
            "language_code": _spoken_language(interview),
            "audio_duration": round(turns[-1].end_ms / 1000),
            "text": " ".join(turn.text for turn in turns),
            "utterances": [_assemblyai_utterance(turn, chance) for turn in turns],
        }
    )


def _whisperx_segment(speaker: str, piece: Piece, chance: random.Random) -> dict[str, Any]:
    return {
        "start": piece.start_ms / 1000,
        "end": piece.end_ms / 1000,
        "text": f" {piece.text}",
        "speaker": speaker,
        "words": [
            {"word": word, "start": start_ms / 1000, "end": end_ms / 1000, "score": _score(chance), "speaker": speaker}
            for word, start_ms, end_ms in _words(piece)
        ],
    }


def _assemblyai_utterance(turn: SpokenTurn, chance: random.Random) -> dict[str, Any]:
    words: list[dict[str, Any]] = [
        {"text": word, "start": start_ms, "end": end_ms, "confidence": _score(chance), "speaker": turn.label}
        for piece in turn.pieces
        for word, start_ms, end_ms in _words(piece)
    ]
    return {
        "speaker": turn.label,
        "start": turn.start_ms,
        "end": turn.end_ms,
        "confidence": round(sum(word["confidence"] for word in words) / len(words), 3),
        "text": turn.text,
        "words": words,
    }


def _words(piece: Piece) -> list[tuple[str, int, int]]:
    """The words of a piece, each with the share of its time that its letters take."""
    words = piece.text.split(" ")
    letters = sum(map(len, words))
    spoken = 0
    timed = []
    for word in words:
        start_ms = piece.start_ms + (piece.end_ms - piece.start_ms) * spoken // letters
        spoken += len(word)
        timed.append((word, start_ms, piece.start_ms + (piece.end_ms - piece.start_ms) * spoken // letters))
    return timed


def _score(chance: random.Random) -> float:
    return round(chance.uniform(0.62, 0.99), 3)


def _spoken_language(interview: Interview) -> str:
    return next(turn.language for turn in interview.turns if turn.role == "participant")


def _dump(document: dict[str, Any]) -> bytes:
    """JSON with a line for each segment or utterance, so that a change can be read."""
    parts = []
    for key, value in document.items():
        if isinstance(value, list):
            lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in value)
            parts.append(f"{json.dumps(key)}: [\n{lines}\n]")
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()
