"""Decoding recordings, whole and hostile."""

from pathlib import Path

import av
import numpy as np
import pytest
from sounds import read_sound, tone, write_sound

from app.errors import InsufficientStorageError
from ingest.speech.decoder import decode_recordings
from ingest.speech.messages import DecodeOrder
from ingest.speech.refusal import RecordingError
from ingest.speech.sound import sound_path
from ingest.speech.task import SAMPLE_HZ, MediaLimits

FORMATS = (
    ("a.mp3", "libmp3lame", 48_000),
    ("a.m4a", "aac", 44_100),
    ("a.wav", "pcm_s16le", 8_000),
    ("a.flac", "flac", 16_000),
    ("a.ogg", "libopus", 48_000),
    ("a.webm", "libopus", 48_000),
    ("a.mkv", "aac", 48_000),
)


@pytest.mark.parametrize(("name", "codec", "rate"), FORMATS)
def test_formats(tmp_path: Path, name: str, codec: str, rate: int) -> None:
    """Each common format gives its sound at 16 kHz, as long and as loud as it is."""
    decoded = read_sound(write_sound(tmp_path / name, tone(5, rate), codec=codec, rate=rate))
    assert decoded.duration_ms == pytest.approx(5000, abs=60)
    assert np.abs(decoded.channels[0][SAMPLE_HZ : 4 * SAMPLE_HZ]).max() == pytest.approx(8000, rel=0.4)
    assert decoded.warnings == ()


def test_sides_are_kept_apart(tmp_path: Path) -> None:
    """A stereo recording gives left and right when they are asked for."""
    path = write_sound(tmp_path / "a.wav", tone(1, amplitude=8000), tone(1, amplitude=100), codec="pcm_s16le")
    left, right = read_sound(path, stereo=True).channels
    assert (left.max(), right.max()) == (8000, 100)
    assert len(read_sound(path).channels) == 1


def test_one_channel_has_no_sides(tmp_path: Path) -> None:
    """Sides of a mono recording are not made up."""
    decoded = read_sound(write_sound(tmp_path / "a.wav", tone(1), codec="pcm_s16le"), stereo=True)
    assert len(decoded.channels) == 1
    assert "one channel" in decoded.warnings[0]


def test_sound_stays_where_it_plays(tmp_path: Path) -> None:
    """What a recording leaves out is silence, so that later sound keeps its time."""
    path = tmp_path / "gap.mkv"
    with av.open(str(path), "w") as media:
        stream = media.add_stream("pcm_s16le", rate=SAMPLE_HZ, layout="mono")
        for start_s in (0, 3):
            frame = av.AudioFrame.from_ndarray(tone(1)[None], format="s16", layout="mono")
            frame.sample_rate, frame.pts = SAMPLE_HZ, start_s * SAMPLE_HZ
            media.mux(stream.encode(frame))
        media.mux(stream.encode(None))
    samples = read_sound(path).channels[0]
    assert len(samples) == pytest.approx(4 * SAMPLE_HZ, abs=100)
    assert not samples[SAMPLE_HZ + 100 : 3 * SAMPLE_HZ - 100].any()
    assert np.abs(samples[3 * SAMPLE_HZ + 100 :]).max() == 8000


def test_silence_of_hours_is_refused_in_time(tmp_path: Path) -> None:
    """A small file of much silence goes no further than the limit."""
    path = write_sound(tmp_path / "a.flac", np.zeros(SAMPLE_HZ * 600, np.int16), codec="flac")
    assert path.stat().st_size < 200_000
    with pytest.raises(RecordingError, match=r"longer than 0\.1 hours"):
        read_sound(path, MediaLimits(duration_s=360))


def test_a_header_that_hides_the_length(tmp_path: Path) -> None:
    """Without a declared duration the limit holds while decoding."""
    path = write_sound(tmp_path / "a.ogg", tone(20, 48_000), codec="libopus", rate=48_000)
    with pytest.raises(RecordingError, match="longer than"):
        read_sound(path, MediaLimits(duration_s=10))


@pytest.mark.parametrize("name", ["a.mp3", "a.wav", "a.flac", "a.webm", "a.mkv"])
def test_cut_off(tmp_path: Path, name: str) -> None:
    """Half of a file is refused where the header tells how long it was."""
    codec, rate = next((codec, rate) for other, codec, rate in FORMATS if other == name)
    path = write_sound(tmp_path / name, tone(20, rate), codec=codec, rate=rate)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(RecordingError, match=r"cut off: (9|10) of the 20 seconds"):
        read_sound(path)


