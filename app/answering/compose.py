"""Extractive claims: the ranked quotes grouped by what they are about, in the order of the best of each group."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.answering.phrases import say
from app.answering.queries import ClaimCount, ClaimEvidence, CodeEntry, PeopleCount
from app.answering.rank import Ranked, at_most_each
from app.answering.schemas import Claim, Relevance, Support
from app.vocabulary import Kind, Polarity

MOST_EACH = 1
MOST_CONTRADICTING = 2


@dataclass(frozen=True)
class Draft:
    """A claim before its people are counted: what it is about, what supports it, what contradicts it."""

    code: str | None
    polarity: Polarity
    supporting: tuple[Ranked, ...]
    contradicting: tuple[Ranked, ...]


def draft_claims(ranked: Sequence[Ranked], limit: int, prevailing: Mapping[str, Polarity]) -> list[Draft]:
    """Take the best candidates and group them by the code that the question is about.

    Nobody is heard twice while others have something to say. Weak candidates stand only beside a fair or strong one.
    A claim has the polarity that prevails among the people in scope, and who contradicts it is looked for among all
    candidates; where only one side is among the candidates, the claim is theirs.

    Args:
        ranked: best first.
        limit: most quotes in all.
        prevailing: what more people in scope say of a code.
    """
    evidence = _evidence(ranked)
    chosen = at_most_each(evidence, lambda item: item.candidate.participant, MOST_EACH, limit)[:limit]
    groups: dict[str | None, list[Ranked]] = {}
    for item in chosen:
        groups.setdefault(_code(item), []).append(item)
    drafts = [
        _draft(code, items, evidence, prevailing.get(code or "", Polarity.AFFIRMED)) for code, items in groups.items()
    ]
    return _within(drafts, limit)


def _evidence(ranked: Sequence[Ranked]) -> list[Ranked]:
    """All candidates, when one of them at least is fair or strong; else none."""
    return list(ranked) if any(item.relevance != "weak" for item in ranked) else []


def _code(item: Ranked) -> str | None:
    return item.tag.code if item.tag else None


def own_code(code: str | None) -> str | None:
    """The code, if it is one of the study's own and not the general code of a kind."""
    return None if code in frozenset(Kind) else code


def polarity_of(item: Ranked) -> Polarity:
    """Whether a candidate affirms or denies what its claim is about."""
    return item.tag.polarity if item.tag else Polarity.AFFIRMED


def _draft(code: str | None, items: Sequence[Ranked], evidence: Sequence[Ranked], prevailing: Polarity) -> Draft:
    of_code = [item for item in evidence if _code(item) == code]
    polarity = prevailing if prevailing in map(polarity_of, of_code) else polarity_of(items[0])
    agreeing = [item for item in items if polarity_of(item) is polarity]
    found = [item for item in of_code if polarity_of(item) is polarity]
    opposed = [item for item in of_code if polarity_of(item) is not polarity]
    return Draft(code, polarity, tuple(agreeing or found[:1]), tuple(opposed[:MOST_CONTRADICTING]))


def _within(drafts: Sequence[Draft], limit: int) -> list[Draft]:
    """Keep to the limit: the least relevant supporting quotes go first, one of each claim stays."""
    kept = list(drafts)
    while sum(len(draft.supporting) + len(draft.contradicting) for draft in kept) > limit:
        longest = max(range(len(kept)), key=lambda place: (len(kept[place].supporting), place))
        draft = kept[longest]
        if len(draft.supporting) > 1:
            kept[longest] = replace(draft, supporting=draft.supporting[:-1])
        else:
            kept.pop()
    return kept


def evidence_of(draft: Draft) -> ClaimEvidence:
    """What is to be counted for a claim.

    Everybody who is tagged with one of the study's own codes speaks of the claim; a kind is wider than any question, so
    only those who are cited are counted for it.
    """
    cited = tuple(item.candidate.utterance_id for item in draft.supporting)
    return ClaimEvidence(own_code(draft.code), draft.polarity, cited)


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
    return tuple(
        sorted(numbers[item.candidate.utterance_id] for item in items if item.candidate.utterance_id in numbers)
    )


def _best(items: Sequence[Ranked]) -> Relevance:
    found = {item.relevance for item in items}
    return "strong" if "strong" in found else "fair" if "fair" in found else "weak"


def _escape(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\`*_[]<>#" else character for character in text)
