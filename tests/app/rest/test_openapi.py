"""The description of the service is complete: stable names, examples of the real shape, every error declared."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel

from app.answering.schemas import Answer
from app.customer_value import ValueScheme
from app.library.collections.schemas import Collection, CollectionEntry, CollectionPage
from app.library.history.schemas import AnswerPage, FeedbackList
from app.library.job_story import JobStory
from app.library.jobs import Job
from app.library.schemas import (
    InterviewEntry,
    InterviewPage,
    ParticipantEntry,
    ParticipantPage,
    PlacedUtterance,
    QuotePage,
    StudyDetail,
    StudyPage,
    TranscriptPage,
)
from app.privacy.consent import ConsentEntry, ConsentList
from app.privacy.erasure import Receipt
from app.privacy.originals import OriginalList
from app.privacy.retention import Retention
from app.research.codebook.agreement_schemas import CoderAgreement
from app.research.codebook.schemas import CodebookEntry, CodebookPage, HistoryPage, MovedTaggings
from app.research.codebook.tagging_schemas import Reviewed, ReviewEntry, ReviewPage, TaggingEntry, TaggingPage
from app.research.codebook.theme_schemas import NamedTheme, Themes
from app.research.customers.schemas import ImportReport
from app.research.economics.schemas import Economics
from app.research.exchange.schemas import CodebookImport, ProjectImport, TaggingsImport
from app.research.hypotheses.schemas import Hypothesis, HypothesisPage, ImportedHypotheses
from app.research.insights.imports import BoardReport
from app.research.insights.schemas import InsightDetail, InsightPage
from app.research.matrix.schemas import Matrix
from app.research.saturation.schemas import Saturation, SaturationGroups
from app.research.segments.cases import Qualification
from app.research.segments.schemas import SegmentList, SegmentProfile
from app.research.sources.schemas import Changes, SourceDetail, SourcePage, TakenSource
from app.rest.audit import AuditPage
from app.rest.erasures import ReceiptList
from app.rest.examples import CITATION
from app.rest.openai_schemas import ChatCompletion, ModelEntry, ModelList
from app.rest.problems import PROBLEM_JSON
from app.rest.recordings import RegisteredRecording

HEALTH = {"check_liveness", "check_readiness"}
SOUND = {"read_audio"}
FILES = {"export_codebook", "export_project", "export_taggings", "export_participant"}
SUCCESSES = ("200", "201", "202")
EMPTY = {"delete_hypothesis", "delete_source", "delete_collection", "remove_quote"}
PAGES = {"read_report"}
OPENAI = {"create_chat_completion", "list_models", "read_model"}
MODELS: dict[str, type[BaseModel]] = {
    "create_answer": Answer,
    "read_answer": Answer,
    "create_chat_completion": ChatCompletion,
    "list_models": ModelList,
    "read_model": ModelEntry,
    "list_quotes": QuotePage,
    "list_studies": StudyPage,
    "read_study": StudyDetail,
    "read_economics": Economics,
    "import_customers": ImportReport,
    "read_value_scheme": ValueScheme,
    "change_value_scheme": ValueScheme,
    "read_saturation": Saturation,
    "list_segments": SegmentList,
    "read_segment": SegmentProfile,
    "qualify_customer": Qualification,
    "read_matrix": Matrix,
    "list_matrix_quotes": QuotePage,
    "list_hypotheses": HypothesisPage,
    "create_hypothesis": Hypothesis,
    "import_hypotheses": ImportedHypotheses,
    "read_hypothesis": Hypothesis,
    "test_hypothesis": Hypothesis,
    "read_saturation_groups": SaturationGroups,
    "list_participants": ParticipantPage,
    "read_participant": ParticipantEntry,
    "erase_participant": Receipt,
    "erase_interview": Receipt,
    "list_audit": AuditPage,
    "list_erasures": ReceiptList,
    "read_originals": OriginalList,
    "list_consent": ConsentList,
    "change_consent": ConsentEntry,
    "read_retention": Retention,
    "set_retention": Retention,
    "read_erasure": Receipt,
    "list_interviews": InterviewPage,
    "read_interview": InterviewEntry,
    "read_transcript": TranscriptPage,
    "read_job_story": JobStory,
    "read_utterance": PlacedUtterance,
    "correct_utterance": PlacedUtterance,
    "upload_recording": RegisteredRecording,
    "read_job": Job,
    "cancel_job": Job,
    "retry_job": Job,
    "list_codes": CodebookPage,
    "create_code": CodebookEntry,
    "read_code": CodebookEntry,
    "edit_code": CodebookEntry,
    "merge_codes": MovedTaggings,
    "split_code": MovedTaggings,
    "retire_code": CodebookEntry,
    "restore_code": CodebookEntry,
    "read_codebook_history": HistoryPage,
    "read_agreement": CoderAgreement,
    "read_themes": Themes,
    "name_theme": NamedTheme,
    "list_taggings": TaggingPage,
    "create_tagging": TaggingEntry,
    "list_review_queue": TaggingPage,
    "list_reviews": ReviewPage,
    "review_taggings": Reviewed,
    "undo_review": ReviewEntry,
    "remove_tagging": ReviewEntry,
    "import_codebook": CodebookImport,
    "import_project": ProjectImport,
    "import_taggings": TaggingsImport,
    "list_sources": SourcePage,
    "add_source": TakenSource,
    "read_source": SourceDetail,
    "read_source_changes": Changes,
    "refresh_source": TakenSource,
    "list_insights": InsightPage,
    "create_insight": InsightDetail,
    "import_insights": BoardReport,
    "read_insight": InsightDetail,
    "edit_insight": InsightDetail,
    "link_evidence": InsightDetail,
    "unlink_evidence": InsightDetail,
    "forget_lost_evidence": InsightDetail,
    "list_collections": CollectionPage,
    "create_collection": CollectionEntry,
    "read_collection": Collection,
    "rename_collection": CollectionEntry,
    "collect_quote": CollectionEntry,
    "arrange_quote": Collection,
    "list_answers": AnswerPage,
    "read_feedback": FeedbackList,
    "give_feedback": FeedbackList,
}


@pytest.fixture
def description(client: TestClient) -> dict[str, Any]:
    """The description of the service."""
    described: dict[str, Any] = client.get("/openapi.json").json()
    return described


def operations(description: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every operation by its name."""
    return {op["operationId"]: op for item in description["paths"].values() for op in item.values()}


