"""The OpenAPI document as a contract: Schemathesis asks what it allows and much that it does not, as three roles."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx2

from bench.faults.outcome import Outcome
from bench.faults.service import ingest_sample, make_key, served
from bench.faults.traffic import LONGEST_S

ROLES = ("viewer", "researcher", "admin")
EXAMPLES = 40
_ASKED = re.compile(r"(\d+) generated(?:, (\d+) found)?")
_FOUND = re.compile(r"^- ST\d+ (.+)$", re.MULTILINE)
# No schema can say which codes, segments or pages a study has: naming others is answered with 422, which is documented;
# an address that is too long is refused as such, before anything in it is looked at.
_SETTINGS = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "400", "401", "403", "404", "409", "413", "422", "429"]

[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "413", "414", "415", "422", "428", "429"]
"""


def measure(scale: float) -> Outcome:
    """All checks and phases, for each role with a key of its own; a server error is a finding too."""
    told, passed = [], True
    for role in ROLES:
        with tempfile.TemporaryDirectory(prefix="verbatim-faults-") as name:
            asked, findings = _asked(Path(name), role, max(3, int(EXAMPLES * scale)))
        passed = passed and not findings
        told.append(f"{role}: {asked:,} requests, {len(findings)} findings{_kinds(findings)}")
    return Outcome("; ".join(told), passed)


def _asked(folder: Path, role: str, examples: int) -> tuple[int, list[str]]:
    """How many requests were made, and what was found wrong."""
    ingest_sample(folder)
    key = make_key(folder, role)
    configuration = folder / "schemathesis.toml"
    configuration.write_text(_SETTINGS, "utf-8")
    program = shutil.which("schemathesis", path=str(Path(sys.executable).parent)) or "schemathesis"
    document = folder / "openapi.json"
    with served(folder) as service:
        document.write_text(httpx2.get(f"{service.url}/openapi.json", timeout=LONGEST_S).text, "utf-8")
        command = [
            program, "--config-file", str(configuration), "run", str(document), "--url", service.url, "--no-color",
            "--seed", "1", "--request-timeout", str(LONGEST_S),
            "--header", f"Authorization: Bearer {key}", "--max-examples", str(examples), "--continue-on-failure",
        ]  # fmt: skip
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    (Path(tempfile.gettempdir()) / f"schemathesis-{role}.log").write_text(ended.stdout, "utf-8")
    count = _ASKED.search(ended.stdout)
    if count is None:
        raise RuntimeError(f"Schemathesis asked nothing: {ended.stdout.strip()[-500:]}")
    return int(count[1]), _FOUND.findall(ended.stdout)


def _kinds(findings: list[str]) -> str:
    return f" ({', '.join(sorted(set(findings)))})" if findings else ""
