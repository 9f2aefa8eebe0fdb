"""How fast recordings are heard on this machine, beside the bare library, and how much memory that takes.

Run by `python -m bench.speech [--model FOLDER] [--minutes 10] [--hours 3] [--rounds 3]`. The sound is a sample
recording over and over; the model is that of the tests unless another is named. Ratios are medians over rounds in which
the ways of hearing take turns. A run above a load of 2.5 is void but for its memory; ratios of processor time then tell
more.
"""

import argparse
import json
import multiprocessing
import os
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import cast

import av
import psutil  # type: ignore[import-untyped]
from av.audio.stream import AudioStream
from faster_whisper import BatchedInferencePipeline, WhisperModel

from ingest.speech.decode import decode
from ingest.speech.recordings import DECODER, LISTENER, SpeechProcess
from ingest.speech.sound import TrackSound, open_sound, sound_path
from ingest.speech.task import MediaLimits, SpeechTask, Track
from ingest.speech.voice import load_voice_detector
from ingest.speech.voices import find_voices
from ingest.speech.whisper import choose_compute_type, choose_device, default_threads, load_whisper

ROOT = Path(__file__).resolve().parent.parent
RECORDING = ROOT / "examples" / "nido" / "recordings" / "P01.opus"
MODEL = ROOT / "tests" / "fixtures" / "speech_model"
LANGUAGE = "de"
INTERVIEWS = 8
HIGHEST_LOAD = 2.5
SAMPLE_EVERY_S = 0.05
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass(frozen=True)
class SpeechResult:
    """Seconds, megabytes and ratios of one run."""

    audio_minutes: float
    heard_s: float
    over_raw: float
    over_raw_cpu: float
    over_raw_batched: float
    over_raw_batched_cpu: float
    decode_and_detect_60_min_s: float
    memory_hours: float
    decoder_peak_mb: int
    listener_peak_mb: int
    weights_mb: int
    two_workers_over_one: float
    load: float
    void: bool


@dataclass(frozen=True)
class Cost:
    """Wall and processor seconds of one hearing, its children included."""

    wall_s: float
    cpu_s: float


def main() -> None:
    """Measure and print; `--json` for machines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--hours", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="verbatim-bench-") as folder:
        result = measure(Path(folder), arguments.model, arguments.minutes, arguments.hours, arguments.rounds)
    values = asdict(result)
    lines = (
        [json.dumps(values, indent=2)] if arguments.json else [f"{name:28} {value}" for name, value in values.items()]
    )
    sys.stdout.write("\n".join(lines) + "\n")


def measure(folder: Path, model: Path, minutes: float, hours: float, rounds: int) -> SpeechResult:
    """Measure everything, one thing after the other."""
    task = SpeechTask((LANGUAGE,), (LANGUAGE,), alternating=False, split_channels=False, model=str(model))
    audio = repeat(RECORDING, minutes, folder / "heard.mka")
    ours, raw, batched = _hearings(audio, task, rounds)
    decoder_peak_mb, listener_peak_mb = _peaks_mb(repeat(RECORDING, hours * 60, folder / "long.mka"), task)
    interview = repeat(RECORDING, min(minutes, 3), folder / "interview.mka")
    one_worker_s = _workers_s(1, interview, task)
    load = os.getloadavg()[0]
    return SpeechResult(
        audio_minutes=minutes,
        heard_s=round(statistics.median(_walls(ours)), 1),
        over_raw=_ratio(_walls(ours), _walls(raw)),
        over_raw_cpu=_ratio(_cpus(ours), _cpus(raw)),
        over_raw_batched=_ratio(_walls(ours), _walls(batched)),
        over_raw_batched_cpu=_ratio(_cpus(ours), _cpus(batched)),
        decode_and_detect_60_min_s=round(_decode_and_detect_s(repeat(RECORDING, 60, folder / "hour.mka"), folder), 1),
        memory_hours=hours,
        decoder_peak_mb=decoder_peak_mb,
        listener_peak_mb=listener_peak_mb,
        weights_mb=round((model / "model.bin").stat().st_size / 1e6),
        two_workers_over_one=round(one_worker_s / _workers_s(2, interview, task), 2),
        load=round(load, 2),
        void=load > HIGHEST_LOAD,
    )


def repeat(recording: Path, minutes: float, path: Path) -> Path:
    """Write the packets of a recording over and over, without coding them anew."""
    with av.open(str(path), "w") as target:
        stream: AudioStream | None = None
        start_s = 0.0
        while start_s < minutes * 60:
            with av.open(str(recording)) as source:
                sound = source.streams.audio[0]
                stream = stream or target.add_stream_from_template(sound)
                time_base = cast("float", sound.time_base)
                for packet in source.demux(sound):
                    if packet.pts is not None and packet.dts is not None:
                        packet.pts += round(start_s / time_base)
                        packet.dts += round(start_s / time_base)
                        packet.stream = stream
                        target.mux(packet)
                start_s += cast("int", source.duration) / av.time_base
    return path


def _hearings(audio: Path, task: SpeechTask, rounds: int) -> tuple[list[Cost], list[Cost], list[Cost]]:
    """What our way costs, the bare library's, and its batched way, with the model loaded."""
    device = choose_device(task.device)
    model = WhisperModel(
        task.model,
        device=device,
        compute_type=choose_compute_type(task.compute_type, device),
        cpu_threads=task.threads or default_threads(),
    )
    batched = BatchedInferencePipeline(model)
    batch_size = load_whisper(task).batch_size
    with SpeechProcess() as speech:

        def hear() -> None:
            speech.transcribe([Track(audio)], task, lambda _done, _total: None)

        def hear_raw() -> None:
            segments, _ = model.transcribe(
                str(audio), language=LANGUAGE, beam_size=5, vad_filter=True, word_timestamps=True
            )
            list(segments)

        def hear_batched() -> None:
            segments, _ = batched.transcribe(
                str(audio), language=LANGUAGE, beam_size=5, word_timestamps=True, batch_size=batch_size
            )
            list(segments)

        speech.transcribe([Track(RECORDING)], task, lambda _done, _total: None)
        turns = [(_cost(hear), _cost(hear_raw), _cost(hear_batched)) for _ in range(rounds)]
    ours, raw, at_once = zip(*turns, strict=True)
    return list(ours), list(raw), list(at_once)


