"""How answers look in a terminal or a pipe."""

import uuid

from app.answering.schemas import Answer, Citation, Claim, Dropped, Facet, Gap, Provenance, Support, Translation
from app.commands.answers import answer_lines, quote_lines
from app.scope import Filters
from app.vocabulary import Kind, Polarity, Role

URL = "http://127.0.0.1:8321"


def citation(number: int, quote: str, **changed: object) -> Citation:
    """A quote of P07."""
    values: dict[str, object] = {
        "n": number,
        "evidence": "interview",
        "quote": quote,
        "language": "de",
        "translation": None,
        "participant": "P07",
        "segment": "careful",
        "role": Role.PARTICIPANT,
        "verbatim": True,
        "via_interpreter": False,
        "interview": "I07",
        "utterance": uuid.UUID(int=number),
        "transcript": uuid.UUID(int=0),
        "span": (0, len(quote)),
        "utterance_text": quote,
        "question_before": None,
        "start_ms": 812_400,
        "end_ms": 819_900,
        "codes": ("AX1",),
        "polarity": Polarity.AFFIRMED,
        "relevance": "strong",
        "low_confidence": False,
        "url": f"/interviews/I07#u-{number}",
        "audio_url": None,
    }
    return Citation.model_validate(values | changed)


def answer(**changed: object) -> Answer:
    """An answer with a claim, a quote for it, one against it, and a gap."""
    support = Support(
        participants=4, of=16, raised_with=9, by_segment={"careful": (3, 9)}, by_language={"es": (1, 7), "de": (3, 9)}
    )
    claim = Claim(
        text="4 of 16 people: Money gone",
        code="AX1",
        kind=Kind.ANXIETY,
        citations=(1,),
        polarity=Polarity.AFFIRMED,
        relevance="strong",
        support=support,
        counter_evidence=(2,),
    )
    spanish = citation(2, "No lo pensé.", language="es", polarity=Polarity.DENIED, participant="P19", start_ms=None)
    values: dict[str, object] = {
        "id": uuid.UUID(int=9),
        "question": "Wovor hatten vorsichtige Kunden Angst?",
        "language": "de",
        "study": "nido",
        "filters": Filters(segments=("careful",), languages=("de", "es")),
        "facets": (Facet(field="segments", value="careful", words="vorsichtige Kunden", span=(13, 31)),),
        "audience": "product",
        "thread_id": None,
        "status": "partial",
        "summary": "- 4 of 16 people: Money gone [1]",
        "claims": (claim,),
        "citations": (citation(1, "Wenn die weg ist, ist mein Geld weg."), spanish),
        "gaps": (
            Gap(
                kind="segment_without_evidence",
                detail="nobody of the segment starter said anything",
                ask_next="Ask in the next interview: why?",
                knowledge_holder="anna",
            ),
        ),
        "dropped": Dropped(),
        "provenance": Provenance(embedder="bundled", chat_model=None, prompts={}, timings_ms={}),
    }
    return Answer.model_validate(values | changed)


def shown(value: Answer) -> list[str]:
    """The lines of an answer as they stand in a pipe."""
    return [f"{' ' * item.indent}{item.text.plain}" for item in answer_lines(value, URL)]


def test_an_answer_is_laid_out_whole() -> None:
    """Scope, counts, quotes with their places, what contradicts, what is missing and who knows most."""
    assert shown(answer()) == [
        "Wovor hatten vorsichtige Kunden Angst?",
        "study nido · partial",
        "only segment careful (“vorsichtige Kunden”) · language de · language es",
        "",
        "4 of 16 people: Money gone (AX1) · strong",
        "  came up with 9 of 16 people",
        "  by segment: careful 3 of 9",
        "  by language: es 1 of 7 · de 3 of 9",
        "  [1] “Wenn die weg ist, ist mein Geld weg.”",
        "      P07 · careful · de · 13:32",
        "      http://127.0.0.1:8321/interviews/I07#u-1",
        "  Against it:",
        "  [2] “No lo pensé.”",
        "      P19 · careful · es · --:-- · denies it",
        "      http://127.0.0.1:8321/interviews/I07#u-2",
        "",
        "What is missing",
        "– nobody of the segment starter said anything",
        "  Ask in the next interview: why?",
        "  knows most: anna",
    ]


def test_without_evidence_the_summary_says_so() -> None:
    """There is no claim to show, and the reason is the answer."""
    empty = answer(status="no_evidence", claims=(), citations=(), summary="Nobody says anything about that.")
    assert shown(empty)[1:4] == [
        "study nido · no evidence",
        "only segment careful (“vorsichtige Kunden”) · language de · language es",
        "Nobody says anything about that.",
    ]


def test_what_a_quote_is_not_is_said() -> None:
    """A translation is marked as one, and so is everything that limits a quote."""
    quote = citation(
        12,
        "Tenía miedo.",
        translation=Translation(text="I was afraid.", language="en", machine=True),
        verbatim=False,
        via_interpreter=True,
        low_confidence=True,
        superseded=True,
        start_ms=3_723_000,
    )
    notes = "via interpreter · not verbatim · hard to hear · superseded by a newer transcript"
    assert [item.text.plain for item in quote_lines([quote], URL)] == [
        "[12] “Tenía miedo.”",
        "machine translation (en): I was afraid.",
        f"P07 · careful · de · 1:02:03 · {notes}",
        "http://127.0.0.1:8321/interviews/I07#u-12",
    ]
