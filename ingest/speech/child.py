"""What the confined children of `ingest.speech.children` have in common: orders come in, answers go out, line by line.

An order comes on standard input, answers go to standard output; whatever a library prints goes to standard error.
"""

import os
import queue
import threading
from collections.abc import Callable
from functools import partial
from typing import BinaryIO

from app.confinement import isolate, limit_memory
from app.errors import AppError
from ingest.speech.messages import MAX_LINE_BYTES, Answer, Result, write_answer
from ingest.speech.refusal import refusal

Tell = Callable[[Answer], None]
"""Says something to the parent."""


def serve(carry_out: Callable[[bytes, Tell], Result]) -> None:
    """Carry out one order after the other, isolated, for as long as there is a parent."""
    isolate()
    tell = partial(_tell, _own_output())
    orders: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(orders,), daemon=True).start()
    while True:
        tell(_answer(carry_out, orders.get(), tell))


def _answer(carry_out: Callable[[bytes, Tell], Result], order: bytes, tell: Tell) -> Answer:
    try:
        return carry_out(order, tell)
    except AppError as error:
        return error
    except MemoryError:
        limit_memory(None)
        return refusal("more memory is needed than it may take", "split it, or raise VERBATIM_RECORDING_MEMORY_MB")


def _receive(orders: "queue.SimpleQueue[bytes]") -> None:
    """Take orders until the parent, which keeps standard input open as long as it lives, is gone; then end."""
    with os.fdopen(os.dup(0), "rb") as stream:
        while order := stream.readline(MAX_LINE_BYTES):
            orders.put(order)
    os._exit(1)


def _tell(answers: BinaryIO, answer: Answer) -> None:
    answers.write(write_answer(answer))
    answers.flush()


def _own_output() -> BinaryIO:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers
