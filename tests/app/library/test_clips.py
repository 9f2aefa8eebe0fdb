"""Clips hold what was said in their time, of any recording, and a hostile one harms nobody."""

import io
from pathlib import Path

import numpy as np
import pytest
from recording_factory import CODECS, HZ, heard_seconds, read_recording, tones, write_recording

from app.errors import InvalidInputError
from app.library.clips import MARGIN_MS, MOST_CLIP_MS, Extent, cut_clip
from app.library.cutting import NothingThereError, cut

SECONDS = 20


@pytest.fixture(scope="module", params=list(CODECS))
def recording(request: pytest.FixtureRequest) -> bytes:
    """Twenty seconds in any container."""
    return write_recording(tones(SECONDS), request.param)


@pytest.mark.parametrize(("start_s", "end_s"), [(0.0, 2.0), (7.5, 11.5), (13.2, 13.9), (18.0, 20.0)])
def test_a_clip_holds_its_time(recording: bytes, start_s: float, end_s: float) -> None:
    """Each tenth of a second of the clip is that of the recording, but where one tone gives way to the next."""
    sound = read_recording(cut(io.BytesIO(recording), start_s, end_s))
    heard = heard_seconds(sound)
    assert len(sound) / HZ == pytest.approx(end_s - start_s, abs=0.1)
    expected = [int(start_s + 0.05 + tenth / 10) for tenth in range(len(heard))]
    assert sum(a != b for a, b in zip(heard, expected, strict=True)) <= 1 + int(end_s - start_s)


def test_what_lies_behind_the_end_is_left_out(recording: bytes) -> None:
    """A clip ends with the recording, and one that begins behind its end is none."""
    sound = read_recording(cut(io.BytesIO(recording), SECONDS - 1.0, SECONDS + 60.0))
    assert len(sound) / HZ == pytest.approx(1.0, abs=0.1)
    with pytest.raises(NothingThereError):
        cut(io.BytesIO(recording), SECONDS + 5.0, SECONDS + 9.0)


def test_both_sides_are_heard() -> None:
    """In a stereo recording with a channel for each speaker the clip has both."""
    sound = tones(4)
    silence = np.zeros_like(sound)
    for sides in ((sound, silence), (silence, sound)):
        clip = cut(io.BytesIO(write_recording(np.stack(sides, axis=1))), 1.0, 3.0)
        assert set(heard_seconds(read_recording(clip))) == {1, 2}


def test_a_clip_is_always_the_same(tmp_path: Path) -> None:
    """The process cuts, with half a second more at both ends, the same bytes every time."""
    path = tmp_path / "call.mp3"
    path.write_bytes(write_recording(tones(SECONDS), "mp3"))
    clip = cut_clip(path, Extent(5_000, 7_000))
    assert cut_clip(path, Extent(5_000, 7_000)) == clip
    assert clip.startswith(b"OggS")
    assert len(read_recording(clip)) / HZ == pytest.approx(2 + 2 * MARGIN_MS / 1000, abs=0.05)
    assert len(clip) < 20_000


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        b"Ich hatte Angst, dass mein Geld weg ist.",
        b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:5,\n/etc/passwd\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        write_recording(tones(2), "flac")[:60],
        b"\xff\xfb\x90\x64" * 4000,
    ],
)
def test_what_is_no_recording_is_refused(tmp_path: Path, content: bytes) -> None:
    """Text, playlists that name other files, and what is cut off or made up end in one message."""
    path = tmp_path / "call.mp3"
    path.write_bytes(content)
    with pytest.raises(InvalidInputError, match=r"recording|clip"):
        cut_clip(path, Extent(0, 1000))


def test_a_playlist_leads_nowhere(tmp_path: Path) -> None:
    """A playlist of a real recording beside it is not followed."""
    (tmp_path / "other.wav").write_bytes(write_recording(tones(3)))
    playlist = tmp_path / "call.wav"
    playlist.write_text(f"ffconcat version 1.0\nfile {tmp_path / 'other.wav'}\n")
    with pytest.raises(InvalidInputError):
        cut_clip(playlist, Extent(0, 1000))


@pytest.mark.parametrize("extent", [(5, 5), (6, 5), (0, MOST_CLIP_MS + 1)])
def test_what_is_no_extent_is_refused(extent: tuple[int, int]) -> None:
    """A clip ends after it begins, and before it is no clip any more."""
    with pytest.raises(InvalidInputError) as refusal:
        Extent(*extent)
    assert [fault.place for fault in refusal.value.faults] == ["query.end_ms"]
