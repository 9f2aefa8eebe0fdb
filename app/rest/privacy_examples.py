"""Responses of the operations on participants' rights, by name and media type."""

from typing import Any

_RECEIPT: dict[str, Any] = {
    "id": "0c6b1f0e-6f0a-4f5e-9d3a-0f7f2f1d8b11",
    "erased_at": "2026-11-30T10:12:44Z",
    "kind": "participant",
    "study": "nido",
    "subject": "5f2d0c4be1a97f6d1c08b3e2a4d95f60b7c8e9fa0b1c2d3e4f5061728394a5b6",
    "rows": {"participant": 1, "interview": 1, "utterance": 56, "passage": 27, "tagging": 31},
    "files": 2,
    "answers": 3,
    "insights": ["IN02"],
    "shared_interviews": 0,
    "exports": [
        {
            "event": 4102,
            "at": "2026-11-12T09:30:01.120000Z",
            "actor": "key 0f3c2c6c5d0e",
            "operation": "export_taggings",
        }
    ],
    "cleared": {"pages": True, "statistics": True, "write_ahead_log": True},
    "finished_at": "2026-11-30T10:12:46Z",
}

_ORIGINALS: dict[str, Any] = {
    "study": "nido",
    "participant": "P03",
    "identity": {"name": "Mia Zander"},
    "placeholders": [{"label": "[Name 1]", "originals": ["Mia"], "utterances": 3}],
}

_CONSENT: dict[str, Any] = {
    "interview": "I07",
    "participants": ["P07"],
    "consent": {"recording": True, "quotes": True, "marketing": False, "until": "2028-12-31"},
    "may_play": True,
    "may_quote": True,
    "may_market": False,
}

_RETENTION: dict[str, Any] = {"study": "nido", "days": 730, "due_interviews": ["I01"], "due_participants": ["P01"]}

PRIVACY_EXAMPLES: dict[str, dict[str, Any]] = {
    "erase_participant": {"application/json": _RECEIPT},
    "erase_interview": {"application/json": _RECEIPT | {"kind": "interview"}},
    "list_erasures": {"application/json": {"erasures": [_RECEIPT]}},
    "read_erasure": {"application/json": _RECEIPT},
    "list_consent": {"application/json": {"study": "nido", "interviews": [_CONSENT], "withheld": []}},
    "change_consent": {"application/json": _CONSENT},
    "read_retention": {"application/json": _RETENTION},
    "set_retention": {"application/json": _RETENTION},
    "read_originals": {"application/json": _ORIGINALS},
    "list_audit": {
        "application/json": {
            "events": [
                {
                    "id": 4711,
                    "at": "2026-11-30T10:12:44.012345Z",
                    "actor": "key 0f3c2c6c5d0e",
                    "action": "read",
                    "operation": "read_transcript",
                    "study": "nido",
                    "object": "code I07",
                    "request_id": "0f3c2c6c5d0e4c0e9d8f6f1f8f0b7a11",
                    "hash": "5f2d0c4be1a97f6d1c08b3e2a4d95f60b7c8e9fa0b1c2d3e4f5061728394a5b6",
                }
            ],
            "next_cursor": None,
        }
    },
    "export_participant": {"application/zip": "(bytes)"},
}
