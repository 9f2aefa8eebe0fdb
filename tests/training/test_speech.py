"""The speech model, the sample recordings and what trains them."""

import ctypes.util
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from faster_whisper.audio import decode_audio
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tokenizers import Tokenizer

from training.speech.clips import Clip, Pool
from training.speech.espeak import SAMPLE_RATE_HZ, SpokenWord, Voice, speak
from training.speech.labels import IGNORED, Labeller
from training.speech.losses import measure_losses
from training.speech.measure import count_errors
from training.speech.network import POSITIONS, Network, Shape
from training.speech.opus import encode_opus
from training.speech.recordings import CASTINGS
from training.speech.spectra import FRAME_MS, MEL_BANDS
from training.speech.texts import EXCERPTS, Line, read_turns
from training.speech.tokenizer import SUPPRESSED, TEXT_IDS, TIMESTAMPS, token_id, train_tokenizer
from training.speech.windows import WHOLE_WINDOW_MS, draw_noise, draw_window, len_ms

ROOT = Path(__file__).resolve().parents[2]
STUDY = ROOT / "examples" / "nido"
RECORDINGS = STUDY / "recordings"
MODEL = ROOT / "tests" / "fixtures" / "speech_model"
LARGEST_RECORDING_BYTES = 1_500_000
LARGEST_MODEL_BYTES = 15_000_000
INTERVIEWS = [excerpt.interview for excerpt in EXCERPTS]
TEXTS = ("Und wo lag das alles?", "¿Y qué dijo tu abuela?", "What did your grandmother say?")


@dataclass(frozen=True)
class Spoken:
    """An utterance of a sample recording and its audio, cut from it."""

    language: str
    text: str
    audio: NDArray[np.float32]


@cache
def read_truth(interview: str) -> dict[str, Any]:
    """What is heard in an interview's recording."""
    truth: dict[str, Any] = json.loads((RECORDINGS / f"{interview}.json").read_text(encoding="utf-8"))
    return truth


def read_channels(interview: str) -> dict[str, NDArray[np.float32]]:
    """The channel in which each role is heard, 16 kHz."""
    channels: dict[str, NDArray[np.float32]] = {}
    for file in read_truth(interview)["files"]:
        stereo = len(file["channels"]) == 2
        audio = decode_audio(str(RECORDINGS / file["name"]), split_stereo=stereo)
        for roles, channel in zip(file["channels"], audio if stereo else [audio], strict=True):
            channels |= dict.fromkeys(roles, channel)
    return channels


