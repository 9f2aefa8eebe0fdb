"""What threads share of memory."""

import platform
import subprocess
import sys
import threading

import pytest

from app.memory import ARENAS, loaded_once

PROGRAM = """
import ctypes, threading
from app.memory import share_arenas
{first}
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fdopen.restype = ctypes.c_void_p
allocated = threading.Barrier(8)
def allocate():
    libc.malloc(ctypes.c_size_t(1000))
    allocated.wait()
threads = [threading.Thread(target=allocate) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
out = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, out)
libc.fflush(out)
"""


def heaps(first: str) -> int:
    """How many heaps eight threads have that allocate at the same time, in a process that begins with a statement."""
    program = PROGRAM.format(first=first)
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    return told.count("<heap nr=")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have no heaps for each thread")
def test_threads_share_heaps() -> None:
    """Eight threads have two heaps, where each would have had its own."""
    assert heaps("share_arenas()") == ARENAS < heaps("")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have no heaps for each thread")
def test_the_threads_of_the_service_share_heaps() -> None:
    """They do so from its start on, before it looks at anything, even at the services that it lacks here."""
    imported = "from contextlib import suppress\nfrom app.commands.server import run_server"
    assert heaps(f"{imported}\nwith suppress(AttributeError):\n    run_server(None, None)") < heaps(imported)


def test_threads_wait_for_what_one_of_them_loads() -> None:
    """Who needs something while it is being loaded is given the same, and does not load it too."""
    loads: list[str] = []
    given: list[object] = []

    @loaded_once
    def load(name: str) -> object:
        loads.append(name)
        if len(loads) == 1:
            other.start()
            other.join(0.2)
        return object()

    other = threading.Thread(target=lambda: given.append(load("model")))
    given.append(load("model"))
    other.join()
    assert loads == ["model"]
    assert given[0] is given[1]
