"""What a chat model gets to see of an interview: passages under ids that mean nothing elsewhere, in bounded batches."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.prompts import json_line
from app.tagging.targets import TagCode
from app.text import Span, densest_run, split_sentences

MOST_SENTENCES = 40
MOST_QUESTION_CHARACTERS = 300


@dataclass(frozen=True)
class Passage:
    """What a participant said, in answer to which question; the codes that persons gave it, or refused it."""

    utterance_id: uuid.UUID
    text: str
    language: str
    question: str | None
    given: frozenset[uuid.UUID] = frozenset()
    refused: frozenset[uuid.UUID] = frozenset()

    @property
    def settled(self) -> frozenset[uuid.UUID]:
        """The codes of which a person decided whether they are on it."""
        return self.given | self.refused


@dataclass(frozen=True)
class Offered:
    """A passage under the id that the model knows it by, with the sentences that it may point at, numbered from 1."""

    id: str
    passage: Passage
    sentences: tuple[Span, ...]

    def span(self, numbers: Sequence[int]) -> Span | None:
        """The run of sentences that holds most of these numbers, all of them for none; `None` where one is unknown."""
        if not all(1 <= number <= len(self.sentences) for number in numbers):
            return None
        run = densest_run(numbers) or range(1, len(self.sentences) + 1)
        return Span(self.sentences[run[0] - 1].start, self.sentences[run[-1] - 1].end)


def batches(passages: Sequence[Passage], most: int, most_characters: int) -> Iterator[tuple[Offered, ...]]:
    """Offer passages in their order, so many and so many characters at once; one that is longer comes alone."""
    batch: list[Offered] = []
    characters = 0
    for passage in passages:
        sentences = split_sentences(passage.text, passage.language)[:MOST_SENTENCES]
        if not sentences:
            continue
        length = sentences[-1].end + len(passage.question or "")
        if batch and (len(batch) == most or characters + length > most_characters):
            yield tuple(batch)
            batch, characters = [], 0
        batch.append(Offered(f"u{len(batch) + 1}", passage, sentences))
        characters += length
    if batch:
        yield tuple(batch)


def render_passages(batch: Sequence[Offered]) -> str:
    """Write passages one JSON object a line, each after the question that it answers, which is told once."""
    lines, asked = [], None
    for item in batch:
        question = item.passage.question
        if question and question != asked:
            lines.append(json_line({"role": "interviewer", "text": question[-MOST_QUESTION_CHARACTERS:]}))
        asked = question
        lines.append(json_line(_spoken(item)))
    return "\n".join(lines)


def render_codes(codes: Sequence[TagCode]) -> str:
    """Write the codes of a study, those of kinds too, one JSON object a line."""
    return "\n".join(json_line({"code": code.code, "kind": code.kind, "about": code.text}) for code in codes)


def _spoken(item: Offered) -> Mapping[str, object]:
    text = item.passage.text
    sentences = {number: text[span.start : span.end] for number, span in enumerate(item.sentences, start=1)}
    return {"id": item.id, "role": "participant", "language": item.passage.language, "sentences": sentences}
