"""How the C library keeps memory that Python's threads have given back."""

import ctypes
from contextlib import suppress

ARENAS = 2
_M_ARENA_MAX = -8
"""What `<malloc.h>` of glibc calls the number of its heaps."""


def share_arenas() -> None:
    """Let all threads share a few heaps, before they are started; other C libraries than glibc do so by themselves.

    Otherwise each thread has a heap of its own, which keeps what the largest of its requests took. The interpreter lets
    one thread at a time allocate anyway.
    """
    with suppress(AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS)