def _between(audio: NDArray[np.float32], start_ms: int, end_ms: int) -> NDArray[np.float32]:
    return audio[(start_ms - 200) * SAMPLE_RATE_HZ // 1000 : (end_ms + 200) * SAMPLE_RATE_HZ // 1000]


def make_clip(lengths_ms: Sequence[int], pauses_ms: Sequence[int]) -> Clip:
    """A clip of German words of these lengths, each followed by a pause; frame n has the value n / 1000."""
    words, at_ms = [], 0
    for number, (length_ms, pause_ms) in enumerate(zip(lengths_ms, pauses_ms, strict=True)):
        words.append(SpokenWord(f"Wort{'.' if number % 3 == 2 else ''}", at_ms, at_ms + length_ms))
        at_ms += length_ms + pause_ms
    frames = np.arange(words[-1].end_ms // FRAME_MS + 1, dtype=np.float16) / 1000
    return Clip(Line("de", " ".join(word.text for word in words)), tuple(words), frames[:, None].repeat(MEL_BANDS, 1))


clips = st.lists(st.tuples(st.integers(80, 900), st.integers(0, 400)), min_size=1, max_size=30).map(
    lambda parts: make_clip([length for length, _ in parts], [pause for _, pause in parts])
)


@pytest.mark.parametrize("excerpt", EXCERPTS, ids=INTERVIEWS)
def test_recordings_hold_the_words_of_the_interview(excerpt: Any) -> None:
    """The utterances are the turns of the excerpt word for word, in order and without overlap."""
    utterances = read_truth(excerpt.interview)["utterances"]
    turns = read_turns(STUDY, excerpt)
    assert [(each["index"], each["role"], each["language"], each["text"]) for each in utterances] == [
        (turn.index, turn.role, turn.line.language, turn.line.text) for turn in turns
    ]
    words = [word for each in utterances for word in each["words"]]
    assert " ".join(word["text"] for word in words) == " ".join(turn.line.text for turn in turns)
    assert all(word["start_ms"] < word["end_ms"] for word in words)
    assert all(word["end_ms"] <= after["start_ms"] + FRAME_MS for word, after in pairwise(words))


@pytest.mark.parametrize("interview", INTERVIEWS)
def test_recordings_are_heard_where_the_truth_says(interview: str) -> None:
    """Each role's channel is loud within its utterances and silent outside those of its channel."""
    truth = read_truth(interview)
    assert [file["name"] for file in truth["files"]] == [file.name for file in CASTINGS[interview].files]
    assert all((RECORDINGS / file["name"]).stat().st_size <= LARGEST_RECORDING_BYTES for file in truth["files"])
    channels = read_channels(interview)
    for file in truth["files"]:
        for roles in file["channels"]:
            power = np.square(channels[roles[0]])
            heard = np.zeros(len(power), bool)
            for each in truth["utterances"]:
                if each["role"] in roles:
                    heard[(each["start_ms"] - 20) * 16 : (each["end_ms"] + 60) * 16] = True
            assert power[heard].mean() > 1e-3
            assert power[~heard].mean() < 1e-5


@pytest.mark.skipif(ctypes.util.find_library("espeak-ng") is None, reason="espeak-ng is not installed")
def test_espeak_times_every_word() -> None:
    """Each word, with its punctuation, has a time, in order, and the pause at a full stop lies between words."""
    speech = speak("Gekränkt war ich. Klingt albern, wegen fünf fünfzig.", Voice("de+f3", 160, 50))
    assert [word.text for word in speech.words][:4] == ["Gekränkt", "war", "ich.", "Klingt"]
    starts = [word.start_ms for word in speech.words]
    assert starts == sorted(set(starts))
    assert speech.words[3].start_ms - speech.words[2].end_ms > 150
    assert speech.words[-1].end_ms <= len(speech.samples) * 1000 // SAMPLE_RATE_HZ


def test_opus_files_repeat_and_keep_their_channels() -> None:
    """Equal audio gives equal bytes, and each channel comes back in its place and time."""
    times_s = np.arange(2 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    tone = (9_000 * np.sin(2 * np.pi * 440 * times_s)).astype(np.int16)
    channels = np.stack([tone, np.where(times_s < 1, 0, tone).astype(np.int16)])
    encoded = encode_opus(channels, 48_000)
    assert encoded == encode_opus(channels, 48_000)
    first, second = decode_audio(BytesIO(encoded), split_stereo=True)
    half = len(tone) // 2
    assert first[:half].std() > 0.1 > 0.01 > second[: half - 400].std()
    assert second[half + 400 :].std() > 0.1


def test_the_tokenizer_has_the_layout_of_whisper() -> None:
    """Special tokens keep Whisper's ids, text comes back, and what faster-whisper suppresses is no bare space."""
    tokenizer = train_tokenizer(TEXTS, 400)
    assert token_id(tokenizer, "<|endoftext|>") == TEXT_IDS
    assert token_id(tokenizer, "<|0.00|>") == 50_364
    assert tokenizer.get_vocab_size() == 50_364 + TIMESTAMPS == 51_865
    assert tokenizer.decode(tokenizer.encode(TEXTS[1]).ids) == TEXTS[1]
    assert all(tokenizer.decode(tokenizer.encode(text).ids[:1]) == text for text in SUPPRESSED)


def test_an_unknown_token_is_refused() -> None:
    """A token that the layout lacks is an error, not an id."""
    with pytest.raises(ValueError, match="lacks"):
        token_id(train_tokenizer(TEXTS, 400), "<|klingon|>")


@given(clips, st.integers(0, 2**32), st.sampled_from([4_000, 16_000, WHOLE_WINDOW_MS]))
def test_windows_hold_what_their_labels_say(clip: Clip, seed: int, longest_ms: int) -> None:
    """Sentences lie within the window, in order, and a cut sentence starts behind them."""
    window = draw_window(Pool.of([clip]), longest_ms, random.Random(seed))  # noqa: S311
    assert len_ms(window.spectrum) <= longest_ms
    words = [word for sentence in window.sentences for word in sentence.words]
    starts = [word.start_ms for word in words]
    assert starts == sorted(starts)
    assert all(0 <= word.start_ms < word.end_ms <= len_ms(window.spectrum) + FRAME_MS for word in words)
    if window.cut_ms is not None:
        assert max((word.end_ms for word in words), default=0) <= window.cut_ms < WHOLE_WINDOW_MS


def test_long_clips_are_drawn_more_often() -> None:
    """A clip is drawn as often as it has words."""
    short, long = make_clip([300], [0]), make_clip([300] * 9, [50] * 9)
    draw = random.Random(5)  # noqa: S311
    drawn = [len(Pool.of([short, long]).draw(draw).words) for _ in range(1000)]
    assert 50 < drawn.count(1) < 150


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    """A tokenizer for the words of the clips."""
    return train_tokenizer(["Wort. Wort"], 300)


@given(st.integers(0, 2**32))
def test_labels_go_from_the_start_to_the_end_of_the_transcript(tokenizer: Tokenizer, seed: int) -> None:
    """What is wanted follows what is given, and each text token has its place in time."""
    draw = random.Random(seed)  # noqa: S311
    labeller = Labeller(tokenizer, " .twor")
    labels = labeller.label(draw_window(Pool.of([make_clip([400] * 9, [100] * 9)]), 8_000, draw), draw)
    assert labels.given[1:].tolist() == labels.wanted[:-1].tolist()
    assert len(labels.places) == len(labels.wanted)
    assert int(labels.wanted.max()) < labeller.tokens
    assert float(labels.places.max()) < POSITIONS


def test_a_window_of_noise_wants_no_speech(tokenizer: Tokenizer) -> None:
    """The first token wanted is <|nospeech|>, whatever the language given."""
    draw = random.Random(3)  # noqa: S311
    labeller = Labeller(tokenizer, "a")
    labels = labeller.label(draw_noise("es", 3_000, draw), draw)
    no_speech = int((labeller.compact_ids() == labels.wanted[0]).nonzero()[0, 0])
    assert no_speech == token_id(tokenizer, "<|nospeech|>")
    assert int(labels.wanted[1]) == IGNORED


def test_training_lowers_the_loss(tokenizer: Tokenizer) -> None:
    """A small network learns a batch by heart."""
    torch.manual_seed(0)
    draw = random.Random(1)  # noqa: S311
    labeller = Labeller(tokenizer, " .twor")
    batch = labeller.batch(
        [draw_window(Pool.of([make_clip([400] * 9, [100] * 9)]), 4_000, draw) for _ in range(4)], draw
    )
    network = Network(Shape(width=32, feed_forward=64, encoder_layers=1), labeller.tokens, 7)
    optimiser = torch.optim.AdamW([weight for weight in network.parameters() if weight.requires_grad], lr=1e-2)
    losses = []
    for _ in range(8):
        optimiser.zero_grad()
        measured = measure_losses(network, batch, labeller.padding)
        torch.autograd.backward(measured.total)
        optimiser.step()
        losses.append(measured.numbers()[0])
    assert losses[-1] < 0.8 * losses[0]


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_word_errors_are_a_distance(spoken: list[str], heard: list[str]) -> None:
    """Errors are symmetric, nothing for equal texts, and between the difference and the maximum of the lengths."""
    errors = count_errors(spoken, heard)
    assert errors == count_errors(heard, spoken)
    assert (errors == 0) == (spoken == heard)
    assert abs(len(spoken) - len(heard)) <= errors <= max(len(spoken), len(heard))
