"""Caption files as the platforms write them: WebVTT, Teams, Zoom, SubRip."""

import html
import random
import textwrap
import uuid
from collections.abc import Iterator, Sequence

from examples.rendering.pacing import Piece, SpokenTurn, pace_interview
from examples.rendering.source import Interview, seeded_random

LINE_CHARACTERS = 42


def render_vtt(interview: Interview) -> bytes:
    """WebVTT with a voice span in every cue."""
    blocks = ["WEBVTT", f"NOTE {interview.id}, recorded {interview.date.isoformat()}"]
    for turn in pace_interview(interview):
        blocks += [f"{_vtt_times(piece)}\n<v {_escape(turn.label)}>{_escape(piece.text)}" for piece in turn.pieces]
    return _join_blocks(blocks)


def render_teams_vtt(interview: Interview) -> bytes:
    """Teams: `GUID/N-k` identifiers out of order, encoded names, wrapped lines, speakers who do not wait."""
    chance = seeded_random(f"teams {interview.id}")
    call = uuid.UUID(int=chance.getrandbits(128), version=4)
    turns = pace_interview(interview, overlapping=True)
    blocks = ["WEBVTT"]
    for number, turn in zip(_disordered_numbers(len(turns), chance), turns, strict=True):
        name = _encode_name(turn.label)
        for part, piece in enumerate(turn.pieces):
            text = "\n".join(_wrap(_escape(piece.text)))
            blocks.append(f"{call}/{number}-{part}\n{_vtt_times(piece)}\n<v {name}>{text}</v>")
    return _join_blocks(blocks)


def render_zoom_vtt(interview: Interview) -> bytes:
    """Zoom: numbered cues, `Name: text` where somebody begins, no name where they go on."""
    blocks = ["WEBVTT"]
    for turn in pace_interview(interview):
        for piece, text in zip(turn.pieces, _name_first(turn), strict=True):
            blocks.append(f"{len(blocks)}\n{_vtt_times(piece)}\n{text}")
    return _join_blocks(blocks)


def render_srt(interview: Interview) -> bytes:
    """SubRip, `Name: text` in every cue."""
    return _srt(interview, repeat_names=True).encode()


def render_srt_cp1252(interview: Interview) -> bytes:
    """SubRip in the Western European code page of Windows, the name where somebody begins."""
    return _srt(interview, repeat_names=False).encode("cp1252")


def render_srt_windows(interview: Interview) -> bytes:
    """SubRip with a byte order mark and Windows line ends."""
    return _srt(interview, repeat_names=True).replace("\n", "\r\n").encode("utf-8-sig")


def _srt(interview: Interview, *, repeat_names: bool) -> str:
    blocks: list[str] = []
    for turn in pace_interview(interview):
        texts = [f"{turn.label}: {piece.text}" for piece in turn.pieces] if repeat_names else _name_first(turn)
        for piece, text in zip(turn.pieces, texts, strict=True):
            times = f"{_clock(piece.start_ms, ',')} --> {_clock(piece.end_ms, ',')}"
            blocks.append("\n".join([str(len(blocks) + 1), times, *_wrap(text)]))
    return "\n\n".join(blocks) + "\n"


def _name_first(turn: SpokenTurn) -> list[str]:
    first, *others = (piece.text for piece in turn.pieces)
    return [f"{turn.label}: {first}", *others]


def _disordered_numbers(count: int, chance: random.Random) -> Iterator[int]:
    """Distinct numbers with gaps, mostly rising: what Teams calls its utterances."""
    number = 0
    held_back: list[int] = []
    for _ in range(count):
        number += chance.choice((1, 1, 2, 5))
        held_back.append(number)
        if len(held_back) > 2:
            yield held_back.pop(chance.randrange(2))
    yield from held_back


def _encode_name(name: str) -> str:
    return "".join(character if character.isascii() else f"&#{ord(character)};" for character in name)


def _escape(text: str) -> str:
    return html.escape(text, quote=False)


def _wrap(text: str) -> Sequence[str]:
    return textwrap.wrap(text, LINE_CHARACTERS, break_long_words=False, break_on_hyphens=False)


def _vtt_times(piece: Piece) -> str:
    return f"{_clock(piece.start_ms, '.')} --> {_clock(piece.end_ms, '.')}"


def _clock(milliseconds: int, decimal_mark: str) -> str:
    seconds, milliseconds = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{decimal_mark}{milliseconds:03}"


def _join_blocks(blocks: Sequence[str]) -> bytes:
    return ("\n\n".join(blocks) + "\n").encode()
