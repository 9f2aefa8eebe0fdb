"""Words of a participant as they are told: cut by the server out of the stored utterance, with where they come from."""

from typing import Any

from sqlalchemy import RowMapping

from app.answering.cite import time_of, url_of
from app.answering.queries import StoredUtterance
from app.text import Span

_TOLD = ("language", "participant", "segment", "interview", "utterance", "question_before")


def quote_words(row: RowMapping, span: Span, study: str) -> dict[str, Any]:
    """The fields of quoted words.

    Args:
        row: the utterance, with its place and the question before it.
        span: what of it is quoted.
        study: the slug of its study.
    """
    text = row["text"]
    start_ms, end_ms = time_of(span, StoredUtterance(text, row["start_ms"], row["end_ms"], tuple(row["cues"])))
    return {
        **{name: row[name] for name in _TOLD},
        "quote": text[span.start : span.end],
        "span": (span.start, span.end),
        "utterance_text": text,
        "start_ms": start_ms,
        "end_ms": end_ms,
        "url": url_of(row["interview"], study, row["utterance"]),
    }
