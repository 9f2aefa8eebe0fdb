"""Questions that ask for a whole kind of thing, such as fears: its codes, those of the most people first.

Where groups are compared, those come first in which they differ the most.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice

from sqlalchemy.orm import Session

from app.answering.candidates import Tag
from app.answering.cite import Quoted, choose_spans
from app.answering.compose import own_code, polarity_of, within_limit
from app.answering.find import Found, read_ranked, read_scope
from app.answering.queries import ClaimCount, ClaimEvidence, PeopleCount, StudyVocabulary, count_claims, count_people
from app.answering.rank import Ranked, RankedHit
from app.answering.retrieve import search
from app.answering.statements import Statement
from app.services import Services
from app.vocabulary import Polarity

MOST_CODES = 6
MOST_VOICES = 2
DEPTH = 100


def state_kinds(session: Session, found: Found, services: Services) -> list[Statement]:
    """State what people say of the kinds that a question asks for; empty where nobody says anything of them."""
    understanding, study_id = found.understanding, found.vocabulary.study_id
    codes = _codes_of(understanding.kinds, found.vocabulary)
    evidence = [ClaimEvidence(code, Polarity.AFFIRMED, ()) for code in codes]
    counts = dict(zip(codes, count_claims(session, study_id, understanding.filters, evidence), strict=True))
    people = count_people(session, study_id, understanding.filters)
    chosen = choose_codes(counts, people, understanding.groups)[:MOST_CODES]
    sides = tuple((code, polarity) for code in chosen for polarity in Polarity)
    if not sides:
        return []
    scope = read_scope(session, found.vocabulary, understanding.filters, services)
    query = scope.query(understanding.matter, found.vector, understanding, sides=sides, depth=DEPTH)
    hits = [RankedHit(hit, hit.dense_score, "fair") for hit in search(session, query)]
    said = read_ranked(session, study_id, hits)
    statements = [_statement(code, said, understanding.groups, found, services) for code in chosen]
    return within_limit([statement for statement in statements if statement.supporting], understanding.limit)


def _codes_of(kinds: Collection[str], vocabulary: StudyVocabulary) -> list[str]:
    """The study's own codes of each kind; of a kind without any the general one."""
    entries = [entry for entry in vocabulary.codes.values() if entry.kind in kinds]
    with_own = {entry.kind for entry in entries if own_code(entry.code)}
    return [entry.code for entry in entries if own_code(entry.code) or entry.kind not in with_own]


def with_kinds(session: Session, found: Found, services: Services) -> Found:
    """What was found, with the words on the kinds that a question asks for first, if it asks for such."""
    if not found.understanding.is_of_kinds:
        return found
    quotes = [quote.ranked for each in state_kinds(session, found, services) for quote in each.quotes]
    first = {item.candidate.utterance_id: item for item in quotes}
    rest = (item for item in found.ranked if item.candidate.utterance_id not in first)
    return replace(found, ranked=(*first.values(), *rest))


def choose_codes(counts: dict[str, ClaimCount], people: PeopleCount, groups: Sequence[str]) -> list[str]:
    """Order the codes that anybody affirms: by how much the shares of the groups differ, then by people.

    difference = largest share of a group - smallest share of a group, in [0, 1]
    """
    told = [code for code, count in counts.items() if count.gave.total]
    return sorted(told, key=lambda code: (-_difference(counts[code], people, groups), -counts[code].gave.total, code))


def _difference(count: ClaimCount, people: PeopleCount, groups: Sequence[str]) -> Fraction:
    sizes = people.by_segment | people.by_language
    gave = count.gave.by_segment | count.gave.by_language
    shares = [Fraction(gave.get(group, 0), sizes[group]) for group in groups if sizes.get(group)]
    return max(shares) - min(shares) if len(shares) > 1 else Fraction()


def _statement(code: str, said: Sequence[Ranked], groups: Sequence[str], found: Found, services: Services) -> Statement:
    """The code with its most typical quotes: of each group that is compared, else of a few people."""
    tagged = sorted(_tagged(code, said), key=_typicality)
    affirming = [item for item in tagged if polarity_of(item) is Polarity.AFFIRMED]
    denying = [item for item in tagged if polarity_of(item) is Polarity.DENIED]
    voices = list(_one_of_each(affirming, groups) if groups else islice(_different_people(affirming), MOST_VOICES))
    items = [*voices, *denying[:1]]
    entry = found.vocabulary.codes[code]
    meant = services.embedder.embed_passages([". ".join(filter(None, (*entry.labels.values(), entry.about)))])[0]
    spans = choose_spans(items, meant, services.embedder)
    quotes = [Quoted(item, span, polarity_of(item)) for item, span in zip(items, spans, strict=True)]
    return Statement(code, Polarity.AFFIRMED, tuple(quotes[: len(voices)]), tuple(quotes[len(voices) :]))


def _tagged(code: str, said: Sequence[Ranked]) -> Iterator[Ranked]:
    for item in said:
        tags = [tag for tag in item.candidate.tags if tag.code == code]
        if tags:
            yield replace(item, tag=max(tags, key=_surety))


def _surety(tag: Tag) -> tuple[bool, float]:
    return tag.basis == "person", tag.confidence


def _typicality(item: Ranked) -> tuple[bool, float, str]:
    """What a person tagged comes first, then what the tagger is surest of."""
    by_person, confidence = _surety(item.tag) if item.tag else (False, 0.0)
    return not by_person, -confidence, str(item.candidate.utterance_id)


def _one_of_each(items: Sequence[Ranked], groups: Sequence[str]) -> Iterator[Ranked]:
    for group in groups:
        of_group = (item for item in items if group in (item.candidate.segment, item.candidate.language))
        yield from (item for item in [next(of_group, None)] if item)


def _different_people(items: Sequence[Ranked]) -> Iterator[Ranked]:
    heard: set[str] = set()
    for item in items:
        if item.candidate.participant not in heard:
            heard.add(item.candidate.participant)
            yield item
