"""Examples of hypotheses, and of quotes behind the matrix, for OpenAPI, from the sample study."""

from typing import Any

from app.library.pages import encode_cursor
from app.rest.examples import CITATION
from app.scope import Filters

_FILTERS: dict[str, Any] = {name: [] for name in Filters.model_fields}
_VERDICT = {
    "verdict": "contradicted",
    "sentence": "Contradicted: 4 of 23 people speak against it, 0 for it.",
    "counts": {
        "supporting": 0,
        "contradicting": 4,
        "of": 23,
        "both": 0,
        "raised_with": 4,
        "asked_without_mention": 2,
        "never_asked": 17,
        "by_segment": {"careful": {"supporting": 0, "contradicting": 4, "of": 10}},
        "by_language": {"de": {"supporting": 0, "contradicting": 4, "of": 16}},
        "quotes": 4,
    },
    "rule": {"least_people": 3, "ratio": 3.0},
    "codes": ["CR4"],
    "polarity": "denied",
    "filters": _FILTERS,
    "judge": "codes",
    "tested_at": "2026-11-30T09:19:40.213000Z",
}
_ENTRY = {
    "id": "H001",
    "statement": "Customers do not care about deposit protection",
    "author": "Owen",
    "origin": "added",
    "codes": [],
    "polarity": "denied",
    "segments": [],
    "created_at": "2026-11-30T09:19:40.102000Z",
    "current": _VERDICT,
    "stale": False,
}
_HYPOTHESIS = _ENTRY | {
    "study": "nido",
    "supporting": [],
    "contradicting": [CITATION | {"relevance": None}],
    "left_out": 0,
    "history": [_VERDICT],
}
_REPORT = {
    "study": "nido",
    "verdicts": {"supported": 4, "contradicted": 2, "mixed": 0, "untested": 1},
    "sentence": "Hypotheses: 7. Survived: 4, contradicted: 2, mixed: 0, untested: 1.",
}
HYPOTHESIS_EXAMPLES: dict[str, dict[str, Any]] = {
    "list_matrix_quotes": {
        "application/json": {
            "study": "nido",
            "filters": _FILTERS | {"segments": ["careful"], "codes": ["AX1"]},
            "quotes": [CITATION | {"relevance": None}],
            "next_cursor": encode_cursor(["I01", 27, 27, 261, "affirmed"]),
        }
    },
    "list_hypotheses": {"application/json": _REPORT | {"hypotheses": [_ENTRY], "next_cursor": encode_cursor(["H001"])}},
    "create_hypothesis": {"application/json": _HYPOTHESIS},
    "read_hypothesis": {"application/json": _HYPOTHESIS},
    "test_hypothesis": {"application/json": _HYPOTHESIS},
    "import_hypotheses": {"application/json": _REPORT | {"created": ["H001"], "updated": [], "unchanged": ["H002"]}},
}
"""Responses of each operation on them, by its name and media type."""
