"""Extractive claims: the ranked quotes grouped by what they are about, in the order of the best of each group."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.answering.phrases import say
from app.answering.queries import ClaimCount, ClaimEvidence, CodeEntry, PeopleCount
from app.answering.rank import Ranked, at_most_each
from app.answering.schemas import Claim, Relevance, Support
from app.vocabulary import Kind, Polarity

MOST_CLAIMS = 5
MOST_EACH = 1


@dataclass(frozen=True)
class Draft:
    """A claim before its people are counted: what it is about, what supports it, what contradicts it."""

    code: str | None
    polarity: Polarity
    supporting: tuple[Ranked, ...]
    contradicting: tuple[Ranked, ...]


def draft_claims(ranked: Sequence[Ranked], limit: int) -> list[Draft]:
    """Group relevant candidates by the code that the question is about.

    Within a group every person is heard before anybody is heard twice. The polarity that more of the group share is
    the claim's; the others contradict it.

    Args:
        ranked: best first; the weak ones only ever stand beside a fair or strong one of their code.
        limit: most quotes in all.
    """
    groups: dict[str | None, list[Ranked]] = {}
    for item in ranked:
        if item.relevance != "weak":
            groups.setdefault(item.tag.code if item.tag else None, []).append(item)
    drafts, left = [], limit
    for code, items in list(groups.items())[:MOST_CLAIMS]:
        if left == 0:
            break
        draft = _draft(code, at_most_each(items, lambda item: item.candidate.participant, MOST_EACH, len(items)), left)
        drafts.append(draft)
        left -= len(draft.supporting) + len(draft.contradicting)
    return drafts


def polarity_of(item: Ranked) -> Polarity:
    """Whether a candidate affirms or denies what its claim is about."""
    return item.tag.polarity if item.tag else Polarity.AFFIRMED


def _draft(code: str | None, items: Sequence[Ranked], most: int) -> Draft:
    denying = [item for item in items if polarity_of(item) is Polarity.DENIED]
    affirming = [item for item in items if polarity_of(item) is Polarity.AFFIRMED]
    polarity = Polarity.DENIED if len(denying) > len(affirming) else Polarity.AFFIRMED
    main, other = (denying, affirming) if polarity is Polarity.DENIED else (affirming, denying)
    contradicting = other[: max(1, most // 3)] if len(main) + len(other) > most else other
    return Draft(code, polarity, tuple(main[: max(1, most - len(contradicting))]), tuple(contradicting))


def evidence_of(draft: Draft) -> ClaimEvidence:
    """What is to be counted for a claim."""
    return ClaimEvidence(draft.code, draft.polarity, tuple(item.candidate.utterance_id for item in draft.supporting))


def compose(
    draft: Draft,
    numbers: Mapping[uuid.UUID, int],
    count: ClaimCount,
    people: PeopleCount,
    codes: Mapping[str, CodeEntry],
    language: str,
) -> Claim:
    """Word a claim with its counts; every number in it comes from the counts."""
    entry = codes.get(draft.code or "")
    topic = entry.label(language) if entry else say("untagged", language)
    return Claim(
        text=say(str(draft.polarity), language, gave=count.gave.total, of=people.total, topic=topic),
        code=draft.code,
        kind=Kind(entry.kind) if entry else None,
        citations=_numbers(draft.supporting, numbers),
        polarity=draft.polarity,
        relevance=_best(draft.supporting),
        support=_support(count, people),
        counter_evidence=_numbers(draft.contradicting, numbers),
    )


def summarise(claims: Sequence[Claim], language: str) -> str:
    """Markdown: one line for each claim, with the numbers of its citations."""
    lines = []
    for claim in claims:
        marks = " ".join(f"[{n}]" for n in claim.citations)
        against = " ".join(f"[{n}]" for n in claim.counter_evidence)
        counter = f"; {say('counter', language)} {against}" if against else ""
        lines.append(f"- {_escape(claim.text)} {marks}{counter}")
    return "\n".join(lines) if lines else say("no_evidence", language)


def _support(count: ClaimCount, people: PeopleCount) -> Support:
    return Support(
        participants=count.gave.total,
        of=people.total,
        raised_with=count.raised,
        by_segment={name: (count.gave.by_segment.get(name, 0), of) for name, of in people.by_segment.items()},
        by_language={name: (count.gave.by_language.get(name, 0), of) for name, of in people.by_language.items()},
    )


def _numbers(items: Sequence[Ranked], numbers: Mapping[uuid.UUID, int]) -> tuple[int, ...]:
    return tuple(numbers[item.candidate.utterance_id] for item in items if item.candidate.utterance_id in numbers)


def _best(items: Sequence[Ranked]) -> Relevance:
    return "strong" if any(item.relevance == "strong" for item in items) else "fair"


def _escape(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\`*_[]<>#" else character for character in text)
