"""Work that waits for a chat model: on a thread of its own, told to the event loop, given up when nobody listens."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Generic, TypeVar

from fastapi import Request

from app.answering.answer import answer_events
from app.answering.events import Answered, Event
from app.answering.schemas import Answer, Question
from app.chat import Cancellation, ChatError, grant_allowance
from app.errors import UnavailableError
from app.services import Services

Step = TypeVar("Step")

LOOK_EVERY_S = 1.0


class Work(Generic[Step]):
    """Steps that are taken on a thread of their own, since one may take as long as a chat model does.

    Made on the event loop, which is told of each step; what a step raises is raised to whoever listens.
    """

    def __init__(self, take_steps: Callable[[Cancellation], Iterator[Step]], places: threading.Semaphore) -> None:
        """Begin.

        Raises:
            UnavailableError: so many are at work that this one finds no place.
        """
        if not places.acquire(blocking=False):
            raise UnavailableError("many questions are being answered at the moment; ask again a little later")
        self._cancelled = Cancellation()
        self._loop = asyncio.get_running_loop()
        self._told: asyncio.Queue[Step | Exception | None] = asyncio.Queue()
        threading.Thread(target=self._run, args=(take_steps, places), name="answer", daemon=True).start()

    async def steps(self) -> AsyncGenerator[Step | None]:
        """Every step as it is taken, and `None` in every second without one; who stops listening gives the work up."""
        try:
            while True:
                try:
                    told = await asyncio.wait_for(self._told.get(), LOOK_EVERY_S)
                except TimeoutError:
                    yield None
                    continue
                if told is None:
                    return
                if isinstance(told, Exception):
                    raise told
                yield told
        finally:
            self._cancelled.set()

    def _run(self, take_steps: Callable[[Cancellation], Iterator[Step]], places: threading.Semaphore) -> None:
        try:
            for step in take_steps(self._cancelled):
                if self._cancelled.is_set():
                    return
                self._tell(step)
            self._tell(None)
        except Exception as error:  # noqa: BLE001 whoever listens is told
            self._tell(error)
        finally:
            places.release()

    def _tell(self, told: Step | Exception | None) -> None:
        with suppress(RuntimeError):  # the event loop has ended, and with it whoever listened
            self._loop.call_soon_threadsafe(self._told.put_nowait, told)


def answer_steps(question: Question, services: Services, charge_to: str, cancelled: Cancellation) -> Iterator[Event]:
    """Answer a question step by step, with the allowance of whoever it is charged to."""
    return answer_events(question, services, grant_allowance(services.settings, charge_to, cancelled))


async def whole_answer(request: Request, question: Question, services: Services, charge_to: str) -> Answer:
    """The answer to a question, kept under its permanent link; nobody else waits meanwhile.

    Raises:
        ChatError: whoever asked is gone.
    """
    work = Work(partial(answer_steps, question, services, charge_to), request.app.state.answer_places)
    async for step in work.steps():
        if isinstance(step, Answered):
            return step.answer
        if step is None and await request.is_disconnected():
            break
    raise ChatError("cancelled")


async def first_step(steps: AsyncGenerator[Event | None]) -> Event:
    """The first step; whatever is wrong with the question is raised before it."""
    async for step in steps:
        if step is not None:
            return step
    raise AssertionError("an answer begins with a stage")
