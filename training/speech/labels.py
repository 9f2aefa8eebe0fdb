"""What the network learns of a window: its tokens, when each is heard, and its spelling."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from training.speech.network import POSITIONS
from training.speech.tokenizer import (
    END,
    NO_SPEECH,
    NO_TIMESTAMPS,
    START,
    TEXT_IDS,
    TIMESTAMP_MS,
    TIMESTAMPS,
    TRANSCRIBE,
    text_token_count,
    token_id,
)
from training.speech.windows import Sentence, Window

IGNORED = -100
UNTIMED = -1.0
UNTIMED_TEXT_SHARE = 0.1
"""Windows whose labels have no timestamps."""


@dataclass(frozen=True)
class Labels:
    """Of one window: what goes in, what comes out after each, and where that is heard, in positions of the encoder."""

    given: Tensor
    wanted: Tensor
    places: Tensor
    spelling: Tensor


@dataclass(frozen=True)
class Batch:
    """Windows padded to the longest; shapes (batch, n_frames, mel_bands) and (batch, n_tokens)."""

    spectra: Tensor
    given: Tensor
    wanted: Tensor
    places: Tensor
    spellings: list[Tensor]
    positions: Tensor
    """How many positions of the encoder each window fills, shape (batch,)."""


@dataclass(frozen=True)
class Padding:
    """The ids between text and special tokens that stand for nothing: the compact id of all, and how many they are."""

    compact_id: int
    count: int


class Labeller:
    """Writes windows as tokens; ids are compact: one stands for all the padding of the vocabulary."""

    def __init__(self, tokenizer: Tokenizer, characters: str) -> None:
        self._tokenizer = tokenizer
        texts = text_token_count(tokenizer)
        self.padding = Padding(texts, TEXT_IDS - texts)
        self._specials = texts + 1
        self.tokens = self._specials + tokenizer.get_vocab_size() - TEXT_IDS
        self._characters = {character: number for number, character in enumerate(characters, start=1)}

    def compact_ids(self) -> Tensor:
        """The compact id of every id of Whisper's layout."""
        padding = torch.full((self.padding.count,), self.padding.compact_id)
        return torch.cat([torch.arange(self.padding.compact_id), padding, torch.arange(self._specials, self.tokens)])

    def label(self, window: Window, draw: random.Random) -> Labels:
        """Write one window."""
        start = [self._special(START), self._special(f"<|{window.language}|>"), self._special(TRANSCRIBE)]
        timed = draw.random() >= UNTIMED_TEXT_SHARE or window.cut_ms is not None or not window.sentences
        body = self._timed(window) if timed else self._untimed(window)
        tokens = start + [token for token, _ in body] + [self._special(END)]
        wanted = tokens[1:]
        if not window.sentences and window.cut_ms is None:
            wanted[:2] = [self._special(NO_SPEECH), IGNORED]
        places = [UNTIMED, UNTIMED, *(place for _, place in body), UNTIMED]
        characters = " ".join(sentence.text for sentence in window.sentences).lower()
        spelling = [self._characters[character] for character in characters if character in self._characters]
        spelled = window.cut_ms is None
        return Labels(
            torch.tensor(tokens[:-1]),
            torch.tensor(wanted),
            torch.tensor(places),
            torch.tensor(spelling if spelled else [], dtype=torch.long),
        )

    def _timed(self, window: Window) -> list[tuple[int, float]]:
        body = [part for sentence in window.sentences for part in self._timed_sentence(sentence)]
        if window.cut_ms is not None:
            body.append(self._timestamp(window.cut_ms))
        return body or [self._timestamp(0)]

    def _timed_sentence(self, sentence: Sentence) -> list[tuple[int, float]]:
        start, end = sentence.words[0].start_ms, sentence.words[-1].end_ms
        return [self._timestamp(start), *self._text(sentence), self._timestamp(end)]

    def _untimed(self, window: Window) -> list[tuple[int, float]]:
        text = [part for sentence in window.sentences for part in self._text(sentence)]
        return [(self._special(NO_TIMESTAMPS), UNTIMED), *text]

    def _text(self, sentence: Sentence) -> list[tuple[int, float]]:
        """Tokens of the words, each at its share of the word's time."""
        parts = []
        for word in sentence.words:
            tokens = self._tokenizer.encode(f" {word.text}").ids
            length_ms = word.end_ms - word.start_ms
            for number, token in enumerate(tokens):
                heard_ms = word.start_ms + length_ms * (number + 0.5) / len(tokens)
                parts.append((token, heard_ms / TIMESTAMP_MS))
        return parts

    def _timestamp(self, time_ms: int) -> tuple[int, float]:
        number = min(round(time_ms / TIMESTAMP_MS), TIMESTAMPS - 1)
        return self._special("<|0.00|>") + number, time_ms / TIMESTAMP_MS

    def _special(self, token: str) -> int:
        return token_id(self._tokenizer, token) - TEXT_IDS + self._specials

    def batch(self, windows: Sequence[Window], draw: random.Random) -> Batch:
        """Label windows and pad them to the longest; padded spectra are zero, as faster-whisper has them."""
        labels = [self.label(window, draw) for window in windows]
        spectra = pad_sequence([torch.from_numpy(window.spectrum) for window in windows], batch_first=True)
        spectra = torch.nn.functional.pad(spectra, (0, 0, 0, spectra.shape[1] % 2))[:, : 2 * POSITIONS]
        return Batch(
            spectra,
            pad_sequence([label.given for label in labels], batch_first=True),
            pad_sequence([label.wanted for label in labels], batch_first=True, padding_value=IGNORED),
            pad_sequence([label.places for label in labels], batch_first=True, padding_value=UNTIMED),
            [label.spelling for label in labels],
            torch.tensor([len(window.spectrum) // 2 for window in windows]),
        )
