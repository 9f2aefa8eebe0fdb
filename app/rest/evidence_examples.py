"""Examples of insights and external sources for OpenAPI, from the sample study."""

from typing import Any

from app.library.pages import encode_cursor
from app.rest.examples import CITATION

_SOURCE = {
    "code": "S01",
    "kind": "competitor",
    "competitor": "Valora",
    "title": "Valora: Preise",
    "url": "https://valora.example/preise",
    "version": 2,
    "versions": 2,
    "language": "de",
    "date": "2026-06-01",
    "seen_at": "2026-06-01T08:00:00Z",
    "chunks": 3,
    "problem": None,
}
_VERSION = {
    "version": 1,
    "name": "valora-preise.html",
    "media_type": "text/html",
    "size_bytes": 2614,
    "sha256": "6f1d3c1e1d0c5a559a557f6a6e9d2b10c4bb85c81c6351e09cc65173ff78bdce",
    "language": "de",
    "extractor": "trafilatura/2.3.1 verbatim-html/1",
    "date": "2026-01-12",
    "seen_at": "2026-05-20T08:00:00Z",
    "created_at": "2026-01-12T08:00:00Z",
    "chunks": 3,
}
_NEWER = _VERSION | {
    "version": 2,
    "date": "2026-06-01",
    "seen_at": _SOURCE["seen_at"],
    "created_at": _SOURCE["seen_at"],
}
_TEXT = "# Eine Order. Ein Euro.\n\nBei Valora kostet jede Order genau einen Euro.\n"
_TAKEN = {"outcome": "changed", "source": _SOURCE, "warnings": []}
_ROW = "| Kauf oder Verkauf von Aktien, ETFs, Fonds | {} je Order |"
_CHANGES = {
    "study": "nido",
    "source": "S01",
    "title": "Valora: Preise",
    "before": _VERSION,
    "after": _NEWER,
    "changed": [
        {
            "before": _ROW.format("1,00 €"),
            "after": _ROW.format("1,50 €"),
            "numbers_before": ["1,00 €"],
            "numbers_after": ["1,50 €"],
        }
    ],
    "added": ["Ab Juli auch am Telefon."],
    "removed": ["| Telefonische Order | nicht angeboten |"],
}
_INSIGHT = {
    "code": "IN03",
    "statement": "What holds back careful customers is not the market but the missing door.",
    "author": "anna",
    "date": "2026-03-18",
    "segments": ["careful"],
    "theme": None,
    "status": "confirmed",
    "origin": "study folder",
    "stale": True,
    "why": ["superseded"],
    "evidence": {"given": 3, "current": 2, "superseded": 1, "withdrawn": 0, "erased": 0, "not_found": 0},
    "people": 2,
    "updated_at": "2026-03-18T10:00:00Z",
}
_DETAIL = {
    "study": "nido",
    "insight": _INSIGHT,
    "quotes": [{"stance": "for", "citation": CITATION | {"relevance": None, "codes": ["AX1"]}}],
}
_IMPORT = {
    "study": "nido",
    "format": "mural",
    "columns": {"statement": "Text", "theme": "Area", "author": "Last Content Edited By", "code": "ID"},
    "dry_run": False,
    "insights": [
        {
            "code": "0-1700000000001",
            "line": 2,
            "statement": "They fear the missing door, not the market",
            "theme": "Fears",
            "segments": ["careful"],
            "outcome": "added",
            "linked": 1,
            "problems": ["line 3: no participant says that → copy the words exactly from the transcript"],
        }
    ],
    "alone": [7],
    "gone": [],
}
EVIDENCE_EXAMPLES: dict[str, dict[str, Any]] = {
    "list_sources": {
        "application/json": {"study": "nido", "sources": [_SOURCE], "next_cursor": encode_cursor(["S01"])}
    },
    "add_source": {"application/json": _TAKEN},
    "refresh_source": {"application/json": _TAKEN},
    "read_source": {
        "application/json": {
            "study": "nido",
            "source": _SOURCE,
            "versions": [_VERSION, _NEWER],
            "shown_version": 2,
            "text": _TEXT,
            "start": 0,
            "end": len(_TEXT),
            "next_cursor": encode_cursor([len(_TEXT)]),
        }
    },
    "read_source_changes": {"application/json": _CHANGES},
    "list_insights": {
        "application/json": {"study": "nido", "insights": [_INSIGHT], "next_cursor": encode_cursor(["IN03"])}
    },
    "create_insight": {"application/json": _DETAIL},
    "read_insight": {"application/json": _DETAIL},
    "edit_insight": {"application/json": _DETAIL},
    "link_evidence": {"application/json": _DETAIL},
    "unlink_evidence": {"application/json": _DETAIL},
    "forget_lost_evidence": {"application/json": _DETAIL},
    "import_insights": {"application/json": _IMPORT},
}
"""Responses of each operation, by its name and media type."""
