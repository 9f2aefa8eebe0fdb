"""JSON of speech recognisers: ours, Whisper, WhisperX, whisper.cpp, AssemblyAI, Deepgram, each known by its shape."""

import math
from collections.abc import Iterator
from statistics import fmean

import orjson

from ingest.importers.cue_markup import primary_language
from ingest.importers.json_node import Node
from ingest.importers.pieces import Piece, collect
from ingest.importers.refusal import refusal
from ingest.importers.transcription import parse_transcription
from ingest.speech.transcription import SIGNATURE
from ingest.transcript import ParsedTranscript

_SECOND_MS = 1000


def parse_json(text: str) -> ParsedTranscript:
    """Parse the JSON of a recogniser; raise `TranscriptError` with a JSON pointer when a value is wrong."""
    try:
        document = Node(orjson.loads(text))
    except orjson.JSONDecodeError as error:
        raise refusal(f"not valid JSON ({error.msg})", "export the file again", f"line {error.lineno}") from error
    if isinstance(document.value, list):
        document = Node({"segments": document.value})
    if document[SIGNATURE].value is not None:
        return parse_transcription(document)
    if isinstance(document["results"].value, dict):
        return collect("deepgram", _deepgram(document["results"]))
    if document["utterances"].value is not None:
        return collect("assemblyai", _utterances(document["utterances"], unit_ms=1))
    if document["transcription"].value is not None:
        return collect("whisper.cpp", _whisper_cpp(document["transcription"]))
    if document["segments"].value is not None:
        pieces = list(_segments(document["segments"]))
        has_words = any(segment["words"].value is not None for segment in document["segments"].items())
        return collect("whisperx" if has_words and any(piece.speaker for piece in pieces) else "whisper", pieces)
    raise refusal(
        "JSON of a shape that is not known",
        "give the JSON of Whisper or WhisperX (segments), AssemblyAI (utterances) or Deepgram (results)",
    )


def _segments(segments: Node) -> Iterator[Piece]:
    """Read Whisper's and WhisperX's segments; times in seconds."""
    for segment in segments.items():
        yield Piece(
            text=segment["text"].text(),
            start_ms=segment["start"].time_ms(_SECOND_MS),
            end_ms=segment["end"].time_ms(_SECOND_MS),
            speaker=segment["speaker"].label(),
            language=primary_language(segment["language"].label() or ""),
            confidence=_segment_confidence(segment),
        )


def _segment_confidence(segment: Node) -> float | None:
    """Mean score of a segment's words, else the likelihood of its tokens."""
    scores = [score for word in segment["words"].items() if (score := word["score"].share()) is not None]
    if scores:
        return fmean(scores)
    log_probability = segment["avg_logprob"].number()
    return None if log_probability is None else math.exp(min(0.0, log_probability))


def _whisper_cpp(segments: Node) -> Iterator[Piece]:
    """Read whisper.cpp's segments; times in milliseconds."""
    for segment in segments.items():
        offsets = segment["offsets"]
        yield Piece(segment["text"].text(), offsets["from"].time_ms(1), offsets["to"].time_ms(1))


def _utterances(utterances: Node, unit_ms: int) -> Iterator[Piece]:
    """Read utterances of AssemblyAI (times in milliseconds) or Deepgram (times in seconds)."""
    for utterance in utterances.items():
        words = utterance["transcript"] if utterance["text"].value is None else utterance["text"]
        yield Piece(
            text=words.text(),
            start_ms=utterance["start"].time_ms(unit_ms),
            end_ms=utterance["end"].time_ms(unit_ms),
            speaker=utterance["speaker"].label(),
            confidence=utterance["confidence"].share(),
        )


def _deepgram(results: Node) -> list[Piece]:
    """Read Deepgram's utterances, else the paragraphs of its channels, in order of time."""
    if results["utterances"].value is not None:
        return list(_utterances(results["utterances"], _SECOND_MS))
    channels = list(results["channels"].items())
    pieces = [
        piece
        for number, channel in enumerate(channels)
        for piece in _channel(channel, f"Channel {number}" if len(channels) > 1 else None)
    ]
    return sorted(pieces, key=lambda piece: piece.start_ms or 0) if len(channels) > 1 else pieces


def _channel(channel: Node, name: str | None) -> Iterator[Piece]:
    """Read the best alternative of a channel, sentence by sentence."""
    for alternative in list(channel["alternatives"].items())[:1]:
        paragraphs = list(alternative["paragraphs"]["paragraphs"].items())
        if not paragraphs:
            yield Piece(alternative["transcript"].text(), speaker=name, confidence=alternative["confidence"].share())
        for paragraph in paragraphs:
            for sentence in paragraph["sentences"].items():
                yield Piece(
                    text=sentence["text"].text(),
                    start_ms=sentence["start"].time_ms(_SECOND_MS),
                    end_ms=sentence["end"].time_ms(_SECOND_MS),
                    speaker=paragraph["speaker"].label() or name,
                )
