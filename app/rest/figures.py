"""Figures over HTTP: the numbers as JSON, a table as CSV, a chart as SVG or PNG."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import Request, Response
from pydantic import BaseModel

from app.research.charts.drawing import Drawing, to_svg
from app.research.charts.png import to_png
from app.research.charts.style import ADAPTIVE, hash_of
from app.rest.negotiation import choose_media_type

FigureFormat = Literal["json", "csv", "svg", "png"]

MEDIA_TYPES: dict[FigureFormat, str] = {
    "json": "application/json",
    "csv": "text/csv",
    "svg": "image/svg+xml",
    "png": "image/png",
}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_TEXT = {"schema": {"type": "string"}}


@dataclass(frozen=True)
class Figure:
    """What a figure shows, written in the format that is wanted alone; `name` is that of its files."""

    name: str
    found: BaseModel
    table: Callable[[], str]
    drawing: Callable[[], Drawing]


def declare_figure(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """Declare the formats of a figure, for OpenAPI."""
    return {200: {"model": model, "content": {"text/csv": _TEXT, "image/svg+xml": _TEXT, "image/png": _BINARY}}}


def answer_figure(request: Request, wanted: FigureFormat | None, figure: Figure) -> Response:
    """Answer with a figure in the format that was named, else in the one that `Accept` prefers."""
    accepted = MEDIA_TYPES[wanted] if wanted else request.headers.get("accept")
    media_type = choose_media_type(accepted, tuple(MEDIA_TYPES.values()))
    headers = {"Vary": "Accept"}
    if media_type == MEDIA_TYPES["json"]:
        return Response(figure.found.model_dump_json(), media_type=media_type, headers=headers)
    if media_type == MEDIA_TYPES["csv"]:
        headers |= as_file(f"{figure.name}.csv")
        return Response(figure.table(), media_type=media_type, headers=headers)
    if media_type == MEDIA_TYPES["svg"]:
        headers["Content-Security-Policy"] = policy_of(ADAPTIVE)
        return Response(to_svg(figure.drawing()), media_type=media_type, headers=headers)
    return Response(to_png(figure.drawing()), media_type=media_type, headers=headers)


def as_file(name: str) -> dict[str, str]:
    """The header that makes a browser keep a response as a file."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def policy_of(style: str) -> str:
    """The policy of a document that has this one style sheet in it, and nothing else that acts or is fetched."""
    closed = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return f"default-src 'none'; style-src '{hash_of(style)}'; {closed}"
