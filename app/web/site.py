"""The site: all rooms, their files and their problem pages, put into the application."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response

from app.rest.routing import add_routes
from app.web import rooms
from app.web.navigation import in_order
from app.web.problem_pages import install_problem_pages

_STATIC = Path(__file__).parent / "static"


class Assets(StaticFiles):
    """Style sheet, modules and pictures: browsers keep them, and ask each time whether they are still the same."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The file, or that it has not changed."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def install_pages(app: FastAPI) -> None:
    """Add the pages to the application."""
    app.state.destinations = in_order(destination for room in rooms.ROOMS for destination in room.DESTINATIONS)
    for room in rooms.ROOMS:
        add_routes(app, room.router, include_in_schema=False)
    app.mount("/static", Assets(directory=_STATIC, packages=[("fastapi_standalone_docs", "static/swagger")]))
    install_problem_pages(app)
