"""What threads share of memory: the heaps of the C library, and what takes long to load."""

import ctypes
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, wraps
from typing import TypeVar, TypeVarTuple

Arguments = TypeVarTuple("Arguments")
Loaded = TypeVar("Loaded")

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


def loaded_once(load: Callable[[*Arguments], Loaded]) -> Callable[[*Arguments], Loaded]:
    """Keep what was loaded, for the last two that it was loaded for; threads that need it meanwhile wait for it.

    With `functools.cache` each of them would load it. An embedder is told from another as the object that it is.
    """
    kept, loading = lru_cache(maxsize=2)(load), threading.Lock()

    @wraps(load)
    def loaded(*arguments: *Arguments) -> Loaded:
        with loading:
            return kept(*arguments)

    return loaded
