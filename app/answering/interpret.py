"""A question as a chat model understands it: stand-alone, taken apart, in the words of the study's languages.

Nothing that the model says narrows the search unless the words of the question bear it out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from pydantic import BaseModel, ConfigDict

from app.answering.dialogue import Dialogue
from app.answering.facets import names_of_speech, recognise_facets, searchable_text
from app.answering.queries import StudyVocabulary
from app.answering.schemas import Facet, Question
from app.answering.threads import Turn, tell_turns, was_in_force
from app.answering.understand import Understanding, with_facets
from app.embedding import Embedder
from app.language import primary_language
from app.markup import names_an_address, plain_prose

MOST_CHARACTERS = 500
MOST_PARTS = 4
NEAR_ENOUGH = 0.45


class Said(BaseModel):
    """Something that a model wrote; what it adds to the form is not read."""

    model_config = ConfigDict(frozen=True, extra="ignore", json_schema_extra={"additionalProperties": False})


class Wording(Said):
    """How a customer would talk about it in an interview held in a language."""

    language: str
    text: str


class SubQuestion(Said):
    """A part of what was asked that needs a search of its own."""

    question: str
    wordings: tuple[Wording, ...] = ()


class Suggestion(Said):
    """Words of the question that may narrow it to a value of the vocabulary."""

    field: str
    value: str
    words: str


class Interpretation(Said):
    """What a chat model makes of a question; `question` is its stand-alone wording."""

    question: str
    sub_questions: tuple[SubQuestion, ...] = ()
    facets: tuple[Suggestion, ...] = ()


@dataclass(frozen=True)
class Part:
    """A question that is searched on its own; `wordings` are how customers may speak of it, by language."""

    question: str
    wordings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Interpreted:
    """A question ready to be searched, part by part; `standalone` is set for a follow-up question."""

    understanding: Understanding
    parts: tuple[Part, ...]
    standalone: str | None = None


def by_rules(understanding: Understanding) -> Interpreted:
    """A question as the study's own vocabulary understands it: one part."""
    return Interpreted(understanding, (Part(understanding.matter),))


def interpret(
    question: Question,
    understood: Understanding,
    vocabulary: StudyVocabulary,
    turns: Sequence[Turn],
    dialogue: Dialogue,
    embedder: Embedder,
) -> Interpreted:
    """Let a chat model understand a question; where it fails, the study's own vocabulary must do.

    Raises:
        ChatError: whoever asked has left.
    """
    names = _names("segments", vocabulary)
    values = {
        "languages": ", ".join(vocabulary.languages),
        "segments": "\n".join(f"{slug}: {', '.join(called)}" for slug, called in names.items()) or "(none)",
        "thread": tell_turns(turns),
        "question": question.question,
    }
    said = dialogue.ask("understand_question", values, Interpretation)
    return settle(question, understood, said, vocabulary, turns, embedder) if said else by_rules(understood)


def settle(
    question: Question,
    understood: Understanding,
    said: Interpretation,
    vocabulary: StudyVocabulary,
    turns: Sequence[Turn],
    embedder: Embedder,
) -> Interpreted:
    """Take from an interpretation what the question, its thread and the study bear out."""
    standalone = _line(said.question) if turns else ""
    found = list(understood.facets)
    if question.recognise:
        found += _carried_over(standalone, understood, vocabulary, turns)
        found += _suggested(said.facets, question.question, found, vocabulary, embedder)
    filters = with_facets(question.filters, found)
    understanding = replace(
        understood,
        text=standalone or understood.text,
        matter=searchable_text(standalone, (), understood.language) if standalone else understood.matter,
        filters=filters,
        facets=tuple(facet for facet in found if not facet.hard or facet.value in getattr(filters, facet.field)),
    )
    parts = tuple(_parts(said.sub_questions, understanding.matter, vocabulary.languages))
    return Interpreted(understanding, parts, standalone or None)


def _parts(said: Sequence[SubQuestion], matter: str, languages: Sequence[str]) -> Iterator[Part]:
    """The sub-questions; a single one is the question itself, in other words."""
    asked = [(question, item.wordings) for item in said if (question := _line(item.question))][:MOST_PARTS]
    for question, wordings in asked or [(matter, ())]:
        in_language = {item.language: line for item in wordings if (line := _line(item.text))}
        usable = {language: in_language[language] for language in languages if language in in_language}
        yield Part(question if len(asked) > 1 else matter, usable)


def _carried_over(
    standalone: str, understood: Understanding, vocabulary: StudyVocabulary, turns: Sequence[Turn]
) -> Iterator[Facet]:
    """Facets that the stand-alone wording names, the question does not, and an earlier turn had."""
    named = {facet.field for facet in understood.facets}
    for facet in recognise_facets(standalone, understood.language, vocabulary) if standalone else ():
        if facet.hard and facet.field not in named and was_in_force(turns, facet.field, facet.value):
            yield facet.model_copy(update={"span": None})


def _suggested(
    said: Sequence[Suggestion],
    question: str,
    found: Sequence[Facet],
    vocabulary: StudyVocabulary,
    embedder: Embedder,
) -> Iterator[Facet]:
    """Suggested segments and languages whose words stand in the question, and mean them more than any other."""
    named = {facet.field for facet in found}
    for item in said:
        names = _names(item.field, vocabulary)
        match = re.search(re.escape(item.words), question, re.IGNORECASE) if _has_words(item.words) else None
        if match and item.field not in named and item.value in names and _means(match[0], item.value, names, embedder):
            facet = {"field": item.field, "value": item.value, "words": match[0], "span": match.span()}
            yield Facet.model_validate(facet)


def _names(name: str, vocabulary: StudyVocabulary) -> Mapping[str, Sequence[str]]:
    """What the values of a field are called; nothing where words other than their own cannot name them."""
    if name == "segments":
        return {slug: (slug.replace("_", " "), *names) for slug, names in vocabulary.segments.items()}
    if name == "languages":
        return {spoken: names_of_speech(primary_language(spoken)) for spoken in vocabulary.languages}
    return {}


def _means(words: str, value: str, names: Mapping[str, Sequence[str]], embedder: Embedder) -> bool:
    """Whether words are near to a value's names, and nearer than to those of any other value."""
    listed = [(owner, name) for owner, owned in names.items() for name in owned]
    vectors = embedder.embed_passages([words, *(name for _, name in listed)])
    cosines = vectors[1:] @ vectors[0]
    nearest = int(np.argmax(cosines))
    return listed[nearest][0] == value and float(cosines[nearest]) >= NEAR_ENOUGH


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _line(text: str) -> str:
    """One plain line of bounded length; empty where it says nothing, or names an address."""
    line = " ".join(plain_prose(text).split())[:MOST_CHARACTERS]
    return line if _has_words(line) and not names_an_address(line) else ""
