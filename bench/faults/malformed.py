"""Transcripts and documents that somebody broke: each is read or refused, in time and within its memory."""

import json
import os
import resource
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from app.documents.reading import read_document
from app.documents.refusal import DocumentError
from bench.faults.outcome import Outcome
from ingest.importers import SUFFIXES, parse_transcript
from ingest.transcript import TranscriptError

CASES = 100_000
CASES_OF_A_PROCESS = 10_000
LONGEST_S = 10
MOST_MEGABYTES = 512
ROOT = Path(__file__).resolve().parents[2]
_LARGEST_SEED_BYTES = 40_000
_FOLDERS = (
    ROOT / "examples" / "nido" / "transcripts",
    ROOT / "examples" / "nido" / "sources",
    ROOT / "tests" / "conformance",
)
_DOCUMENTS = (".html", ".pdf", ".docx", ".md", ".txt")
_HOSTILE = (
    b"\x00", b"\xff\xfe", b"\xed\xa0\x80", "\u202e\u2066\ufeff".encode(), b"\r\n\r\n", b"-->",
    b"99:99:99.999 --> 00:00:00.000",
    b"WEBVTT", b"<v ", b"<script>", b"{" * 300, b"[" * 300, b"<div>" * 300, b"%PDF-1.7", b"PK\x03\x04", b"1e999",
    b"-1", b"&#x0;",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"A" * 5_000,
)  # fmt: skip


def measure(scale: float) -> Outcome:
    """Read broken files in processes of their own, one on each core, so that one that dies is seen too."""
    cases = max(100, int(CASES * scale))
    shares = [min(CASES_OF_A_PROCESS, cases - begun) for begun in range(0, cases, CASES_OF_A_PROCESS)]
    with ThreadPoolExecutor(os.cpu_count()) as processes:
        ended = list(processes.map(_in_a_process, shares, range(len(shares))))
    if broken := [each for each in ended if each.returncode]:
        return Outcome(broken[0].stderr.strip()[-400:] or f"exit {broken[0].returncode}", passed=False)
    told = [json.loads(each.stdout) for each in ended]
    read, refused = (sum(each[name] for each in told) for name in ("read", "refused"))
    megabytes = max(each["megabytes"] for each in told)
    return Outcome(
        f"{cases:,} broken files: {read:,} times read, {refused:,} refused, 0 exceptions; each within {LONGEST_S} s, "
        f"no process above {megabytes} MB",
        megabytes <= MOST_MEGABYTES,
    )


def _in_a_process(cases: int, number: int) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "bench.faults.malformed", str(cases), str(number)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 our own


def main(cases: int, number: int) -> None:
    """Read that many, drawn from a number of its own; the deadline of each is Hypothesis's."""
    seeds = [path for folder in _FOLDERS for path in sorted(folder.rglob("*")) if _is_seed(path)]
    told = {"read": 0, "refused": 0}

    @seed(number)
    @settings(
        max_examples=cases, deadline=LONGEST_S * 1000, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), print_blob=True,
    )  # fmt: skip
    @given(
        st.sampled_from(seeds), st.lists(_MUTATIONS, min_size=1, max_size=6), st.sampled_from((*SUFFIXES, *_DOCUMENTS))
    )
    def read(path: Path, mutations: list[tuple[str, float, bytes]], suffix: str) -> None:
        data = path.read_bytes()
        for mutation in mutations:
            data = _mutated(data, *mutation)
        for reader in (parse_transcript, read_document):
            try:
                reader(data, f"file{suffix}")
                told["read"] += 1
            except (TranscriptError, DocumentError):
                told["refused"] += 1

    read()
    told["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(json.dumps(told))


def _is_seed(path: Path) -> bool:
    return path.is_file() and path.suffix in (*SUFFIXES, *_DOCUMENTS) and path.stat().st_size <= _LARGEST_SEED_BYTES


_MUTATIONS = st.tuples(
    st.sampled_from(("cut", "insert", "flip", "repeat", "swap")),
    st.floats(0, 1),
    st.one_of(
        st.sampled_from(_HOSTILE), st.binary(min_size=1, max_size=40), st.text(min_size=1, max_size=20).map(str.encode)
    ),
)


def _mutated(data: bytes, how: str, where: float, piece: bytes) -> bytes:
    """A file broken at a place, which is a share of its length."""
    place = int(where * len(data))
    match how:
        case "cut":
            return data[:place]
        case "insert":
            return data[:place] + piece + data[place:]
        case "flip":
            return data[:place] + piece + data[place + len(piece) :]
        case "repeat":
            return data[:place] + data[place : place + 2_000] * 5 + data[place:]
        case _:
            return data[place:] + data[:place]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
