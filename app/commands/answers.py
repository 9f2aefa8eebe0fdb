"""Answers and quotes as lines of text: numbered quotes, counts of people, what contradicts, what was never said."""

from collections.abc import Iterator, Sequence

from app.answering.schemas import Answer, AnyCitation, Citation, Claim, Gap, OtherCitation, Support
from app.commands.output import Line, line
from app.library.export import spoken_at
from app.vocabulary import Polarity

_FILTER_NAMES = {
    "segments": "segment",
    "languages": "language",
    "codes": "code",
    "kinds": "kind",
    "participants": "participant",
    "bands": "band",
    "classes": "class",
    "uses": "for",
}
_STATUS_STYLES = {"answered": "green", "partial": "yellow", "no_evidence": "yellow"}


def answer_lines(answer: Answer, base_url: str) -> Iterator[Line]:
    """Lay out an answer; `base_url` is where the links of its quotes lead."""
    status = (answer.status.replace("_", " "), _STATUS_STYLES[answer.status])
    yield line((answer.question, "bold"))
    yield line((f"study {answer.study} · ", "dim"), status)
    if answer.standalone_question:
        yield line((f"understood as: {answer.standalone_question}", "dim"))
    for number, part in enumerate(answer.sub_questions, start=1):
        yield line((f"part {number}: {part}", "dim"))
    if narrowed := " · ".join(_narrowings(answer)):
        yield line((f"only {narrowed}", "dim"))
    if not answer.claims:
        yield line(answer.summary)
    cited = {citation.n: citation for citation in answer.citations}
    is_worded = answer.provenance.chat_model is not None and answer.provenance.fallback is None
    for claim in answer.claims:
        yield line()
        yield from _claim_lines(claim, cited, base_url, is_worded=is_worded)
    if answer.gaps:
        yield line()
        yield line(("What is missing", "bold"))
        for gap in answer.gaps:
            yield from _gap_lines(gap)
    if answer.provenance.chat_model:
        yield line()
        yield from _provenance_lines(answer)


def quote_lines(citations: Sequence[Citation], base_url: str) -> Iterator[Line]:
    """Lay out quotes, numbered."""
    for citation in citations:
        yield from _citation_lines(citation, base_url, indent=0)


def _narrowings(answer: Answer) -> Iterator[str]:
    """What the answer is limited to, with the words of the question that say so, where it was not a filter."""
    words: dict[tuple[str, str], str] = {
        (facet.field, facet.value): facet.words for facet in answer.facets if facet.hard
    }
    for field, values in answer.filters:
        for value in values:
            said = words.get((field, value))
            yield f"{_FILTER_NAMES[field]} {value}{f' (“{said}”)' if said else ''}"


def _provenance_lines(answer: Answer) -> Iterator[Line]:
    """What a chat model had to do with it, and how to ask on."""
    made = answer.provenance
    if made.fallback:
        yield line((f"quotes alone: {made.chat_model} was of no use ({made.fallback})", "yellow"))
    else:
        yield line((f"worded by {made.chat_model}; every quote is cut from its transcript", "dim"))
    yield line((f"to ask on: --thread {answer.thread_id}", "dim"))


def _claim_lines(claim: Claim, cited: dict[int, AnyCitation], base_url: str, *, is_worded: bool) -> Iterator[Line]:
    """A claim with its counts and what it cites; one that a chat model worded has no count in its words."""
    code = f" ({claim.code})" if claim.code else ""
    told_of = claim.relevance if claim.evidence == "interview" else claim.evidence
    yield line((claim.text, "bold cyan"), (f"{code} · {told_of}", "dim"))
    if claim.weakly_supported:
        yield line(("its quotes hardly bear this out", "yellow"), indent=2)
    if claim.support.participants:
        yield from _support_lines(claim.support, is_worded=is_worded)
    for number in claim.citations:
        yield from _citation_lines(cited[number], base_url, indent=2)
    if claim.counter_evidence:
        yield line(("Against it:", "yellow"), indent=2)
    for number in claim.counter_evidence:
        yield from _citation_lines(cited[number], base_url, indent=2)


def _support_lines(support: Support, *, is_worded: bool) -> Iterator[Line]:
    gave = f"{support.participants} of {support.of} people · " if is_worded else ""
    yield line((f"{gave}came up with {support.raised_with} of {support.of} people", "dim"), indent=2)
    for name, shares in (("segment", support.by_segment), ("language", support.by_language)):
        if shares:
            listed = " · ".join(f"{key} {gave} of {total}" for key, (gave, total) in shares.items())
            yield line((f"by {name}: {listed}", "dim"), indent=2)


def _citation_lines(citation: AnyCitation, base_url: str, indent: int) -> Iterator[Line]:
    number = f"[{citation.n}] "
    if isinstance(citation, OtherCitation):
        origin = citation.origin
        date = str(origin.date) if origin.date else None
        facts = (citation.evidence, origin.code, origin.title, origin.author, date)
        yield line((number, "bold"), citation.quote, indent=indent)
        yield line((" · ".join(filter(None, facts)), "dim"), indent=indent + len(number))
        yield line((base_url + citation.url, "dim"), indent=indent + len(number))
        return
    notes = "".join(f" · {note}" for note in _notes(citation))
    who = " · ".join(filter(None, (citation.participant, citation.segment, citation.language)))
    yield line((number, "bold"), f"“{citation.quote}”", indent=indent)
    indent += len(number)
    if citation.translation:
        marked = f"machine translation ({citation.translation.language}): "
        yield line((marked, "dim"), (citation.translation.text, "italic"), indent=indent)
    yield line((f"{who} · {spoken_at(citation.start_ms) or '--:--'}{notes}", "dim"), indent=indent)
    yield line((base_url + citation.url, "dim"), indent=indent)
    if citation.audio_url:
        yield line(("listen: ", "dim"), (base_url + citation.audio_url, "dim"), indent=indent)


def _notes(citation: Citation) -> Iterator[str]:
    if citation.polarity is Polarity.DENIED:
        yield "denies it"
    if citation.via_interpreter:
        yield "via interpreter"
    if not citation.verbatim:
        yield "not verbatim"
    if citation.low_confidence:
        yield "hard to hear"
    if citation.superseded:
        yield "superseded by a newer transcript"


def _gap_lines(gap: Gap) -> Iterator[Line]:
    yield line("– ", gap.detail)
    yield line((gap.ask_next, "dim"), indent=2)
    if gap.knowledge_holder:
        yield line((f"knows most: {gap.knowledge_holder}", "dim"), indent=2)
