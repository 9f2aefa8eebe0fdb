"""From statements to claims: what each rests on is counted, and worded with the counts."""

from collections.abc import Mapping, Sequence

from app.answering.cite import Quoted
from app.answering.compose import own_code
from app.answering.numerals import Quantity
from app.answering.phrases import say
from app.answering.queries import ClaimCount, ClaimEvidence, CodeEntry, PeopleCount
from app.answering.schemas import Claim, Compared, Comparison, Relevance, Support
from app.answering.statements import Place, Statement, place_of
from app.answering.understand import Understanding
from app.vocabulary import Kind, Polarity


def evidence_of(statement: Statement) -> ClaimEvidence:
    """What is to be counted for a claim.

    Everybody who is tagged with one of the study's own codes speaks of the claim; a kind is wider than any question, so
    only those who are cited are counted for it.
    """
    cited = tuple(dict.fromkeys(quote.ranked.candidate.utterance_id for quote in statement.supporting))
    return ClaimEvidence(own_code(statement.code), statement.polarity, cited)


def support_of(count: ClaimCount, people: PeopleCount) -> Support:
    """The counts of a claim beside those in scope."""
    return Support(
        participants=count.gave.total,
        of=people.total,
        raised_with=count.raised,
        by_segment={name: (count.gave.by_segment.get(name, 0), of) for name, of in people.by_segment.items()},
        by_language={name: (count.gave.by_language.get(name, 0), of) for name, of in people.by_language.items()},
    )


def numbers_in(support: Support) -> frozenset[Quantity]:
    """What a claim's wording may count: those who stand behind it, alone, or as a part of those who might."""
    gave = support.participants
    shares = (*support.by_segment.values(), *support.by_language.values())
    return frozenset((gave, (gave, support.of), (gave, support.raised_with), *shares))


def make_claim(
    statement: Statement,
    text: str | None,
    numbers: Mapping[Place, int],
    support: Support,
    codes: Mapping[str, CodeEntry],
    understanding: Understanding,
) -> Claim:
    """Word a claim, with its counts where no model worded it; every number in it comes from the counts."""
    language, entry = understanding.language, codes.get(statement.code or "")
    topic = entry.label(language) if entry else say("untagged", language)
    counted = say(str(statement.polarity), language, gave=support.participants, of=support.of, topic=topic)
    if understanding.groups and statement.polarity is Polarity.AFFIRMED:
        counted = say("compared", language, topic=topic, counts=_counted_of_each(support, understanding))
    return Claim(
        text=text or (counted if statement.text is None else topic),
        code=statement.code,
        kind=Kind(entry.kind) if entry else None,
        citations=_numbers(statement.supporting, numbers),
        polarity=statement.polarity,
        relevance=_best(statement.supporting),
        support=support,
        counter_evidence=_numbers(statement.contradicting, numbers),
        part=statement.part,
        weakly_supported=statement.weakly_supported,
    )


def compare(claims: Sequence[Claim], groups: Sequence[str], labels: Mapping[str, str]) -> Comparison | None:
    """The counts of each claim on a code for the groups that are compared; `None` where nothing is compared."""
    rows = [
        Compared(code=claim.code, label=labels.get(claim.code, claim.code), counts=_of_each(claim.support, groups))
        for claim in claims
        if claim.code is not None
    ]
    return Comparison(groups=tuple(groups), rows=tuple(rows)) if groups and rows else None


def _of_each(support: Support, groups: Sequence[str]) -> dict[str, tuple[int, int]]:
    known = support.by_segment | support.by_language
    return {group: known.get(group, (0, 0)) for group in groups}


def _counted_of_each(support: Support, understanding: Understanding) -> str:
    counts = _of_each(support, understanding.groups)
    language = understanding.language
    return " · ".join(say("share_of", language, name=name, gave=gave, of=of) for name, (gave, of) in counts.items())


def summarise(claims: Sequence[Claim], language: str, *, worded: bool = False) -> str:
    """Markdown: one line for each claim, with the numbers of its citations; with its counts, if a model worded it.

    Where no participant said anything, the first line says so.
    """
    lines = [] if any(claim.evidence == "interview" for claim in claims) else [say("no_evidence", language)]
    for claim in claims:
        marks = " ".join(f"[{n}]" for n in claim.citations)
        against = " ".join(f"[{n}]" for n in claim.counter_evidence)
        counter = f"; {say('counter', language)} {against}" if against else ""
        counts = f" ({_counted(claim, language)})" if worded and claim.evidence == "interview" else ""
        lines.append(f"- {_escape(claim.text)}{counts} {marks}{counter}")
    return "\n".join(lines)


def _counted(claim: Claim, language: str) -> str:
    return say(f"counted_{claim.polarity}", language, gave=claim.support.participants, of=claim.support.of)


def _numbers(quotes: Sequence[Quoted], numbers: Mapping[Place, int]) -> tuple[int, ...]:
    return tuple(sorted({numbers[place_of(quote)] for quote in quotes}))


def _best(quotes: Sequence[Quoted]) -> Relevance:
    found = {quote.ranked.relevance for quote in quotes}
    return "strong" if "strong" in found else "fair" if "fair" in found else "weak"


def _escape(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\`*_[]<>#" else character for character in text)