def test_encrypted(tmp_path: Path) -> None:
    """A protected recording is called so."""
    protection = {"encryption_scheme": "cenc-aes-ctr", "encryption_key": "76" * 16, "encryption_kid": "a7" * 16}
    path = write_sound(tmp_path / "a.mp4", tone(3, 48_000), codec="aac", rate=48_000, options=protection)
    with pytest.raises(RecordingError, match="encrypted"):
        read_sound(path)


def test_video_without_sound(tmp_path: Path) -> None:
    """Pictures alone are no recording."""
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as media:
        stream = media.add_stream("mpeg4", rate=10, width=64, height=64, pix_fmt="yuv420p")
        media.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        media.mux(stream.encode(None))
    with pytest.raises(RecordingError, match="no sound in the file"):
        read_sound(path)


def test_many_streams(tmp_path: Path) -> None:
    """More streams than anybody records are refused before they are decoded."""
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as media:
        streams = [media.add_stream("pcm_s16le", rate=SAMPLE_HZ, layout="mono") for _ in range(5)]
        for stream in streams:
            frame = av.AudioFrame.from_ndarray(tone(0.1)[None], format="s16", layout="mono")
            frame.sample_rate = SAMPLE_HZ
            media.mux(stream.encode(frame))
    assert "5 streams" in read_sound(path).warnings[0]
    with pytest.raises(RecordingError, match="more than 4 streams"):
        read_sound(path, MediaLimits(streams=4))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "an empty file"),
        (b"hi", "not a recording"),
        (b"Guten Tag, wie geht es Ihnen?\n" * 5000, "no sound could be decoded|not a recording"),
        (bytes(100_000), "no sound could be decoded|not a recording"),
        (b"PK\x03\x04" + bytes(1000), "not a recording"),
        (b"ffconcat version 1.0\nfile 'a.mp3'\n", "not a recording"),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\na.mp3\n#EXT-X-ENDLIST\n", "not a recording"),
        (b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 5004 RTP/AVP 0\n", "not a recording"),
    ],
)
def test_no_recording(tmp_path: Path, content: bytes, problem: str) -> None:
    """Text, archives, and lists that name other files or addresses are refused, whatever their name; none is opened."""
    write_sound(tmp_path / "a.mp3", tone(2, 48_000), codec="libmp3lame", rate=48_000)
    path = tmp_path / "recording.mp3"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=problem):
        read_sound(path)


@pytest.mark.parametrize("rate", [0, 1, 2**31 - 1])
def test_lying_sample_rate(tmp_path: Path, rate: int) -> None:
    """A header with an impossible rate is refused, at no cost."""
    path = write_sound(tmp_path / "a.wav", tone(5), codec="pcm_s16le")
    data = bytearray(path.read_bytes())
    data[24:28] = rate.to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(RecordingError):
        read_sound(path)


def test_too_large(tmp_path: Path) -> None:
    """A file above the limit is not opened."""
    path = write_sound(tmp_path / "a.wav", tone(1), codec="pcm_s16le")
    with pytest.raises(RecordingError, match="bytes, more than 1,000"):
        read_sound(path, MediaLimits(size_bytes=1000))


def test_damage(tmp_path: Path) -> None:
    """A few damaged places are left out and told of; a file full of them is refused."""
    path = write_sound(tmp_path / "a.mp3", tone(20, 48_000), codec="libmp3lame", rate=48_000)
    data = bytearray(path.read_bytes())
    places = np.random.default_rng(1).integers(2000, len(data), 4000)
    for place in places.tolist():
        data[place] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(RecordingError, match=r"damaged: \d+% of it|cut off"):
        read_sound(path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_no_room_for_the_sound(tmp_path: Path) -> None:
    """A full disk is told as that, and is no fault of the recording."""
    path = write_sound(tmp_path / "a.wav", tone(5), codec="pcm_s16le")
    sound_path(tmp_path, 0).symlink_to("/dev/full")
    order = DecodeOrder((path,), tmp_path, split_channels=False, limits=MediaLimits())
    with pytest.raises(InsufficientStorageError, match="no room for decoded sound"):
        decode_recordings(order, lambda _: None)
