"""Which format a client wants, and which it sends (RFC 9110, 12.5.1)."""

from collections.abc import Sequence

from fastapi import Request

from app.errors import AppError


class NotAcceptableError(AppError):
    """None of the formats that the client takes can be given."""

    status_code = 406
    title = "Not acceptable"


class UnsupportedMediaTypeError(AppError):
    """The body is in a format that is not read."""

    status_code = 415
    title = "Unsupported media type"


def choose_media_type(accept: str | None, offered: Sequence[str]) -> str:
    """Choose among the offered media types what `Accept` prefers; the first of equals, and without `Accept`.

    Raises:
        NotAcceptableError: none of them is accepted.
    """
    if not accept or not accept.strip():
        return offered[0]
    ranges = [_range(entry) for entry in accept.split(",")]
    weights = [_weight(media_type, ranges) for media_type in offered]
    best = max(weights)
    if best <= 0:
        raise NotAcceptableError(f"this address gives {', '.join(offered)}")
    return offered[weights.index(best)]


def require_json(request: Request) -> None:
    """Refuse a body that does not say that it is JSON; no web page of elsewhere can send JSON unasked.

    Raises:
        UnsupportedMediaTypeError: the content type is another, or missing.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMediaTypeError("send the body as `Content-Type: application/json`")


def _range(entry: str) -> tuple[str, float]:
    media_range, *parameters = (part.strip().lower() for part in entry.split(";"))
    given = next((value[2:] for value in parameters if value.startswith("q=")), "1")
    try:
        weight = float(given)
    except ValueError:
        weight = 0.0
    return media_range, weight if 0 <= weight <= 1 else 0.0


def _weight(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The weight of the most specific range that holds a media type; 0 where none does."""
    whole_type = f"{media_type.partition('/')[0]}/*"
    for holding in (media_type, whole_type, "*/*"):
        weights = [weight for media_range, weight in ranges if media_range == holding]
        if weights:
            return max(weights)
    return 0.0
