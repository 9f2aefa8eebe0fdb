"""What a process that reads foreign files is denied: the network; memory, files and processor time beyond limits."""

import ctypes
import os
import sys
from pathlib import Path

if sys.platform != "win32":
    import resource

_CLONE_NEWNET = 0x40000000
_CLONE_NEWUSER = 0x10000000
_NICENESS = 5


def confine(memory_bytes: int, cpu_s: int) -> None:
    """Isolate this process, and limit its memory and processor time."""
    isolate()
    limit_memory(memory_bytes)
    limit_cpu(cpu_s)


def isolate() -> None:
    """Leave the network where the system lets us, wait behind others, and leave no picture of the memory behind."""
    if sys.platform == "win32":
        return
    os.nice(_NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _leave_network()


def limit_memory(more_bytes: int | None) -> None:
    """Limit the address space to what is mapped now and `more_bytes`; `None` lifts the limit."""
    if not sys.platform.startswith("linux"):
        return
    pages = int(Path("/proc/self/statm").read_bytes().split()[0])
    most = None if more_bytes is None else pages * resource.getpagesize() + more_bytes
    _set_soft(resource.RLIMIT_AS, most)


def limit_cpu(more_s: int) -> None:
    """Limit processor time to what is spent now and `more_s`; beyond, the process is killed."""
    if sys.platform == "win32":
        return
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _set_soft(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime) + more_s)


def limit_files(most_bytes: int) -> None:
    """Limit the size of each file that is written."""
    if sys.platform != "win32":
        _set_soft(resource.RLIMIT_FSIZE, most_bytes)


def _set_soft(limit: int, value: int | None) -> None:
    hard = resource.getrlimit(limit)[1]
    wanted = resource.RLIM_INFINITY if value is None else value
    is_lower = hard == resource.RLIM_INFINITY or (wanted != resource.RLIM_INFINITY and wanted < hard)
    resource.setrlimit(limit, (wanted if is_lower else hard, hard))


def _leave_network() -> None:
    """Move into a network namespace without any interface; where that is not allowed, nothing changes.

    Users without privileges may do so where they may have a namespace of their own, and before they have threads.
    """
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
