"""Examples of the research artefacts for OpenAPI, from the sample study."""

from typing import Any

from app.library.pages import encode_cursor
from app.rest.examples import CITATION
from app.scope import Filters

_QUESTIONS = {
    "en": "Do you go through all your accounts once a month at a fixed time?",
    "de": "Gehen Sie einmal im Monat zu einer festen Zeit alle Konten durch?",
}
_CRITERION: dict[str, Any] = {
    "id": "careful-routines",
    "dimension": "routines_and_rituals",
    "statement": "Goes through all accounts once a month, at a fixed time, with a coffee.",
    "ask": _QUESTIONS,
    "speaks_for": ["RT1"],
    "speaks_against": ["RT2", "RT3"],
    "unknown_codes": [],
}
_SEGMENT: dict[str, Any] = {
    "slug": "careful",
    "labels": {"en": "Careful", "de": "Vorsichtige", "es": "Prudentes"},
    "aliases": ["cautious"],
    "description": "Money is protection: they want a reserve and a quiet night.",
    "participants": 10,
    "criteria": [_CRITERION],
}
_PROFILE = {
    "study": "nido",
    "segment": _SEGMENT,
    "people": 10,
    "groups": [
        {
            "kind": "anxiety",
            "label": "Anxiety",
            "codes": [
                {
                    "code": "AX1",
                    "label": "App and money gone",
                    "segment": {"affirmed": 4, "denied": 0, "of": 10},
                    "elsewhere": {"affirmed": 4, "denied": 2, "of": 13},
                    "quotes": [CITATION | {"relevance": None}],
                }
            ],
        }
    ],
    "typical_language": {
        "de": [
            {
                "phrase": "Hausbank",
                "z": 1.54,
                "people": 6,
                "of": 7,
                "elsewhere": 0,
                "elsewhere_of": 9,
                "quote": CITATION | {"relevance": None, "n": 2},
            }
        ]
    },
}
_QUALIFICATION = {
    "study": "nido",
    "language": "de",
    "participant": None,
    "best": "careful",
    "sentence": "Unentschieden; vorn liegt Vorsichtige: 1 von 1 Kriterien erfüllt, 0 nicht erfüllt.",
    "segments": [
        {
            "segment": "careful",
            "label": "Vorsichtige",
            "verdict": "undecided",
            "met": 1,
            "failed": 0,
            "contradictory": 0,
            "unknown": 0,
            "of": 1,
            "share": 1.0,
            "lead": 0.167,
            "criteria": [
                {
                    "criterion": "careful-routines",
                    "dimension": "routines_and_rituals",
                    "statement": _CRITERION["statement"],
                    "verdict": "met",
                    "confidence": 1.0,
                    "evidence": [
                        {
                            "speaks": "for",
                            "code": None,
                            "polarity": "affirmed",
                            "basis": "answer",
                            "confidence": 1.0,
                            "citation": None,
                            "answer": 1,
                        }
                    ],
                    "unknown_codes": [],
                }
            ],
        }
    ],
    "ask_next": [
        {
            "criterion": "careful-goals",
            "segment": "careful",
            "dimension": "goals_and_motivation",
            "question": "Geht es Ihnen vor allem um eine Rücklage für die Familie, damit Sie ruhig schlafen?",
            "separates": ["optimiser", "starter"],
        }
    ],
    "answers": [{"number": 1, "language": "de", "criterion": "careful-routines", "met": True, "codes": []}],
    "citations": [],
    "rule": {"least_criteria": 2, "least_share": 0.6666666666666666, "least_lead": 0.25},
}
_CELL = {
    "segment": "careful",
    "option": "any",
    "of": 10,
    "named_for": 4,
    "named_against": 0,
    "named_both": 0,
    "asked_without_mention": 1,
    "never_asked": 5,
    "quotes": "/v1/matrix/quotes?study=nido&criterion=CR4&segment=careful&option=any",
}
_MATRIX = {
    "study": "nido",
    "by_persons": False,
    "options": [{"option": "any", "kind": "any", "label": "any option"}],
    "segments": [{"segment": "careful", "label": "Careful", "people": 10}],
    "rows": [{"code": "CR4", "label": "Deposit protection and licence", "kind": "criterion", "cells": [_CELL]}],
    "totals": [_CELL | {"named_for": 6, "named_against": 2, "named_both": 1, "never_asked": 2, "quotes": None}],
    "reasons": [
        {
            "code": "RC1",
            "label": "Valora: orders for one euro",
            "option": "Valora",
            "cells": [_CELL | {"quotes": "/v1/matrix/quotes?study=nido&criterion=RC1&segment=careful&option=any"}],
        }
    ],
}
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
    "sentence": "Of 7 hypotheses 4 survived, 2 are contradicted, 0 mixed, 1 untested.",
}
RESEARCH_EXAMPLES: dict[str, dict[str, Any]] = {
    "list_segments": {"application/json": {"study": "nido", "segments": [_SEGMENT]}},
    "read_segment": {"application/json": _PROFILE},
    "qualify_customer": {"application/json": _QUALIFICATION},
    "read_matrix": {"application/json": _MATRIX},
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
"""Responses of each operation of research, by its name and media type."""
