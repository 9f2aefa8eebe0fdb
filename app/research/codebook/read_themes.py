"""The themes of a study that no code names yet: read, told by their most typical quotes, and named by people."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Row, RowMapping

from app.answering.cite import best_run
from app.embedding import Embedder, Vectors, unit_rows
from app.errors import Fault, InvalidInputError, NotFoundError
from app.index import active_model_id
from app.library.queries import find_study
from app.research.codebook.codes import add_code
from app.research.codebook.quoting import quote_words
from app.research.codebook.read import read_code
from app.research.codebook.tagging_schemas import QuotedWords
from app.research.codebook.tagging_store import Put, put_taggings
from app.research.codebook.theme_queries import count_people, said_by_id, unnamed_passages
from app.research.codebook.theme_schemas import MOST_QUOTES, NamedTheme, Theme, ThemeNaming, Themes
from app.research.codebook.themes import Cluster, Passages, find_themes
from app.services import Services
from app.tagging.nearest_kind import kinds_of_talk, talk_of_kinds
from app.text import Span, split_sentences
from app.vocabulary import Kind, Polarity


@dataclass(frozen=True)
class _Found:
    """A cluster that is more than small talk, with its passages, the most typical first."""

    id: uuid.UUID
    kind: Kind
    cluster: Cluster
    passages: tuple[Row[Any], ...]


def read_themes(services: Services, study: str, limit: int) -> Themes:
    """The themes that no code names, those of most people first.

    Raises:
        NotFoundError: there is no such study.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    study_id, passages, found = _find(services, study)
    return Themes(
        study=study,
        passages=len(passages),
        themes=_tell(services, study, study_id, found[:limit]),
        left_out=max(0, len(found) - limit),
    )


def name_theme(services: Services, study: str, theme_id: uuid.UUID, naming: ThemeNaming, author: str) -> NamedTheme:
    """Make a theme a code, and tag its passages with it, as a person who confirms it says; else tell what would be.

    Raises:
        NotFoundError: there is no such study or theme, or not any more.
        ConflictError: another code has or had the name.
        InvalidInputError: utterances are not of the theme, or the code is called as a kind.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    study_id, _, found = _find(services, study)
    named = next((each for each in found if each.id == theme_id), None)
    if named is None:
        raise _no_theme()
    chosen = _choose(named, naming.utterances)
    told = _tell(services, study, study_id, [named])
    if not told:
        raise _no_theme()
    (theme,) = told
    people = len({passage.person for passage in chosen})
    if not naming.confirmed:
        return NamedTheme(theme=theme, code=None, taggings=len(chosen), people=people)
    with services.database.sessions.begin() as session:
        code = add_code(session, study_id, naming.under(named.kind), author, services.embedder)
        said = said_by_id(session, study_id, [passage.utterance_id for passage in chosen])
        puts = [Put(key, code.id, Span(0, len(row["text"])), Polarity.AFFIRMED) for key, row in said.items()]
        put_taggings(session, study_id, author, puts)
        entry = read_code(session, study, naming.code)
    return NamedTheme(theme=theme, code=entry, taggings=len(puts), people=entry.affirmed_by)


def _find(services: Services, study: str) -> tuple[uuid.UUID, Sequence[Row[Any]], list[_Found]]:
    """The themes of a study, small talk left out, and the passages that they were found among."""
    with services.database.sessions.begin() as session:
        study_id = find_study(session, study)
        model_id = active_model_id(session, services.embedder.identity)
        rows = unnamed_passages(session, study_id, model_id) if model_id else []
    if not rows:
        return study_id, rows, []
    vectors = unit_rows(np.array([row.vector for row in rows], np.float32))
    passages = Passages(tuple(row.person for row in rows), tuple(row.language for row in rows), vectors)
    clusters = find_themes(passages, talk_of_kinds(services.embedder).spread)
    if not clusters:
        return study_id, rows, []
    kinds = kinds_of_talk(np.stack([cluster.centroid for cluster in clusters]), services.embedder)
    found = []
    for cluster, kind in zip(clusters, kinds, strict=True):
        if kind is not None:
            members = tuple(rows[member] for member in cluster.members)
            found.append(_Found(_identify(study_id, members), kind, cluster, members))
    return study_id, rows, found


def _no_theme() -> NotFoundError:
    return NotFoundError("there is no such theme, or not any more: list the themes anew")


def _identify(study_id: uuid.UUID, members: Iterable[Row[Any]]) -> uuid.UUID:
    """The same passages are the same theme."""
    return uuid.uuid5(study_id, " ".join(sorted(str(member.utterance_id) for member in members)))


def _choose(theme: _Found, utterances: Collection[uuid.UUID]) -> list[Row[Any]]:
    """The passages of a theme that are tagged."""
    known = {passage.utterance_id for passage in theme.passages}
    faults = tuple(
        Fault(f"utterances.{place}", "it is not of this theme", "leave it out, or tag it by itself")
        for place, utterance in enumerate(utterances)
        if utterance not in known
    )
    if faults:
        raise InvalidInputError("some utterances are not of this theme", faults)
    return [passage for passage in theme.passages if not utterances or passage.utterance_id in utterances]


def _tell(services: Services, study: str, study_id: uuid.UUID, found: Sequence[_Found]) -> tuple[Theme, ...]:
    """The themes with their quotes; one whose words may not be quoted any more is none."""
    typical = [_typical(each.passages) for each in found]
    with services.database.sessions.begin() as session:
        of = count_people(session, study_id)
        said = said_by_id(session, study_id, [row.utterance_id for rows in typical for row in rows])
    themes = []
    for each, rows in zip(found, typical, strict=True):
        quotes = tuple(
            _quote(said[row.utterance_id], _centroid(each.passages, row.language), study, services.embedder)
            for row in rows
            if row.utterance_id in said
        )
        if quotes:
            themes.append(_theme(each, quotes, of))
    return tuple(themes)


def _typical(passages: Sequence[Row[Any]]) -> list[Row[Any]]:
    """The most typical passage of each of the most typical people."""
    first: dict[str, Row[Any]] = {}
    for passage in passages:
        first.setdefault(passage.person, passage)
    return list(first.values())[:MOST_QUOTES]


def _centroid(passages: Sequence[Row[Any]], language: str) -> Vectors:
    """Where what is said in a language lies, shape (dimension,)."""
    vectors = np.array([passage.vector for passage in passages if passage.language == language], np.float32)
    centroid: Vectors = unit_rows(vectors.mean(axis=0, keepdims=True))[0]
    return centroid


def _quote(row: RowMapping, centroid: Vectors, study: str, embedder: Embedder) -> QuotedWords:
    """The run of sentences that says most of what the theme is about."""
    sentences = split_sentences(row["text"], row["language"])
    vectors = embedder.embed_passages([row["text"][span.start : span.end] for span in sentences])
    return QuotedWords(**quote_words(row, best_run(row["text"], sentences, vectors, centroid), study))


def _theme(found: _Found, quotes: tuple[QuotedWords, ...], of: int) -> Theme:
    return Theme(
        id=found.id,
        name=quotes[0].quote,
        kind=found.kind,
        people=found.cluster.people,
        of=of,
        by_language=_people_by([(row.language, row.person) for row in found.passages]),
        by_segment=_people_by([(row.segment, row.person) for row in found.passages if row.segment]),
        passages=len(found.passages),
        quotes=quotes,
    )


def _people_by(pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    people = defaultdict(set)
    for group, person in pairs:
        people[group].add(person)
    return {group: len(people[group]) for group in sorted(people)}