def test_operations_have_stable_names(description: dict[str, Any]) -> None:
    """Clients are made from these names: adding one is fine, changing one is not."""
    assert description["openapi"].startswith("3.1")
    assert set(operations(description)) == HEALTH | SOUND | FILES | PAGES | EMPTY | set(MODELS)
    assert all(operation["tags"] and operation["description"] for operation in operations(description).values())


def test_no_two_shapes_have_the_same_name(description: dict[str, Any]) -> None:
    """Of two models of one name FastAPI makes names with the modules in them, which clients would have to write."""
    assert [name for name in description["components"]["schemas"] if "__" in name] == []


def test_every_error_is_declared_as_a_problem(description: dict[str, Any]) -> None:
    """Each operation under /v1 declares its errors as problem documents, or in OpenAI's shape where it is OpenAI's."""
    for name, operation in operations(description).items():
        errors = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        assert {"401", "404", "422", "500", "503"} <= set(errors) or name in HEALTH
        shapes = {json for answer in errors.values() for json in answer["content"]}
        assert shapes == ({PROBLEM_JSON, "application/json"} if name in OPENAI else {PROBLEM_JSON})
    assert "Problem" in description["components"]["schemas"]
    assert "HTTPValidationError" not in description["components"]["schemas"]


def test_every_reference_resolves(description: dict[str, Any]) -> None:
    """Nothing refers to a schema that is not there."""

    def references(node: object) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*(references(value) for value in node.values()))
        return set().union(*(references(value) for value in node)) if isinstance(node, list) else set()

    schemas = {f"#/components/schemas/{name}" for name in description["components"]["schemas"]}
    assert references(description) <= schemas


def test_operations_with_data_need_the_key(description: dict[str, Any]) -> None:
    """The security scheme stands at every operation but health."""
    assert {name for name, operation in operations(description).items() if not operation.get("security")} == HEALTH


@pytest.mark.parametrize("name", MODELS)
def test_examples_have_the_shape_of_real_responses(description: dict[str, Any], name: str) -> None:
    """Each operation shows a response that it could give, nothing left out."""
    responses = operations(description)[name]["responses"]
    for media_type, described in next(answer for status, answer in responses.items() if status < "300")[
        "content"
    ].items():
        example = described["example"]
        if media_type == "application/json":
            assert MODELS[name].model_validate(example).model_dump(mode="json", by_alias=True) == example


def test_the_quote_of_the_example_is_verbatim() -> None:
    """Also the example is cut by its offsets."""
    start, end = CITATION["span"]
    assert CITATION["utterance_text"][start:end] == CITATION["quote"]
