"""The application: REST under `/v1`, MCP, the pages, health; made of opened services."""

import threading
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, suppress
from functools import partial
from importlib import import_module

from anyio import create_task_group, sleep_forever, to_thread
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from app.embedding import Embedder
from app.language import load_identifier
from app.rest import health, mcp
from app.rest.api import TAGS, describe, install_api
from app.rest.gate import Gate
from app.rest.problem_handlers import install_problem_handlers
from app.rest.routing import add_routes
from app.services import Services
from app.telemetry import telemetry_of
from app.web.problem_pages import tell_fault
from app.web.site import install_pages

MOST_UPLOADS = 8
"""Recordings that come in at the same time."""
MOST_ANSWERS = 256
"""Questions that are answered at the same time, most of them waiting for a chat model."""


def create_app(services: Services, *, require_keys: bool) -> FastAPI:
    """Make the application.

    Args:
        services: opened by the caller, who closes them when the application has ended.
        require_keys: whether `/v1` and the pages need an API key (`app.privacy.keys.keys_required` decides it);
            without keys only requests addressed to this machine by name are answered.
    """
    app = FastAPI(
        title="Verbatim",
        summary="Answers from customer interviews, with quotes that are word for word what a customer said.",
        version="1",
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_name_of,
        lifespan=_warm_up,
        middleware=[Middleware(Gate, local_only=not require_keys, answer=tell_fault)],
        telemetry=telemetry_of(services.settings),
    )
    app.state.services = services
    app.state.require_keys = require_keys
    app.state.upload_places = threading.BoundedSemaphore(MOST_UPLOADS)
    app.state.answer_places = threading.BoundedSemaphore(MOST_ANSWERS)
    app.state.ending = threading.Event()  # set when the service is about to end, and streams should
    install_problem_handlers(app)
    add_routes(app, health.router)
    install_api(app)
    add_routes(app, mcp.router)
    install_pages(app)
    app.openapi = partial(describe, app)  # type: ignore[method-assign] # the documented way to one's own description
    return app


@asynccontextmanager
async def _warm_up(app: FastAPI) -> AsyncIterator[None]:
    """Be ready at once, and make ready what takes its time meanwhile; a request that comes earlier waits for it.

    What answers MCP clients takes half as long to import as all the rest, and most services start for questions alone.
    """
    app.state.mcp_sessions = Future()
    async with create_task_group() as tasks:
        tasks.start_soon(to_thread.run_sync, load_identifier)
        tasks.start_soon(_open_routes, app)
        yield
        tasks.cancel_scope.cancel()


async def _open_routes(app: FastAPI) -> None:
    """One after the other, so that requests share the interpreter with one thread: first what all of them need."""
    await to_thread.run_sync(_read_signatures, app)
    await to_thread.run_sync(_prepare_embedder, app.state.services.embedder)
    server = await to_thread.run_sync(import_module, "app.mcp.server")
    async with server.http_sessions(app.state.services) as sessions:
        app.state.mcp_sessions.set_result(sessions)
        await sleep_forever()


def _prepare_embedder(embedder: Embedder) -> None:
    """Let it load what it takes questions apart with; a fault of it is told to whoever asks."""
    with suppress(Exception):
        embedder.embed_questions([""])


def _read_signatures(app: FastAPI) -> None:
    """Find out what each route takes and gives; the first request would wait until those before its own are read."""
    for route in app.routes:
        getattr(route, "dependant", None)


def _name_of(route: BaseRoute) -> str:
    return str(getattr(route, "name", ""))
