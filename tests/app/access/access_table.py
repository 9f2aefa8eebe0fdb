"""What every operation and tool takes: the role, and a request that would be right in a study that is named."""

import json
import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from app.privacy.keys import KeyRole

VIEWER, RESEARCHER, ADMIN = KeyRole

ROLES: dict[KeyRole | None, str] = {
    None: "check_liveness check_readiness",
    VIEWER: """
        create_answer read_answer list_answers list_consent read_feedback give_feedback list_collections
        create_collection read_collection rename_collection delete_collection collect_quote arrange_quote remove_quote
        create_chat_completion
        list_models read_model list_quotes list_studies read_study
        list_participants read_participant list_interviews read_interview read_transcript read_job_story read_utterance
        read_audio read_job read_economics read_value_scheme read_saturation read_saturation_groups list_segments
        read_segment qualify_customer read_matrix list_matrix_quotes read_report list_hypotheses read_hypothesis
        list_insights read_insight list_sources read_source read_source_changes list_codes read_code
        read_codebook_history read_agreement read_themes list_taggings list_review_queue list_reviews export_codebook
        export_project export_taggings""",
    RESEARCHER: """
        change_consent upload_recording cancel_job retry_job import_customers change_value_scheme create_hypothesis
        import_hypotheses
        delete_hypothesis test_hypothesis create_insight import_insights edit_insight link_evidence unlink_evidence
        forget_lost_evidence add_source delete_source refresh_source correct_utterance import_codebook import_project
        import_taggings create_code edit_code name_theme merge_codes split_code retire_code restore_code create_tagging
        review_taggings undo_review remove_tagging""",
    ADMIN: """
        erase_participant erase_interview export_participant list_audit list_erasures read_erasure read_originals
        read_retention set_retention""",
}
NEEDED = {operation: role for role, operations in ROLES.items() for operation in operations.split()}
"""The least role that each operation takes; `None` is nobody's."""
OF_ALL = {"check_liveness", "check_readiness", "list_audit", "list_erasures", "list_models", "list_studies"}
"""What names no study; lists hold those studies alone that may be read."""


@dataclass(frozen=True)
class Place:
    """A study with something of each kind in it, by the name of the parameter that leads to it."""

    slug: str
    marker: str
    utterance: uuid.UUID
    ids: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """A request to one operation, about one study."""

    operation: str
    method: str
    url: str
    sent: dict[str, Any]


def calls(description: dict[str, Any], place: Place) -> list[Call]:
    """A request to every operation that OpenAPI lists; what takes something away comes last."""
    found = [
        Call(operation["operationId"], method.upper(), _address(path, place), _sent(operation, place))
        for path, item in description["paths"].items()
        for method, operation in item.items()
    ]
    return sorted(found, key=lambda call: call.method == "DELETE")


def _address(path: str, place: Place) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: _named(found[1], path, place), path)


def _named(parameter: str, path: str, place: Place) -> str:
    parts = path.split("/")
    if parameter == "slug":
        return place.slug if "studies" in parts else "careful"
    return place.ids[f"{parts[2]}_{parameter}" if parameter == "code" else parameter]


def _sent(operation: dict[str, Any], place: Place) -> dict[str, Any]:
    name = operation["operationId"]
    parameters = [
        each["name"] for each in operation.get("parameters", ()) if each["in"] == "query" and each.get("required")
    ]
    known = {"study": place.slug, **_QUERY, "utterance": str(place.utterance), "start": 0, "end": 3}
    query = {each: known[each] for each in parameters if each in known}
    contents = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in contents:
        file, more = _FILES[name]
        return {"data": {"study": place.slug, **more}, "files": {"file": file}}
    if contents:
        body = json.loads(json.dumps(_BODIES[name]).replace("UTTERANCE", str(place.utterance)))
        of_study = {} if "study" in query or name in _BY_ID else {"study": place.slug}
        of_study = {"model": f"verbatim-{place.slug}"} if name == "create_chat_completion" else of_study
        return {"params": query, "json": body | of_study}
    return {"params": query}


_QUERY = {"by": "segment", "criterion": "AX1"}
_BY_ID = {"correct_utterance", "give_feedback", "rename_collection", "collect_quote", "arrange_quote"}
_CSV = "text/csv"
_FILES: dict[str, tuple[tuple[str, bytes, str], dict[str, str]]] = {
    "upload_recording": (("call.wav", b"RIFF", "audio/wav"), {"participant": "P01"}),
    "import_hypotheses": (("h.csv", b"statement,codes\nMoney is safe,AX1\n", _CSV), {}),
    "import_customers": (("c.csv", b"customer_id,revenue_eur\nC-1,10\n", _CSV), {}),
    "import_insights": (("i.csv", b"statement\nMoney is safe\n", _CSV), {}),
    "add_source": (("s.md", b"# Prices\n\nIt costs nothing at all.\n", "text/markdown"), {"kind": "competitor"}),
    "import_codebook": (("c.csv", b"code,kind,label\nZZ9,anxiety,Fear\n", _CSV), {}),
    "import_project": (("p.qdpx", b"PK\x05\x06" + bytes(18), "application/zip"), {}),
    "import_taggings": (("t.csv", b"interview,quote,code,polarity,author\nI01,Angst,AX1,affirmed,anna\n", _CSV), {}),
}
_NEW_CODE = {"code": "NEW1", "kind": "anxiety", "labels": {"en": "Fear"}}
_BODIES: dict[str, dict[str, Any]] = {
    "create_answer": {"question": "Were people afraid of losing their money?"},
    "create_chat_completion": {"messages": [{"role": "user", "content": "Were people afraid?"}]},
    "give_feedback": {"verdict": "helpful"},
    "create_collection": {"title": "For the web page"},
    "rename_collection": {"title": "For the front page"},
    "collect_quote": {"utterance": "UTTERANCE", "span": [0, 3]},
    "arrange_quote": {"note": "for the front page"},
    "qualify_customer": {"participant": "P01"},
    "create_hypothesis": {"statement": "Money is safe", "codes": ["AX1"]},
    "create_insight": {"statement": "Money is safe"},
    "edit_insight": {"statement": "Money is safest"},
    "link_evidence": {"utterance": "UTTERANCE", "start": 0, "end": 3},
    "change_value_scheme": {},
    "change_consent": {"marketing": True},
    "set_retention": {"days": 730},
    "correct_utterance": {"role": "participant"},
    "create_code": _NEW_CODE,
    "edit_code": {"about": "what people fear"},
    "name_theme": _NEW_CODE,
    "merge_codes": {"into": "AX2"},
    "split_code": {"into": _NEW_CODE, "taggings": [str(uuid.UUID(int=0))]},
    "retire_code": {},
    "restore_code": {},
    "create_tagging": {"code": "AX1", "utterance": "UTTERANCE", "start": 0, "end": 3, "polarity": "affirmed"},
    "review_taggings": {"reviews": [{"tagging": str(uuid.UUID(int=0)), "verdict": "accepted"}]},
}

TOOLS: dict[str, dict[str, Any]] = {
    "ask_interviews": {"question": "Were people afraid of losing their money?"},
    "search_quotes": {"query": "Angst"},
    "get_quote_context": {"utterance": "UTTERANCE"},
    "count_people": {"by": "code"},
    "list_segments": {},
    "read_artefact": {"artefact": "codebook"},
    "qualify_customer": {"participant": "P01"},
    "list_studies": {},
}
"""What each tool of the MCP server is given beside the study; all of them only read, which takes a viewer."""
