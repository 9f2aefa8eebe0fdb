"""Speech of espeak-ng with the time of every word, through its C library."""

import ctypes
import ctypes.util
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly  # type: ignore[import-untyped]

Samples = NDArray[np.int16]
"""Mono audio, shape (n_samples,)."""

SAMPLE_RATE_HZ = 16_000
RETRIEVE_SAMPLES, RATE, PITCH, UTF8, WORD_EVENT = 1, 1, 3, 1, 1
"""AUDIO_OUTPUT_RETRIEVAL, espeakRATE, espeakPITCH, espeakCHARS_UTF8 and espeakEVENT_WORD of speak_lib.h."""
AUDIBLE = 150
"""Sample values above it are speech."""


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True)
class Voice:
    """A voice of espeak-ng, such as de+f2, its speed and its pitch (0 to 99)."""

    name: str
    words_per_minute: int
    pitch: int


@dataclass(frozen=True)
class SpokenWord:
    """A word as written, with the punctuation that touches it, and when it is heard."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class Speech:
    """A spoken line, 16 kHz, from the first audible sample to the last."""

    samples: Samples
    words: tuple[SpokenWord, ...]


@cache
def _library() -> tuple[ctypes.CDLL, int]:
    """Load espeak-ng once; returns it and its sample rate."""
    name = ctypes.util.find_library("espeak-ng")
    if name is None:
        raise SystemExit("espeak-ng is needed and was not found: install it, for example with: apt install espeak-ng")
    library = ctypes.CDLL(name)
    library.espeak_Initialize.restype = ctypes.c_int
    return library, library.espeak_Initialize(RETRIEVE_SAMPLES, 0, None, 0)


def speak(text: str, voice: Voice) -> Speech:
    """Speak one line; the times of its words are those that espeak-ng reports."""
    library, rate_hz = _library()
    chunks: list[Samples] = []
    heard: dict[int, int] = {}

    def collect(samples: "ctypes._Pointer[ctypes.c_short]", count: int, events: "ctypes._Pointer[_Event]") -> int:
        if samples and count:
            chunks.append(np.ctypeslib.as_array(samples, (count,)).astype(np.int16))
        position = 0
        while events[position].type:
            event = events[position]
            if event.type == WORD_EVENT:
                heard.setdefault(event.text_position - 1, event.audio_position)
            position += 1
        return 0

    callback = _Callback(collect)
    library.espeak_SetSynthCallback(callback)
    if library.espeak_SetVoiceByName(voice.name.encode()):
        raise ValueError(f"espeak-ng has no voice {voice.name}")
    library.espeak_SetParameter(RATE, voice.words_per_minute, 0)
    library.espeak_SetParameter(PITCH, voice.pitch, 0)
    encoded = text.encode() + b"\0"
    library.espeak_Synth(encoded, len(encoded), 0, 1, 0, UTF8, None, None)
    library.espeak_Synchronize()
    return _timed(text, np.concatenate(chunks), rate_hz, heard)


def _timed(text: str, spoken: Samples, rate_hz: int, heard: dict[int, int]) -> Speech:
    """Resample, trim silence at both ends and give each word its time."""
    samples = resample_poly(spoken.astype(np.float32), SAMPLE_RATE_HZ, rate_hz)
    samples = samples.clip(-32_768, 32_767).astype(np.int16)
    audible = np.flatnonzero(np.abs(samples) > AUDIBLE)
    first, last = int(audible[0]), int(audible[-1]) + 1
    offset_ms = first * 1000 // SAMPLE_RATE_HZ
    samples = samples[first:last]
    tokens = list(re.finditer(r"\S+", text))
    starts = _word_starts(tokens, {place: time - offset_ms for place, time in heard.items()}, samples)
    return Speech(samples, tuple(_words(tokens, starts, samples)))


def _word_starts(tokens: Sequence[re.Match[str]], heard: dict[int, int], samples: Samples) -> list[int]:
    """The start of each token in milliseconds; one that espeak-ng joins to its neighbour gets a time in between."""
    known: dict[int, float] = {len(tokens): len(samples) * 1000 / SAMPLE_RATE_HZ}
    for number, token in enumerate(tokens):
        times = [time for place, time in heard.items() if token.start() <= place < token.end()]
        if times:
            known[number] = max(0, min(times))
    known.setdefault(0, 0)
    places = sorted(known)
    starts = np.interp(np.arange(len(tokens)), places, [known[place] for place in places])
    return [int(start) for start in np.maximum.accumulate(starts)]


def _words(tokens: Sequence[re.Match[str]], starts: Sequence[int], samples: Samples) -> list[SpokenWord]:
    """Each word ends with the last audible sample before the next one starts."""
    ends = [*starts[1:], len(samples) * 1000 // SAMPLE_RATE_HZ]
    words = []
    for token, start_ms, end_ms in zip(tokens, starts, ends, strict=True):
        first = start_ms * SAMPLE_RATE_HZ // 1000
        audible = np.flatnonzero(np.abs(samples[first : end_ms * SAMPLE_RATE_HZ // 1000]) > AUDIBLE)
        end = first + int(audible[-1]) + 1 if len(audible) else first
        words.append(SpokenWord(token.group(), start_ms, max(start_ms + 10, end * 1000 // SAMPLE_RATE_HZ)))
    return words
