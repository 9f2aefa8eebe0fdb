"""What tagging looks for, as vectors: kinds by invented talk, a study's codes by their words and tagged passages."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.embedding import Embedder, Vectors
from app.memory import loaded_once
from app.tagging.kinds import LANGUAGES, Language, kind_book
from app.tagging.similarity import Indices, Targets
from app.vocabulary import Kind

KINDS = tuple(Kind)


@dataclass(frozen=True)
class TaggedPassage:
    """Words that a person tagged with a code, and the question that they answer."""

    interview_id: uuid.UUID
    text: str
    question: str | None


@dataclass(frozen=True)
class TagCode:
    """A code to look for; `text` says what it is about."""

    id: uuid.UUID
    code: str
    kind: Kind
    text: str
    passages: tuple[TaggedPassage, ...] = ()

    @property
    def is_general(self) -> bool:
        """Whether it stands for all of its kind: it is called as its kind."""
        return self.code == self.kind


@dataclass(frozen=True)
class KindTargets:
    """How the kinds sound, and how they are asked for.

    The columns of each kind lead to its examples, or questions, and to its descriptions. `said_vectors`,
    `asked_vectors` and `descriptions` are what talk and descriptions are like in general.
    """

    said: Targets
    said_columns: tuple[Indices, ...]
    asked: Targets
    asked_columns: tuple[Indices, ...]
    said_vectors: Vectors
    asked_vectors: Vectors
    descriptions: Vectors


@dataclass(frozen=True)
class CodeTargets:
    """A study's own codes, and the passages that persons tagged with them.

    `kinds` has shape (c,): the number of each code's kind; `owners`, shape (m,), is the code of each passage and
    `interviews` where it was said.
    """

    codes: tuple[TagCode, ...]
    kinds: Indices
    said: Targets
    asked: Targets
    passages: Targets
    questions: Targets
    owners: Indices
    interviews: tuple[uuid.UUID, ...]

    def passages_outside(self, interview_id: uuid.UUID | None) -> tuple[Indices, ...]:
        """The passages of each code that were said in other interviews."""
        outside = np.array([interview != interview_id for interview in self.interviews], bool)
        return tuple(np.flatnonzero(outside & (self.owners == number)) for number in range(len(self.codes)))


@loaded_once
def kind_targets(embedder: Embedder) -> KindTargets:
    """How the kinds sound to an embedder, small talk being among what they are compared with; embedded once."""
    book = kind_book()
    entries = [book.kinds[kind] for kind in KINDS]
    said, sayers = _flatten([talk.examples for talk in (*entries, book.small_talk)])
    asked, askers = _flatten([talk.questions for talk in (*entries, book.small_talk)])
    about, owners = _flatten([{each: (f"{e.label[each]}. {e.about[each]}",) for each in LANGUAGES} for e in entries])
    said_vectors, asked_vectors = embedder.embed_passages(said), embedder.embed_passages(asked)
    descriptions = embedder.embed_passages(about)
    all_said, all_asked = np.vstack([said_vectors, descriptions]), np.vstack([asked_vectors, descriptions])
    return KindTargets(
        said=Targets.of(all_said, all_said, said_vectors),
        said_columns=_columns([*sayers, *owners]),
        asked=Targets.of(all_asked, all_asked, asked_vectors),
        asked_columns=_columns([*askers, *owners]),
        said_vectors=said_vectors,
        asked_vectors=asked_vectors,
        descriptions=descriptions,
    )


def code_targets(codes: Sequence[TagCode], embedder: Embedder) -> CodeTargets:
    """Embed what a study's own codes are about, and the passages tagged with them."""
    kinds = kind_targets(embedder)
    own = tuple(code for code in codes if not code.is_general)
    passages = [passage for code in own for passage in code.passages]
    described = embedder.embed_passages([code.text for code in own])
    said = embedder.embed_passages([passage.text for passage in passages])
    asked = embed_asked([passage.question for passage in passages], embedder)
    return CodeTargets(
        codes=own,
        kinds=np.array([KINDS.index(code.kind) for code in own], np.int64),
        said=Targets.of(described, kinds.descriptions, kinds.said_vectors),
        asked=Targets.of(described, kinds.descriptions, kinds.asked_vectors),
        passages=Targets.of(said, kinds.said_vectors, kinds.said_vectors),
        questions=Targets.of(asked, kinds.asked_vectors, kinds.asked_vectors),
        owners=np.array([number for number, code in enumerate(own) for _ in code.passages], np.int64),
        interviews=tuple(passage.interview_id for passage in passages),
    )


def embed_asked(questions: Sequence[str | None], embedder: Embedder) -> Vectors:
    """Embed questions, each once; zero where there is none.

    Returns:
        shape (n, dimension).
    """
    different = sorted({question for question in questions if question})
    nothing = np.zeros((1, embedder.identity.dimension), np.float32)
    vectors = np.vstack([embedder.embed_passages(different), nothing])
    place = {question: row for row, question in enumerate(different)}
    rows: Vectors = vectors[[place.get(question or "", len(different)) for question in questions]]
    return rows


def _flatten(groups: Iterable[Mapping[Language, tuple[str, ...]]]) -> tuple[list[str], list[int]]:
    """All texts of groups, and the number of the group of each."""
    owned = [(text, number) for number, group in enumerate(groups) for texts in group.values() for text in texts]
    return [text for text, _ in owned], [number for _, number in owned]


def _columns(owners: Sequence[int]) -> tuple[Indices, ...]:
    return tuple(np.flatnonzero(np.array(owners) == number) for number in range(len(KINDS)))
