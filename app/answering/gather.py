"""Several searches for one question: each part of it, each language of the study, both sides of what is found."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, zip_longest

import numpy as np
from sqlalchemy.orm import Session

from app.answering.candidates import Tag
from app.answering.compose import own_code
from app.answering.find import Found, read_ranked, read_scope
from app.answering.interpret import Interpreted
from app.answering.queries import StudyVocabulary
from app.answering.rank import Ranked, RankedHit, at_most_each, order, without_near_duplicates
from app.answering.retrieve import LIST_DEPTH, Hit, Side, search
from app.answering.schemas import Relevance
from app.fusion import fuse_ranks
from app.services import Services
from app.vocabulary import Polarity

MOST_SEARCHES = 12
MOST_PASSAGES = 40
MOST_OPPOSING = 8
MOST_LOOKED_AT = 80
MOST_EACH = 3
MOST_CODES = 5
LANGUAGE_DEPTH = 12
_RELEVANCES: tuple[Relevance, ...] = ("strong", "fair", "weak")


@dataclass(frozen=True)
class Search:
    """One search: for which part, in which words, among all or among what was said in one language."""

    part: int
    text: str
    language: str | None = None


def plan_searches(interpreted: Interpreted, languages: Sequence[str], most: int = MOST_SEARCHES) -> list[Search]:
    """Plan the searches: every part among all, then every part in every language as customers may put it.

    Args:
        interpreted: the question with its parts.
        languages: those in scope; with one alone, all is said in it.
        most: how many searches at most.
    """
    parts = tuple(enumerate(interpreted.parts))
    among_all = [Search(number, part.question) for number, part in parts]
    spoken = [
        Search(number, part.wordings.get(language, part.question), language if len(languages) > 1 else None)
        for language in languages
        for number, part in parts
    ]
    return list(dict.fromkeys([*among_all, *spoken]))[:most]


def gather(session: Session, interpreted: Interpreted, vocabulary: StudyVocabulary, services: Services) -> Found:
    """Search for every part of a question, and rank up to forty candidates.

    Raises:
        MixedIndexError: the stored vectors were made by another embedder.
    """
    understanding = interpreted.understanding
    spoken = understanding.filters.languages or vocabulary.languages
    searches = plan_searches(interpreted, spoken)
    vectors = services.embedder.embed_questions([understanding.matter, *(item.text for item in searches)])
    scope = read_scope(session, vocabulary, understanding.filters, services)
    scopes = {language: scope.within(session, language) for language in {item.language for item in searches}}
    lists: list[list[list[RankedHit]]] = [[] for _ in interpreted.parts]
    among_all: dict[str, tuple[Hit, ...]] = {}
    for item, vector in zip(searches, vectors[1:], strict=True):
        own, depth = scopes[item.language], LIST_DEPTH if item.language is None else LANGUAGE_DEPTH
        hits = said_in(item.language, among_all.get(item.text, ()), own.rows)
        if hits is None:
            hits = search(session, own.query(item.text, vector, understanding, depth=depth))
        if item.language is None:
            among_all[item.text] = hits
        found = order(hits, own.thresholds)[:depth]
        lists[item.part].append([one for one in found if item.language is None or one.relevance != "weak"])
    merged = merge([fuse(part) for part in lists], MOST_PASSAGES - MOST_OPPOSING)
    ranked = read_ranked(session, vocabulary.study_id, merged)
    opposing: list[Ranked] = []
    sides = tuple(unheard_sides(ranked))
    if sides:
        query = scope.query(understanding.matter, vectors[0], understanding, sides=sides, depth=2 * MOST_OPPOSING)
        against = order(search(session, query), scope.thresholds)
        opposing = take_sides(read_ranked(session, vocabulary.study_id, against), sides)
    return Found(vocabulary, understanding, vectors[0], (*ranked, *without_known(opposing, ranked)))


def said_in(language: str | None, found: Sequence[Hit], rows: int) -> tuple[Hit, ...] | None:
    """What of a search among all a search of one language would bring, its ranks counted anew; `None` if not known.

    It is known where the nearest of all are enough in this language, or where nothing is said in it.
    """
    if not rows:
        return ()
    own = [hit for hit in found if hit.language == language]
    if sum(hit.dense_rank > 0 for hit in own) < LANGUAGE_DEPTH:
        return None
    dense, lexical, coded, gist = (
        _counted_anew(ranks)
        for ranks in zip(
            *((hit.dense_rank, hit.lexical_rank, hit.code_rank, hit.gist_rank) for hit in own), strict=True
        )
    )
    return tuple(
        replace(own[n], dense_rank=dense[n], lexical_rank=lexical[n], code_rank=coded[n], gist_rank=gist[n])
        for n in range(len(own))
    )


def _counted_anew(ranks: Sequence[int]) -> list[int]:
    """Ranks without gaps; 0 stays 0."""
    places = {rank: place for place, rank in enumerate(sorted({*ranks, 0}))}
    return [places[rank] for rank in ranks]


def fuse(lists: Sequence[Sequence[RankedHit]]) -> list[RankedHit]:
    """Fuse ranked lists into one, best first; a hit is as relevant as the list says that finds it the most."""
    best: dict[uuid.UUID, RankedHit] = {}
    for item in chain(*lists):
        known = best.get(item.hit.utterance_id)
        if known is None or _RELEVANCES.index(item.relevance) < _RELEVANCES.index(known.relevance):
            best[item.hit.utterance_id] = item
    columns = {utterance: column for column, utterance in enumerate(best)}
    ranks = np.zeros((len(lists), len(best)), np.int64)
    for row, ranked in enumerate(lists):
        for place, item in enumerate(ranked, start=1):
            ranks[row, columns[item.hit.utterance_id]] = place
    scores = fuse_ranks(ranks, [1.0] * len(lists))
    fused = [replace(item, score=float(score)) for item, score in zip(best.values(), scores, strict=True)]
    return sorted(fused, key=lambda item: (-item.score, item.hit.utterance_id))


def merge(lists: Sequence[Sequence[RankedHit]], most: int) -> list[RankedHit]:
    """Take from each list in turn, up to `most`; nobody is heard often while others have something to say."""
    in_turn = [item for items in zip_longest(*lists) for item in items if item is not None]
    once: dict[uuid.UUID, RankedHit] = {}
    for item in in_turn:
        once.setdefault(item.hit.utterance_id, item)
    first = islice(once.values(), MOST_LOOKED_AT)
    different = list(without_near_duplicates(first, lambda item: item.hit.text))
    return at_most_each(different, lambda item: item.hit.participant_id, MOST_EACH, most)[:most]


def without_known(items: Sequence[Ranked], known: Sequence[Ranked]) -> list[Ranked]:
    """The candidates that are not among the known ones, each once."""
    ids = {item.candidate.utterance_id for item in known}
    return list(
        {item.candidate.utterance_id: item for item in items if item.candidate.utterance_id not in ids}.values()
    )


def unheard_sides(ranked: Sequence[Ranked]) -> Iterator[Side]:
    """Of the codes found first, the sides that nobody among the candidates takes: who denies them, or affirms them."""
    found = (item.tag.code for item in ranked if item.tag and item.relevance != "weak")
    codes = [code for code in dict.fromkeys(found) if own_code(code)][:MOST_CODES]
    heard = {(tag.code, tag.polarity) for item in ranked for tag in item.candidate.tags}
    return ((code, polarity) for polarity in Polarity for code in codes if (code, polarity) not in heard)


def take_sides(found: Sequence[Ranked], sides: Sequence[Side]) -> list[Ranked]:
    """Candidates as those who take one of these sides, some of each polarity."""
    taken = [replace(item, tag=tag) for item in found if (tag := _tag_of(item, sides))]
    return [
        item
        for polarity in Polarity
        for item in [one for one in taken if one.tag and one.tag.polarity is polarity][: MOST_OPPOSING // 2]
    ]


def _tag_of(item: Ranked, sides: Sequence[Side]) -> Tag | None:
    return next((tag for tag in item.candidate.tags if (tag.code, tag.polarity) in sides), None)
