"""Examples of what readers keep, for OpenAPI: lists of quotes, the history of answers, what is thought of them."""

from typing import Any

from app.rest.examples import CITATION

_MADE_AT = "2026-06-01T08:00:00Z"
_COLLECTION = {
    "id": "3c1f7a52-2f0c-4b59-9a3d-5f1f4d2f6b10",
    "study": "nido",
    "title": "Quotes for the spring campaign",
    "author": "marketing",
    "created_at": _MADE_AT,
    "quotes": 1,
    "url": "/collections/3c1f7a52-2f0c-4b59-9a3d-5f1f4d2f6b10",
}
_ITEM = {
    "id": "a0f4c9de-9d0e-4c26-8f0e-1f1f0a5f6c11",
    "note": "For the front page: ask P02 whether we may show the face.",
    "author": "marketing",
    "created_at": _MADE_AT,
    "quote": CITATION | {"relevance": None},
}
_ANSWER = {
    "id": "6f0c1c1a-52f1-4b0e-8a59-2b7d9e4c1d12",
    "study": "nido",
    "question": "What made people hesitate before they paid?",
    "language": "en",
    "status": "answered",
    "quotes": 8,
    "helpful": 1,
    "unhelpful": 0,
    "thread_id": "0d9e8c7b-6a5f-4e3d-9c2b-1a0f9e8d7c13",
    "created_at": _MADE_AT,
    "url": "/answers/6f0c1c1a-52f1-4b0e-8a59-2b7d9e4c1d12",
}
_FEEDBACK = {
    "feedback": [
        {"verdict": "helpful", "reason": "The second quote settled it.", "author": "marketing", "created_at": _MADE_AT}
    ]
}

READER_EXAMPLES: dict[str, dict[str, Any]] = {
    "list_collections": {"application/json": {"collections": [_COLLECTION], "next_cursor": None}},
    "create_collection": {"application/json": _COLLECTION | {"quotes": 0}},
    "read_collection": {"application/json": _COLLECTION | {"items": [_ITEM], "lost": 0}},
    "rename_collection": {"application/json": _COLLECTION},
    "collect_quote": {"application/json": _COLLECTION},
    "arrange_quote": {"application/json": _COLLECTION | {"items": [_ITEM], "lost": 0}},
    "list_answers": {"application/json": {"answers": [_ANSWER], "next_cursor": None}},
    "read_feedback": {"application/json": _FEEDBACK},
    "give_feedback": {"application/json": _FEEDBACK},
}
