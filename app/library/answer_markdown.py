"""An answer as Markdown, for whatever shows Markdown: nothing in it is a link but those to the quotes and itself."""

import re
import uuid
from collections.abc import Iterator, Mapping

from app.answering.phrases import say
from app.answering.schemas import Answer, AnyCitation, Citation, Gap, OtherCitation
from app.library.export import ADDRESS, block_quote, escape_markdown, spoken_at
from app.vocabulary import Polarity

ANSWERS = "/v1/answers/"

_LAST_LINK = re.compile(rf"{ANSWERS}(?P<id>[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})\)\s*$")
_WORD = re.compile(r"\S+")
_MARKUP = re.compile(r"\\.|\[(?P<n>\d+)\]|(?P<markup>[\[\]<>`~]|!(?=\[))")


def answer_markdown(answer: Answer, origin: str) -> str:
    """The summary with its markers as links, each quote word for word, what is missing, the link of the answer.

    Args:
        answer: what is shown.
        origin: what links begin with, for example `https://verbatim.example`.
    """
    cited = {citation.n: citation for citation in answer.citations}
    parts = [_linked(answer.summary, cited, origin)]
    parts += [_shown(citation, answer.language, origin) for citation in answer.citations]
    if answer.gaps:
        gaps = "\n".join(_gap(gap) for gap in answer.gaps)
        parts.append(f"**{say('missing', answer.language)}**\n\n{gaps}")
    parts.append(f"[{say('link', answer.language)}]({origin}{ANSWERS}{answer.id})")
    return "\n\n".join(parts) + "\n"


def answer_shown(markdown: str) -> uuid.UUID | None:
    """Which answer a Markdown text shows, by the link at its end."""
    found = _LAST_LINK.search(markdown)
    return uuid.UUID(found["id"]) if found else None


def _linked(summary: str, cited: Mapping[int, AnyCitation], origin: str) -> str:
    """The summary, in which markers of citations are the only links, and lists and emphasis the only markup."""

    def link_or_escape(match: re.Match[str]) -> str:
        if match["n"] and int(match["n"]) in cited:
            return _link(cited[int(match["n"])], origin)
        return f"\\{match[0]}" if match["n"] or match["markup"] else match[0]

    def tame(word: re.Match[str]) -> str:
        return escape_markdown(word[0]) if ADDRESS.search(word[0]) else _MARKUP.sub(link_or_escape, word[0])

    return _WORD.sub(tame, summary)


def _shown(citation: AnyCitation, language: str, origin: str) -> str:
    if isinstance(citation, OtherCitation):
        return _other(citation, origin)
    if citation.removed:
        return f"[[{citation.n}]] {escape_markdown(say('removed_quote', language))}"
    return _quote(citation, language, origin)


def _other(citation: OtherCitation, origin: str) -> str:
    """What is no customer's words: no block quotation, and said to be what it is."""
    facts = (citation.evidence, citation.origin.title, citation.origin.author, citation.origin.date)
    told = " · ".join(escape_markdown(str(fact)) for fact in facts if fact)
    return f"{_link(citation, origin)} {escape_markdown(' '.join(citation.quote.split()))} — {told}"


def _quote(citation: Citation, language: str, origin: str) -> str:
    facts = (citation.participant, citation.segment, citation.language, citation.interview)
    notes = (*facts, spoken_at(citation.start_ms), *_notes(citation, language))
    said_by = " · ".join(escape_markdown(note) for note in notes if note)
    lines = [block_quote(citation.quote), ">", f"> — {_link(citation, origin)} {said_by}"]
    if citation.translation:
        label = f"{say('machine_translation', language)} ({citation.translation.language})"
        text = " ".join(citation.translation.text.split())
        lines += [">", f"> *{label}:* {escape_markdown(text)}"]
    return "\n".join(lines)


def _notes(citation: Citation, language: str) -> Iterator[str]:
    if citation.polarity is Polarity.DENIED:
        yield say("said_no", language)
    if citation.via_interpreter or not citation.verbatim:
        yield say("via_interpreter", language)
    if citation.pseudonymised:
        yield say("pseudonymised", language)
    if citation.low_confidence:
        yield say("hard_to_hear", language)


def _gap(gap: Gap) -> str:
    holder = f" ({escape_markdown(gap.knowledge_holder)})" if gap.knowledge_holder else ""
    return f"- {escape_markdown(gap.detail)}. {escape_markdown(gap.ask_next)}{holder}"


def _link(citation: AnyCitation, origin: str) -> str:
    return f"[[{citation.n}]]({origin}{citation.url})"
