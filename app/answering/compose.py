"""Extractive claims: the ranked quotes grouped by what they are about, in the order of the best of each group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from app.answering.rank import Ranked, at_most_each
from app.answering.statements import Statement
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


Grouped = TypeVar("Grouped", Draft, Statement)


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
    return within_limit(drafts, limit)


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


def within_limit(drafts: Sequence[Grouped], limit: int) -> list[Grouped]:
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
