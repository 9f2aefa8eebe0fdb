"""JSON of speech recognisers."""

import json
import math
from typing import Any

import pytest

from ingest.importers import parse_transcript
from ingest.transcript import Cue, ParsedTranscript, TranscriptError


def parse(document: Any) -> ParsedTranscript:
    """Parse a document as the file of a recogniser."""
    return parse_transcript(json.dumps(document).encode(), "call.json")


def test_whisper() -> None:
    """Segments in seconds; the likelihood of the tokens is the confidence."""
    segment = {"id": 0, "start": 0.0, "end": 1.5, "text": " Hola.", "avg_logprob": -0.25, "no_speech_prob": 0.01}
    parsed = parse({"text": " Hola.", "language": "es", "segments": [segment]})
    assert parsed.format == "whisper"
    assert parsed.cues == (Cue(0, "Hola.", 0, 1500, confidence=math.exp(-0.25)),)


def test_whisperx() -> None:
    """Segments with speakers and words; a segment that nobody was found for has no speaker."""
    words = [
        {"word": "Na", "start": 0.1, "end": 0.2, "score": 0.5},
        {"word": "ja", "score": 1.0, "speaker": "SPEAKER_00"},
    ]
    parsed = parse(
        {
            "segments": [
                {"start": 0.1, "end": 0.9, "text": " Na ja", "words": words, "speaker": "SPEAKER_00"},
                {"start": 1.0, "end": 2.0, "text": "Hm.", "words": []},
            ],
            "word_segments": words,
        }
    )
    assert parsed.format == "whisperx"
    assert parsed.cues == (
        Cue(0, "Na ja", 100, 900, speaker="SPEAKER_00", confidence=0.75),
        Cue(1, "Hm.", 1000, 2000),
    )


def test_whisper_cpp() -> None:
    """Offsets in milliseconds."""
    parsed = parse({"transcription": [{"offsets": {"from": 0, "to": 900}, "text": " Hi"}]})
    assert (parsed.format, parsed.cues) == ("whisper.cpp", (Cue(0, "Hi", 0, 900),))


def test_a_bare_list_of_segments() -> None:
    """Segments without a document around them, with the language of each."""
    parsed = parse([{"start": 1, "end": 2, "text": "Sí", "speaker": "Carmen", "language": "es"}])
    assert parsed.cues == (Cue(0, "Sí", 1000, 2000, speaker="Carmen", language="es"),)


def test_assemblyai() -> None:
    """Utterances in milliseconds."""
    utterance = {"speaker": "A", "start": 250, "end": 1250, "text": "Hi.", "confidence": 0.9, "words": []}
    parsed = parse({"id": "x", "status": "completed", "text": "Hi.", "utterances": [utterance]})
    assert (parsed.format, parsed.cues) == ("assemblyai", (Cue(0, "Hi.", 250, 1250, speaker="A", confidence=0.9),))


def test_deepgram_utterances() -> None:
    """Utterances in seconds, speakers as numbers."""
    utterance = {"speaker": 1, "start": 0.25, "end": 1.25, "transcript": "Hi.", "confidence": 0.9, "channel": 0}
    parsed = parse({"metadata": {}, "results": {"channels": [], "utterances": [utterance]}})
    assert (parsed.format, parsed.cues) == (
        "deepgram",
        (Cue(0, "Hi.", 250, 1250, speaker="Speaker 1", confidence=0.9),),
    )


def deepgram_channel(speaker: int | None, *sentences: tuple[float, str]) -> dict[str, Any]:
    """A channel of Deepgram with one paragraph."""
    paragraph: dict[str, Any] = {
        "sentences": [{"text": text, "start": start, "end": start + 1} for start, text in sentences]
    }
    if speaker is not None:
        paragraph["speaker"] = speaker
    return {"alternatives": [{"transcript": "…", "paragraphs": {"paragraphs": [paragraph]}}]}


def test_deepgram_paragraphs() -> None:
    """Paragraphs of one channel, sentence by sentence."""
    parsed = parse({"results": {"channels": [deepgram_channel(0, (0.5, "Hi."), (2, "So."))]}})
    assert [(cue.speaker, cue.start_ms, cue.text) for cue in parsed.cues] == [
        ("Speaker 0", 500, "Hi."),
        ("Speaker 0", 2000, "So."),
    ]


def test_deepgram_channels_are_speakers_in_order_of_time() -> None:
    """Several channels are put together as people spoke."""
    channels = [deepgram_channel(None, (0, "Hi."), (4, "So.")), deepgram_channel(None, (2, "Ho."))]
    parsed = parse({"results": {"channels": channels}})
    assert [(cue.speaker, cue.text) for cue in parsed.cues] == [
        ("Channel 0", "Hi."),
        ("Channel 1", "Ho."),
        ("Channel 0", "So."),
    ]


@pytest.mark.parametrize(
    ("document", "place", "problem"),
    [
        ({"segments": [{"text": "a"}, {"text": 5}]}, "/segments/1/text", "a number where a text belongs"),
        ({"segments": [{"start": 0}]}, "/segments/0/text", "null where a text belongs"),
        ({"segments": [{"text": "a", "start": "1"}]}, "/segments/0/start", "a text where a number belongs"),
        ({"segments": [{"text": "a", "start": True}]}, "/segments/0/start", "a truth value where a number belongs"),
        ({"segments": [{"text": "a", "start": -1}]}, "/segments/0/start", "-1 is no time of a recording"),
        ({"segments": [{"text": "a", "end": 172_800}]}, "/segments/0/end", "172800 is no time of a recording"),
        ({"segments": [{"text": "a", "speaker": []}]}, "/segments/0/speaker", "a list where a text or a whole number"),
        ({"segments": {}}, "/segments", "an object where a list belongs"),
        ({"utterances": [{"text": "a", "confidence": "x"}]}, "/utterances/0/confidence", "a text where a number"),
        ({"segments": ["a"]}, "/segments/0/text", "null where a text belongs"),
    ],
)
def test_wrong_values(document: dict[str, Any], place: str, problem: str) -> None:
    """A wrong value is refused with its JSON pointer."""
    with pytest.raises(TranscriptError) as caught:
        parse(document)
    assert [(fault.place, fault.problem.startswith(problem)) for fault in caught.value.faults] == [
        (f"call.json, {place}", True)
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "line 1: not valid JSON"),
        ('{"segments": [{"text": "a", "start": NaN}]}', "line 1: not valid JSON"),
        ('{"segments": [{"text": "a", "start": 1e999}]}', "line 1: not valid JSON"),
        ("[" * 100_000, "line 1: not valid JSON"),
        ('{"a": 1}', "JSON of a shape that is not known"),
        ("5", "JSON of a shape that is not known"),
        ('{"segments": []}', "no speech"),
        ('{"results": 5}', "JSON of a shape that is not known"),
        ('{"results": {}}', "no speech"),
    ],
)
def test_wrong_documents(text: str, problem: str) -> None:
    """What is no document of a known recogniser is refused."""
    with pytest.raises(TranscriptError, match=problem):
        parse_transcript(text.encode(), "call.json")
