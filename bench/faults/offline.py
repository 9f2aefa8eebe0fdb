"""Without a network: what a machine does that reaches nobody, where nobody configured anything to be reached."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from bench.faults.outcome import Outcome
from bench.faults.service import NIDO, ROOT, VERBATIM

QUESTION = "What made people hesitate before they paid?"
_TRACED = ("strace", "-f", "-qq", "-e", "trace=connect", "-e", "signal=none")
_LOCAL = ("AF_UNIX", 'inet_addr("127.', "AF_NETLINK", '"::1"', "AF_UNSPEC")


def measure(_scale: float) -> Outcome:
    """Ingest and ask within a network namespace that has the loopback alone; count connections to elsewhere."""
    if shutil.which("unshare") is None or shutil.which("strace") is None:
        return Outcome("not run: it needs `unshare` and `strace` (apt install util-linux strace)", passed=False)
    with tempfile.TemporaryDirectory(prefix="verbatim-faults-") as name:
        trace = Path(name) / "trace"
        script = "ip link set lo up; " + "; ".join(
            " ".join(f"'{word}'" for word in (*_TRACED, "-A", "-o", str(trace), *VERBATIM, *arguments))
            for arguments in (("ingest", str(NIDO)), ("ask", QUESTION, "--study", "nido"))
        )
        command = ["unshare", "--net", "bash", "-ec", script]
        environment = {"VERBATIM_DATA_DIR": f"{name}/data", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        ended = subprocess.run(  # noqa: S603 our own
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        calls = [line for line in trace.read_text("utf-8").splitlines() if "connect(" in line]
    elsewhere = [line for line in calls if not any(place in line for place in _LOCAL)]
    answered = ended.returncode == 0 and "[1]" in ended.stdout
    return Outcome(
        f"ingest and ask on loopback alone: {'answered' if answered else 'failed'}; {len(calls)} connections, "
        f"{len(elsewhere)} of them to elsewhere",
        answered and not elsewhere,
    )