def _cost(hear: Callable[[], None]) -> Cost:
    before_s, start_s = _cpu_s(), time.perf_counter()
    hear()
    return Cost(time.perf_counter() - start_s, _cpu_s() - before_s)


def _cpu_s() -> float:
    """Processor seconds of this process, of the children that run, and of those that ended."""
    running = (child.cpu_times() for child in psutil.Process().children())
    ended = os.times()
    own_s = ended.user + ended.system + ended.children_user + ended.children_system
    return own_s + sum(float(times.user + times.system) for times in running)


def _walls(costs: Sequence[Cost]) -> list[float]:
    return [cost.wall_s for cost in costs]


def _cpus(costs: Sequence[Cost]) -> list[float]:
    return [cost.cpu_s for cost in costs]


def _ratio(ours: Iterable[float], theirs: Iterable[float]) -> float:
    return round(statistics.median(one / other for one, other in zip(ours, theirs, strict=True)), 2)


def _decode_and_detect_s(audio: Path, folder: Path) -> float:
    detect = load_voice_detector()
    start_s = time.perf_counter()
    target = sound_path(folder, 0)
    decoded = decode(audio, target, MediaLimits(), stereo=False, progress=lambda _: None)
    find_voices([TrackSound(None, open_sound(target, decoded.channel_count))], detect, lambda: None)
    return time.perf_counter() - start_s


def _peaks_mb(audio: Path, task: SpeechTask) -> tuple[int, int]:
    """The most memory that who decodes and who listens ever had, the model and the sound mapped from disk included."""
    with _peaks_kb() as peaks, SpeechProcess() as speech:
        speech.transcribe([Track(audio)], task, lambda _done, _total: None)
    return peaks[DECODER] // 1000, peaks[LISTENER] // 1000


@contextmanager
def _peaks_kb() -> Iterator[dict[str, int]]:
    """Look at the children again and again; the system keeps the peak of each."""
    peaks = {DECODER: 0, LISTENER: 0}
    ending = threading.Event()

    def look() -> None:
        while not ending.wait(SAMPLE_EVERY_S):
            for child in psutil.Process().children():
                with suppress(psutil.Error, OSError):
                    module = child.cmdline()[-1]
                    found = _PEAK.search(Path(f"/proc/{child.pid}/status").read_text(encoding="ascii"))
                    if found and module in peaks:
                        peaks[module] = max(peaks[module], int(found[1]))

    looking = threading.Thread(target=look)
    looking.start()
    yield peaks
    ending.set()
    looking.join()


def _workers_s(count: int, audio: Path, task: SpeechTask) -> float:
    """Time for eight interviews by some workers of one thread each, from when all have their model."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(count + 1)
    each = [INTERVIEWS // count] * count
    workers = [context.Process(target=_work, args=(share, audio, replace(task, threads=1), ready)) for share in each]
    for worker in workers:
        worker.start()
    ready.wait()
    start_s = time.perf_counter()
    for worker in workers:
        worker.join()
    return time.perf_counter() - start_s


def _work(interviews: int, audio: Path, task: SpeechTask, ready: Barrier) -> None:
    with SpeechProcess() as speech:
        speech.transcribe([Track(RECORDING)], task, lambda _done, _total: None)
        ready.wait()
        for _ in range(interviews):
            speech.transcribe([Track(audio)], task, lambda _done, _total: None)


if __name__ == "__main__":
    main()
