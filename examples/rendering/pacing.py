"""When each word was said: turns cut into the pieces that a platform shows at a time, with their milliseconds."""

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from examples.rendering.source import Interview, seeded_random

WORDS_PER_S = 2.4
SHORTEST_PIECE_MS = 400
PIECE_CHARACTERS = (48, 80)
START_MS = (2500, 6000)
PIECE_PAUSE_MS = (0, 250)
TURN_PAUSE_MS = (350, 1400)
INTERPRETER_DELAY_MS = (1600, 2600)
OVERLAP_MS = (150, 600)
OVERLAP_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of whole words that is shown at a time."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """One turn with the label that the platform shows for its speaker; the pieces joined by spaces are its text."""

    label: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The whole turn."""
        return " ".join(piece.text for piece in self.pieces)

    @property
    def start_ms(self) -> int:
        """When the turn begins."""
        return self.pieces[0].start_ms

    @property
    def end_ms(self) -> int:
        """When the turn ends."""
        return self.pieces[-1].end_ms


def pace_interview(interview: Interview, *, overlapping: bool = False) -> tuple[SpokenTurn, ...]:
    """Give every turn its time, at the pace of talk; `overlapping` lets some speakers begin before the other ends."""
    chance = seeded_random(f"pace {interview.id}")
    now_ms = _draw_ms(chance, START_MS)
    spoken: list[SpokenTurn] = []
    for turn in interview.turns:
        if spoken:
            last = spoken[-1].pieces[-1]
            now_ms = last.end_ms + _gap_ms(chance, turn.role, last, overlapping=overlapping)
        pieces = tuple(_place_pieces(cut_text(turn.text, chance), now_ms, chance))
        spoken.append(SpokenTurn(interview.label_of(turn), pieces))
    return tuple(spoken)


def cut_text(text: str, chance: random.Random) -> list[str]:
    """Cut a turn at spaces into pieces of about equal length, mostly in mid-sentence, as platforms do."""
    count = math.ceil(len(text) / chance.uniform(*PIECE_CHARACTERS))
    pieces: list[list[str]] = [[]]
    written = 0
    for word in text.split(" "):
        if pieces[-1] and written >= len(text) * len(pieces) / count:
            pieces.append([])
        pieces[-1].append(word)
        written += len(word) + 1
    return [" ".join(words) for words in pieces]


def _place_pieces(texts: Sequence[str], start_ms: int, chance: random.Random) -> Iterable[Piece]:
    for text in texts:
        seconds = len(text.split(" ")) / WORDS_PER_S * chance.uniform(0.92, 1.08)
        end_ms = start_ms + max(SHORTEST_PIECE_MS, round(1000 * seconds))
        yield Piece(text, start_ms, end_ms)
        start_ms = end_ms + _draw_ms(chance, PIECE_PAUSE_MS)


def _gap_ms(chance: random.Random, role: str, last: Piece, *, overlapping: bool) -> int:
    """Silence before a turn; negative where its speaker does not wait for the end of the last piece."""
    if role == "interpreter":
        return _draw_ms(chance, INTERPRETER_DELAY_MS)
    if overlapping and chance.random() < OVERLAP_SHARE:
        return -min(_draw_ms(chance, OVERLAP_MS), (last.end_ms - last.start_ms) // 2)
    return _draw_ms(chance, TURN_PAUSE_MS)


def _draw_ms(chance: random.Random, limits_ms: tuple[int, int]) -> int:
    return round(chance.uniform(*limits_ms))
