"""What is heard where nobody speaks, and what safeguards against that cost where somebody does: goal 16.

Run by `python -m bench.silence [--model FOLDER] [--minutes 2]`: silence, noise and music through the pipeline and
through bare `faster_whisper.transcribe`, and the words that both get wrong in recordings whose words are known. The
model is that of the tests unless another is named; only that of the service tells what users will see.
"""

import argparse
import json
import sys
import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel
from numpy.typing import NDArray

from bench.protocol import Measured, load, write_results
from ingest.speech.recordings import SpeechProcess
from ingest.speech.task import SpeechTask, Track
from training.speech.measure import count_errors, plain_words

ROOT = Path(__file__).resolve().parent.parent
RECORDINGS = ROOT / "examples" / "nido" / "recordings"
MODEL = ROOT / "tests" / "fixtures" / "speech_model"
LANGUAGE = "de"
HZ = 16_000
LOUD = 0.3
_CHORDS_HZ = (220, 293.66, 329.63, 246.94)

Sound = NDArray[np.float64]
"""Sound in [-1, 1], shape (n,)."""


def main() -> None:
    """Measure, keep and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--minutes", type=float, default=2, help="of each sound")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="verbatim-bench-") as folder, SpeechProcess() as speech:
        measured = [*compare(Path(folder), arguments.model, arguments.minutes, speech)]
    sys.stdout.write(write_results("silence", measured, load()))


def compare(folder: Path, model_path: Path, minutes: float, speech: SpeechProcess) -> Iterator[Measured]:
    """Words a minute where nobody speaks, and word error rates where somebody does."""
    task = SpeechTask((LANGUAGE,), (LANGUAGE,), alternating=False, split_channels=False, model=str(model_path))
    model = WhisperModel(str(model_path), device="cpu", compute_type="int8")

    def ours(recording: Path) -> list[str]:
        heard = speech.transcribe([Track(recording)], task, lambda _done, _total: None)
        return plain_words(" ".join(cue.text for cue in heard.cues))

    def raw(recording: Path) -> list[str]:
        segments, _ = model.transcribe(str(recording), language=LANGUAGE, beam_size=5)
        return plain_words(" ".join(segment.text for segment in segments))

    heard, invented = 0, 0
    for name, sound in sounds(minutes).items():
        path = folder / f"{name}.wav"
        write(path, sound)
        with_safeguards, without = len(ours(path)), len(raw(path))
        heard, invented = heard + with_safeguards, invented + without
        told = f"{with_safeguards / minutes:.1f} / {without / minutes:.1f}"
        yield Measured(f"{name}: words a minute, pipeline / bare Whisper", told)
    yield Measured(
        "16: words where nobody speaks ÷ bare Whisper", heard / invented if invented else "none", goal="≤ 0.02"
    )
    errors = [0, 0]
    spoken = 0
    for recording, words in recorded_words():
        spoken += len(words)
        for place, hear in enumerate((ours, raw)):
            errors[place] += count_errors(words, hear(recording))
    yield Measured("word error rate, pipeline / bare Whisper", " / ".join(f"{each / spoken:.3f}" for each in errors))
    yield Measured("16: word error rate ÷ bare Whisper", errors[0] / errors[1] if errors[1] else "none", goal="≤ 1.02")


def sounds(minutes: float) -> dict[str, Sound]:
    """Silence, white noise, and chords that are struck each half second and fade."""
    samples = round(minutes * 60 * HZ)
    times_s = np.arange(HZ // 2) / HZ
    struck = [
        sum(np.sin(2 * np.pi * root_hz * ratio * times_s) for ratio in (1, 1.25, 1.5)) * np.exp(-3 * times_s)
        for root_hz in _CHORDS_HZ
    ]
    return {
        "silence": np.zeros(samples),
        "noise": np.random.default_rng(0).normal(0, LOUD, samples),
        "music": np.resize(np.concatenate(struck), samples) * LOUD / 3,
    }


def write(path: Path, sound: Sound) -> None:
    """Write a file; what is louder than a file can hold is clipped."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, HZ, 0, "NONE", ""))
        file.writeframes((np.clip(sound, -1, 1) * 32_767).astype("<i2").tobytes())


def recorded_words() -> Iterator[tuple[Path, list[str]]]:
    """Recordings of one voice and language each, with the words that are said in them."""
    said = json.loads((RECORDINGS / "P15.json").read_text(encoding="utf-8"))["utterances"]
    for role in ("interviewer", "participant"):
        yield (
            RECORDINGS / f"P15.{role}.opus",
            plain_words(" ".join(each["text"] for each in said if each["role"] == role)),
        )


if __name__ == "__main__":
    main()
