"""Examples for OpenAPI, from the sample study."""

from typing import Any

from pydantic_core import to_json

from app.answering.schemas import Answer, Citation
from app.library.answer_markdown import answer_markdown
from app.library.export import to_csv, to_markdown
from app.library.pages import encode_cursor
from app.rest import codebook_examples
from app.rest.research_examples import RESEARCH_EXAMPLES
from app.vocabulary import JobField

_FILTERS: dict[str, Any] = {
    "segments": ["careful"],
    "languages": [],
    "codes": ["AX1"],
    "kinds": [],
    "participants": [],
    "bands": [],
    "classes": [],
    "uses": [],
}

CITATION: dict[str, Any] = {
    "n": 1,
    "evidence": "interview",
    "quote": "Also, wenn bei uns einer eingeliefert wird, schließen wir seine Wertsachen weg, mit Zettel und zwei "
    "Unterschriften. Fragt er, wo ist meine Uhr, dann gibt's dafür einen Namen. Und bei so einer Firma aus Berlin, die "
    "ich nie gesehen hab?",
    "language": "de",
    "translation": None,
    "participant": "P01",
    "segment": "careful",
    "role": "participant",
    "verbatim": True,
    "via_interpreter": False,
    "interview": "I01",
    "utterance": "4a019813-a1b8-565f-aede-8e9df88221e3",
    "transcript": "c4bb85c8-1c63-5e69-9cc6-5173ff78bdce",
    "superseded": False,
    "span": [27, 261],
    "utterance_text": "Die Uhr von Herrn Soundso. Also, wenn bei uns einer eingeliefert wird, schließen wir seine "
    "Wertsachen weg, mit Zettel und zwei Unterschriften. Fragt er, wo ist meine Uhr, dann gibt's dafür einen Namen. "
    "Und bei so einer Firma aus Berlin, die ich nie gesehen hab? Wenn die morgens einfach Geschichte ist, wer gibt mir "
    "dann die Uhr wieder? Das hat mich richtig umgetrieben.",
    "question_before": "Was hat Sie am meisten beschäftigt, bevor Sie sich entschieden haben?",
    "start_ms": 337295,
    "end_ms": 359002,
    "codes": ["AX1"],
    "polarity": "affirmed",
    "relevance": "fair",
    "low_confidence": False,
    "url": "/interviews/I01?study=nido#u-4a019813-a1b8-565f-aede-8e9df88221e3",
    "audio_url": None,
    "pseudonymised": False,
    "removed": None,
}

ANSWER: dict[str, Any] = {
    "id": "3506c834-61f7-4b94-b3a4-0c48628e48b8",
    "question": "Who guarantees the deposits if the app disappears?",
    "standalone_question": None,
    "sub_questions": [],
    "language": "en",
    "study": "nido",
    "filters": _FILTERS,
    "facets": [],
    "audience": "product",
    "thread_id": "b1b5e3c4-9a52-4f0c-8f7e-3a8f8a2c0d11",
    "status": "answered",
    "summary": "- 4 of 10 people: App and money gone [1]",
    "claims": [
        {
            "text": "4 of 10 people: App and money gone",
            "code": "AX1",
            "kind": "anxiety",
            "citations": [1],
            "polarity": "affirmed",
            "relevance": "fair",
            "support": {
                "participants": 4,
                "of": 10,
                "raised_with": 4,
                "by_segment": {"careful": [4, 10]},
                "by_language": {"de": [4, 7], "es": [0, 3]},
            },
            "counter_evidence": [],
            "part": 1,
            "weakly_supported": False,
            "evidence": "interview",
        }
    ],
    "comparison": None,
    "citations": [CITATION],
    "gaps": [
        {
            "kind": "language_without_evidence",
            "detail": "nobody of those who speak es (3 people) said anything about it",
            "ask_next": "Ask in the next interview: Who guarantees the deposits if the app disappears?",
            "knowledge_holder": "anna",
        }
    ],
    "dropped": {"fabricated": 0, "altered": 0, "wrong_speaker": 0, "unsupported_number": 0, "unknown_reference": 0},
    "provenance": {
        "embedder": "bundled@4c47569460fa/256",
        "chat_model": None,
        "prompts": {},
        "timings_ms": {"understand": 1.9, "retrieve": 7.2, "rank": 0.6, "cite": 2.1, "count": 3.0},
        "calls": 0,
        "tokens": 0,
        "cost": None,
        "fallback": None,
    },
    "stale": False,
}

_ANSWER_EVENTS = "".join(
    f"event: {name}\ndata: {to_json(data).decode()}\nid: {number}\n\n"
    for number, (name, data) in enumerate(
        (
            ("status", {"stage": "check"}),
            ("citation", CITATION),
            ("token", {"text": ANSWER["summary"]}),
            ("answer", ANSWER),
            ("done", {"id": ANSWER["id"]}),
        ),
        start=1,
    )
)

