"""The document of a transcription, and how it is imported."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.importers import parse_transcript
from ingest.speech.transcription import ModelIdentity, SpokenCue, Transcription, Word, read_transcription
from ingest.transcript import Cue, TranscriptError

NAME = "recording.transcription.json"

CUE = SpokenCue(
    start_ms=100,
    end_ms=900,
    text="Mira, no.",
    language="es",
    speaker="left",
    confidence=0.25,
    words=(Word("Mira,", 100, 500, 0.2), Word("no.", 600, 900, 0.3)),
)
TRANSCRIPTION = Transcription(
    cues=(CUE,),
    duration_ms=1500,
    model=ModelIdentity("large-v3", "0123456789ab", "cuda", "float16"),
    options={"beam_size": 5, "condition_on_previous_text": False},
    versions={"faster-whisper": "1.2.1"},
    warnings=("declared as de, but es was heard: transcribed as es",),
)


def test_it_is_read_as_written() -> None:
    """Nothing is lost between writing and reading."""
    assert read_transcription(TRANSCRIPTION.to_json()) == TRANSCRIPTION


def test_it_is_imported_like_any_transcript() -> None:
    """Cues keep their times, speaker, language and confidence; warnings are passed on."""
    parsed = parse_transcript(TRANSCRIPTION.to_json(), NAME)
    assert parsed.format == "recording"
    assert parsed.cues == (Cue(0, "Mira, no.", 100, 900, speaker="left", language="es", confidence=0.25),)
    assert parsed.warnings == TRANSCRIPTION.warnings


def test_nobody_speaks() -> None:
    """A transcription without any cue is refused with words about the recording."""
    silent = Transcription((), 1500, None)
    with pytest.raises(TranscriptError, match="nobody was heard to speak"):
        parse_transcript(silent.to_json(), NAME)


def test_another_version() -> None:
    """A document of the future is not guessed at."""
    document = orjson.loads(TRANSCRIPTION.to_json()) | {"verbatim_transcription": 2}
    with pytest.raises(TranscriptError, match="a version other than 1"):
        parse_transcript(orjson.dumps(document), NAME)


@pytest.mark.parametrize("spoilt", [{"cues": 1}, {"cues": [1]}, {"cues": [{"text": None}]}, {"warnings": [1]}])
def test_spoilt_documents(spoilt: dict[str, object]) -> None:
    """A wrong value is named by its place."""
    document = orjson.loads(TRANSCRIPTION.to_json()) | spoilt
    with pytest.raises(TranscriptError, match=f"/{next(iter(spoilt))}"):
        parse_transcript(orjson.dumps(document), NAME)


@given(st.text(max_size=40), st.integers(0, 10**7), st.floats(0, 1))
def test_any_text_survives(text: str, start_ms: int, confidence: float) -> None:
    """Whatever a model writes, the document holds it."""
    spoken = Transcription((SpokenCue(start_ms, start_ms, text, "de", None, confidence),), start_ms, None)
    assert read_transcription(spoken.to_json()) == spoken
