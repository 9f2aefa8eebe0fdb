"""Examples of the research artefacts for OpenAPI, from the sample study."""

from typing import Any

from app.research.economics.figures import economics_csv
from app.research.economics.schemas import Economics
from app.research.saturation.figures import groups_csv, saturation_csv
from app.research.saturation.schemas import Saturation, SaturationGroups

_BAND = {
    "name": "200-500",
    "customers": 290,
    "mean_purchases": 8.5,
    "revenue_eur": "85859.22",
    "revenue_share": 0.56,
    "mean_ltv_eur": "339.07",
    "interviewed": 11,
    "interview_share": 0.48,
    "coverage": 0.85,
}
_SCHEME: dict[str, Any] = {
    "bands_eur": [50, 100, 200, 500, 1000],
    "class_shares": {"A": "0.50", "B": "0.30", "C": "0.15", "D": "0.05"},
    "class_limits_eur": None,
}
_ECONOMICS = {
    "study": "nido",
    "customers": 1000,
    "revenue_eur": "153320.04",
    "scheme": _SCHEME,
    "bands": [_BAND],
    "classes": [_BAND | {"name": "A"}],
    "unclassified_bands": None,
    "unclassified_classes": None,
    "interviewed_without_customer": 0,
    "invite_next": {
        "bands": [{"name": "200-500", "wanting": 2, "customers": ["C-1099", "C-1289"]}],
        "classes": [{"name": "B", "wanting": 3, "customers": ["C-1201", "C-1291", "C-1366"]}],
    },
    "sentences": [
        "The band 200-500 brings 56% of the revenue; 11 of 23 interviews with customers were held there (48%)."
    ],
}
_IMPORT: dict[str, Any] = {
    "study": "nido",
    "file": "kunden.csv",
    "dry_run": False,
    "shape": "customers",
    "unit": "line",
    "mapping": {"customer_id": "Kunden-Nr.", "ltv_eur": "Kundenwert", "revenue_eur": "Umsatz (EUR)"},
    "attributes": ["Land"],
    "left_out": ["E-Mail"],
    "rows": 1001,
    "orders": 0,
    "refunds": 0,
    "customers": 1000,
    "added": 40,
    "updated": 960,
    "removed": 0,
    "unclassified": 12,
    "problems": [
        {
            "kind": "repeated",
            "problem": "the same row again",
            "done": "counted once",
            "count": 1,
            "lines": [17],
        }
    ],
    "notes": ["amounts were read with a decimal comma"],
    "unknown_customers": [{"participant": "P24", "customer_id": "C-9999"}],
}
_STEP = {"number": 20, "interview": "I20", "new": ["RC3"], "distinct": 49, "lower": 46, "median": 48, "upper": 49}
_CONCLUSION: dict[str, Any] = {
    "verdict": "saturated",
    "saturated_at": 6,
    "steady_since": 18,
    "last_new": 20,
    "codes_expected": 51.5,
    "more_interviews": 0,
    "sentence": "After interview 20 of 23 nothing new came up. Since interview 18 no run of 2 told more than 5\xa0% "
    "new; you planned 25: you can stop.",
}
_RULE = {"base": 4, "run": 2, "threshold": 0.05}
_SATURATION: dict[str, Any] = {
    **_CONCLUSION,
    "study": "nido",
    "segment": None,
    "language": None,
    **_RULE,
    "steps": [_STEP],
    "runs": [{"first": 19, "last": 20, "new": 1, "share": 0.037}],
}
_GROUPS: dict[str, Any] = {
    "study": "nido",
    "by": "segment",
    **_RULE,
    "groups": [{**_CONCLUSION, "name": "careful", "interviews": 23, "codes": 49}],
}
_SVG = '<svg xmlns="http://www.w3.org/2000/svg" role="img">…</svg>'
_BYTES = "(bytes)"


def figure_examples(found: dict[str, Any], table: str) -> dict[str, Any]:
    """The examples of a figure in all its formats."""
    return {"application/json": found, "text/csv": table, "image/svg+xml": _SVG, "image/png": _BYTES}


RESEARCH_EXAMPLES: dict[str, dict[str, Any]] = {
    "read_economics": figure_examples(_ECONOMICS, economics_csv(Economics.model_validate(_ECONOMICS))),
    "import_customers": {"application/json": _IMPORT},
    "read_value_scheme": {"application/json": _SCHEME},
    "change_value_scheme": {"application/json": _SCHEME},
    "read_saturation": figure_examples(_SATURATION, saturation_csv(Saturation.model_validate(_SATURATION))),
    "read_saturation_groups": {
        "application/json": _GROUPS,
        "text/csv": groups_csv(SaturationGroups.model_validate(_GROUPS)),
    },
    "read_report": {"text/html": "<!doctype html>…", "text/markdown": "# Nido: why customers stay\n…"},
}
"""Responses of each operation on them, by its name and media type."""