_STUDY: dict[str, Any] = {
    "slug": "nido",
    "title": "Nido: why customers stay",
    "product": "Nido",
    "languages": ["de", "es", "en"],
    "competitors": ["Valora", "Kapitalo", "Hausbank"],
    "participants": 23,
    "interviews": 23,
}
_STUDY_PARTS: dict[str, Any] = {
    "segments": [{"slug": "careful", "labels": {"en": "Careful"}, "description": None, "participants": 10}],
    "codes": [
        {
            "code": "AX1",
            "kind": "anxiety",
            "labels": {"en": "App and money gone"},
            "about": "fear that the app disappears and the money is gone (who guarantees the deposits?)",
        }
    ],
    "team": [{"code": "anna", "name": "Anna Brandt", "role": "researcher", "contact": "research@example.org"}],
}
_PARTICIPANT: dict[str, Any] = {
    "code": "P01",
    "language": "de",
    "segment": "careful",
    "band": "200-500",
    "class": "A",
    "attributes": {"age": "34", "city": "Leipzig", "occupation": "nurse"},
    "interviews": ["I01"],
}
_INTERVIEW: dict[str, Any] = {
    "code": "I01",
    "date": "2026-02-03",
    "mode": "direct",
    "interviewer": "anna",
    "interviewer_language": "de",
    "participants": ["P01"],
    "consent": {"recording": True, "quotes": True},
    "published_at": "2026-11-21T10:08:08.683081Z",
    "transcript": "c4bb85c8-1c63-5e69-9cc6-5173ff78bdce",
    "version": 1,
    "utterances": 56,
    "duration_ms": 723051,
    "languages": ["de"],
    "segments": ["careful"],
    "status": "published",
    "withheld": False,
}
_UTTERANCE: dict[str, Any] = {
    "id": CITATION["utterance"],
    "index": 27,
    "role": "participant",
    "role_confidence": 1.0,
    "participant": "P01",
    "speaker": "P01",
    "language": "de",
    "text": CITATION["utterance_text"],
    "start_ms": 334112,
    "end_ms": 365840,
    "confidence": None,
    "codes": ["AX1"],
}
_PLACE: dict[str, Any] = {
    "study": "nido",
    "interview": "I01",
    "transcript": "c4bb85c8-1c63-5e69-9cc6-5173ff78bdce",
    "version": 1,
    "superseded": False,
}
_JOB: dict[str, Any] = {
    "job": "5b8e4f0a-7d0c-4c39-a5a6-7a2f5a6d3e11",
    "study": "nido",
    "interview": "I24",
    "status": "running",
    "stage": "transcribe",
    "done": 1260,
    "total": 3120,
    "error": None,
    "warnings": [],
    "attempts": 1,
    "updated_at": "2026-03-02T09:41:07Z",
}
_REGISTERED = {"recording": "0d0f4f5e-2f5b-4d64-8f0e-9b2a7c1d6e55", "interview": "I24", "job": _JOB["job"]}
_QUOTE = Citation.model_validate(CITATION)
_STORY: dict[str, Any] = {
    "study": "nido",
    "interview": "I17",
    "participants": ["P17"],
    "chat_model": "openai:gpt-4.1-mini",
    "prompt": "1@ba7f10bed0de",
    "story": {str(field): [] for field in JobField}
    | {"anxiety": [{"statement": "Who answers for the money then", "generated": True, "quote": CITATION}]},
}
_COMPLETION: dict[str, Any] = {
    "id": f"chatcmpl-{ANSWER['id']}",
    "object": "chat.completion",
    "created": 1795255687,
    "model": "verbatim-nido",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": answer_markdown(Answer.model_validate(ANSWER), "https://verbatim.example"),
                "refusal": None,
            },
            "logprobs": None,
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
    "verbatim": ANSWER,
}
_CHUNK = {
    "id": _COMPLETION["id"],
    "object": "chat.completion.chunk",
    "created": _COMPLETION["created"],
    "model": "verbatim-nido",
    "choices": [{"index": 0, "delta": {"content": "- 4 of 10 people: …"}, "logprobs": None, "finish_reason": None}],
}
_MODEL = {"id": "verbatim-nido", "object": "model", "created": 0, "owned_by": "verbatim"}

EXAMPLES: dict[str, dict[str, Any]] = {
    "create_answer": {"application/json": ANSWER, "text/event-stream": _ANSWER_EVENTS},
    "read_answer": {"application/json": ANSWER},
    "create_chat_completion": {
        "application/json": _COMPLETION,
        "text/event-stream": f"data: {to_json(_CHUNK).decode()}\n\ndata: [DONE]\n\n",
    },
    "list_models": {"application/json": {"object": "list", "data": [_MODEL]}},
    "read_model": {"application/json": _MODEL},
    "list_quotes": {
        "application/json": {
            "study": "nido",
            "filters": _FILTERS,
            "quotes": [CITATION],
            "next_cursor": encode_cursor(["I01", 27]),
        },
        "text/csv": to_csv([_QUOTE]),
        "text/markdown": to_markdown([_QUOTE]),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "(bytes)",
    },
    "list_studies": {"application/json": {"studies": [_STUDY], "next_cursor": None}},
    "read_study": {"application/json": _STUDY | _STUDY_PARTS},
    **RESEARCH_EXAMPLES,
    "list_participants": {"application/json": {"participants": [_PARTICIPANT], "next_cursor": encode_cursor(["P01"])}},
    "read_participant": {"application/json": _PARTICIPANT},
    "list_interviews": {"application/json": {"interviews": [_INTERVIEW], "next_cursor": encode_cursor(["I01"])}},
    "read_interview": {"application/json": _INTERVIEW},
    "read_transcript": {"application/json": _PLACE | {"utterances": [_UTTERANCE], "next_cursor": encode_cursor([27])}},
    "read_job_story": {"application/json": _STORY},
    "read_utterance": {"application/json": _UTTERANCE | _PLACE},
    "correct_utterance": {"application/json": _UTTERANCE | _PLACE},
    "upload_recording": {"application/json": _REGISTERED},
    "read_job": {
        "application/json": _JOB,
        "text/event-stream": f"event: status\ndata: {to_json(_JOB).decode()}\nid: 1\n\n",
    },
    "cancel_job": {"application/json": _JOB | {"status": "cancelled"}},
    "retry_job": {"application/json": _JOB | {"status": "queued", "stage": "waiting", "done": 0, "attempts": 0}},
    **codebook_examples.EXAMPLES,
}
"""Responses of each operation, by its name and media type."""
