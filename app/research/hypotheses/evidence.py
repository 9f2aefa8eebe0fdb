"""What speaks for a hypothesis and against it: words that are tagged with its codes, and passages to be judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from app.answering.asked import PutQuestions
from app.answering.cite import choose_spans
from app.answering.find import Vector, read_ranked, read_scope
from app.answering.queries import StudyVocabulary, read_vocabulary
from app.answering.rank import Ranked, rank
from app.answering.retrieve import search
from app.answering.schemas import Question
from app.answering.statements import Place
from app.answering.understand import Understanding, understand
from app.embedding import Embedder
from app.research.hypotheses.rule import Heard
from app.research.hypotheses.statements import find_codes, statement_polarity
from app.research.queries import (
    CodeVectors,
    Person,
    current_codes,
    read_code_vectors,
    read_people,
    read_put,
    read_tagged,
)
from app.scope import Filters
from app.services import Services
from app.text import Span
from app.vocabulary import Polarity, Stance

MOST_JUDGED = 24


@dataclass(frozen=True)
class Study:
    """What hypotheses are compared with: the codes of a study, by any name they had, and what people were asked."""

    vocabulary: StudyVocabulary
    names: Mapping[str, str]
    codes: CodeVectors
    put: PutQuestions


@dataclass(frozen=True)
class Claimed:
    """What is claimed: a statement, with the codes, the polarity and the segments that were given for it."""

    statement: str
    codes: tuple[str, ...]
    polarity: Polarity | None
    segments: tuple[str, ...]


@dataclass(frozen=True)
class Meaning:
    """What a statement comes to: which codes in which polarity, and of whom; `vector` is that of its matter."""

    understanding: Understanding
    vector: Vector
    codes: tuple[str, ...]
    polarity: Polarity
    filters: Filters


@dataclass(frozen=True)
class Found:
    """Words that take a side, and where they stand."""

    heard: Heard
    place: Place


@dataclass(frozen=True)
class Passage:
    """A passage that may take a side, and the words of it to judge."""

    ranked: Ranked
    span: Span


@dataclass(frozen=True)
class Gathered:
    """Everything that is known of a hypothesis before passages are judged."""

    meaning: Meaning
    people: tuple[Person, ...]
    asked: frozenset[str]
    found: tuple[Found, ...]
    passages: tuple[Passage, ...]


def read_study(session: Session, slug: str, services: Services) -> Study:
    """Read what the hypotheses of a study are compared with.

    Raises:
        NotFoundError: there is no such study.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    vocabulary = read_vocabulary(session, slug)
    return Study(
        vocabulary,
        current_codes(session, vocabulary.study_id),
        read_code_vectors(session, vocabulary.study_id, services.embedder),
        PutQuestions.of(read_put(session, vocabulary.study_id), services.embedder),
    )


def understand_claim(study: Study, claimed: Claimed, embedder: Embedder) -> Meaning:
    """Find out what a statement is about, and whom it speaks of: what was given wins over its words."""
    filters = Filters(segments=claimed.segments)
    asked = Question(question=claimed.statement, study=study.vocabulary.slug, filters=filters)
    understanding = understand(asked, study.vocabulary)
    vector = embedder.embed_questions([understanding.matter])[0]
    named = claimed.codes or understanding.filters.codes
    codes = tuple(dict.fromkeys(study.names[code] for code in named if code in study.names))
    if not named:
        codes = find_codes(vector, study.codes, embedder)
    entries = [study.vocabulary.codes[code] for code in codes if code in study.vocabulary.codes]
    labels = [label for entry in entries for label in entry.labels.values()]
    polarity = claimed.polarity or statement_polarity(claimed.statement, understanding.language, labels)
    whose = understanding.filters.model_copy(update={"codes": (), "kinds": ()})
    return Meaning(understanding, vector, codes, polarity, whose)


def gather(session: Session, study: Study, claimed: Claimed, services: Services, *, to_judge: bool) -> Gathered:
    """Gather what is tagged, who was asked, and, where somebody is there to judge them, the nearest other passages.

    Raises:
        MixedIndexError: the stored vectors were made by another embedder.
    """
    meaning = understand_claim(study, claimed, services.embedder)
    study_id = study.vocabulary.study_id
    tagged = read_tagged(session, study_id, meaning.codes, meaning.filters)
    found = tuple(
        Found(Heard(each.person, each.language, _stance(each.mark.polarity, meaning.polarity)), each.mark.place)
        for each in tagged
    )
    known = {each.place[0] for each in found}
    near = _near(session, study, meaning, services) if to_judge else ()
    passages = [item for item in near if item.candidate.utterance_id not in known and item.relevance != "weak"]
    spans = choose_spans(passages[:MOST_JUDGED], meaning.vector, services.embedder)
    return Gathered(
        meaning,
        read_people(session, study_id, meaning.filters),
        _asked(study, meaning),
        found,
        tuple(map(Passage, passages[:MOST_JUDGED], spans)),
    )


def _stance(said: Polarity, claimed: Polarity) -> Stance:
    return Stance.FOR if said is claimed else Stance.AGAINST


def _near(session: Session, study: Study, meaning: Meaning, services: Services) -> Sequence[Ranked]:
    scope = read_scope(session, study.vocabulary, meaning.filters, services)
    query = scope.query(meaning.understanding.matter, meaning.vector, meaning.understanding)
    hits = rank(search(session, query), scope.thresholds, 2 * MOST_JUDGED)
    return read_ranked(session, study.vocabulary.study_id, hits)


def _asked(study: Study, meaning: Meaning) -> frozenset[str]:
    """Whom interviewers asked about the codes, or something that comes near to the statement."""
    columns = [study.codes.names.index(code) for code in meaning.codes if code in study.codes.names]
    rows = np.flatnonzero(study.put.about(study.codes.vectors)[:, columns].any(axis=1))
    return study.put.near(meaning.vector) | {study.put.people[row] for row in rows}
