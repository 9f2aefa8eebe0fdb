"""Examples of segments and of the matrix for OpenAPI, from the sample study."""

from typing import Any

from app.research.matrix.figures import matrix_csv
from app.research.matrix.schemas import Matrix
from app.research.segments.figures import profile_csv
from app.research.segments.schemas import SegmentProfile
from app.rest.examples import CITATION
from app.rest.research_examples import figure_examples

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
    "attributes": {},
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
                            "attribute": None,
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
    "untested_attributes": [],
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
SEGMENT_EXAMPLES: dict[str, dict[str, Any]] = {
    "list_segments": {"application/json": {"study": "nido", "segments": [_SEGMENT]}},
    "read_segment": figure_examples(_PROFILE, profile_csv([SegmentProfile.model_validate(_PROFILE)])),
    "qualify_customer": {"application/json": _QUALIFICATION},
    "read_matrix": figure_examples(_MATRIX, matrix_csv(Matrix.model_validate(_MATRIX))),
}
"""Responses of each operation on them, by its name and media type."""
