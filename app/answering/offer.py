"""What a chat model gets to see: passages under ids that mean nothing elsewhere, each on lines that it cannot leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from app.answering.compose import own_code
from app.answering.queries import CodeEntry
from app.answering.rank import Ranked
from app.prompts import json_line
from app.text import Span, split_sentences

MOST_PASSAGES = 40
MOST_PASSAGE_CHARACTERS = 2_400
MOST_QUESTION_CHARACTERS = 300


@dataclass(frozen=True)
class Offered:
    """A passage under the id that the model knows it by, and the sentences that it may point at, numbered from 1.

    `asked` is the id of the interviewer's words before it, which are shown and never evidence.
    """

    id: str
    ranked: Ranked
    sentences: tuple[Span, ...]
    asked: str | None = None


def offer(ranked: Sequence[Ranked]) -> tuple[Offered, ...]:
    """Mint an id for each passage and number its sentences; of a long passage, those from its tag on are offered."""
    return tuple(
        Offered(f"u{number}", item, _window(item), f"q{number}" if item.candidate.question_before else None)
        for number, item in enumerate(ranked[:MOST_PASSAGES], start=1)
    )


def render(offered: Sequence[Offered], codes: Mapping[str, CodeEntry]) -> str:
    """Write the study's codes on the offered passages, then the passages, one JSON object a line.

    Line ends inside a text are escaped, so that no text can pass for another passage.
    """
    people = _people(offered)
    lines = [
        *(json_line(_code(codes[code])) for code in _codes_on(offered) if code in codes),
        *(json_line(turn) for item in offered for turn in _turns(item, people)),
    ]
    return "\n".join(lines)


def _window(item: Ranked) -> tuple[Span, ...]:
    """The sentences that fit: all, or those from the one that holds the tag's beginning on, one of them at least."""
    text, tag = item.candidate.text, item.tag
    sentences = split_sentences(text, item.candidate.language)
    if len(text) <= MOST_PASSAGE_CHARACTERS or not sentences:
        return sentences
    tagged = (place for place, span in enumerate(sentences) if tag and span.end > tag.start)
    first = next(tagged, 0)
    last_end = sentences[first].start + MOST_PASSAGE_CHARACTERS
    following = (span for span in sentences[first + 1 :] if span.end <= last_end)
    return (sentences[first], *following)


def _codes_on(offered: Sequence[Offered]) -> list[str]:
    """The study's own codes on the offered passages, those met first first."""
    return list(dict.fromkeys(tag.code for item in offered for tag in item.ranked.candidate.tags if own_code(tag.code)))


def _code(entry: CodeEntry) -> dict[str, object]:
    return {
        "code": entry.code,
        "kind": entry.kind,
        "label": next(iter(entry.labels.values()), ""),
        "about": entry.about,
    }


def _people(offered: Sequence[Offered]) -> dict[str, str]:
    """A letter for each participant: who is one person shows, which person does not."""
    people = dict.fromkeys(item.ranked.candidate.participant for item in offered)
    letters = [*ascii_uppercase, *(f"{first}{second}" for first in ascii_uppercase for second in ascii_uppercase)]
    return dict(zip(people, letters, strict=False))


def _turns(item: Offered, people: Mapping[str, str]) -> list[dict[str, object]]:
    candidate = item.ranked.candidate
    answer: dict[str, object] = {
        "id": item.id,
        "role": "participant",
        "person": people[candidate.participant],
        "segment": candidate.segment,
        "language": candidate.language,
        "codes": {tag.code: tag.polarity for tag in reversed(candidate.tags) if own_code(tag.code)},
        "sentences": {
            number: candidate.text[span.start : span.end][:MOST_PASSAGE_CHARACTERS]
            for number, span in enumerate(item.sentences, start=1)
        },
    }
    if item.asked is None or candidate.question_before is None:
        return [answer]
    question = candidate.question_before[-MOST_QUESTION_CHARACTERS:]
    return [{"id": item.asked, "role": "interviewer", "text": question}, answer]
