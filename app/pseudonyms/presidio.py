"""Names of people found by Presidio with spaCy's models, where they are installed: beside the rules, never instead."""

import importlib.util
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import UnavailableError
from app.pseudonyms.findings import Finding, PersonalKind

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine

INSTALL = "pip install 'verbatim[presidio]', or unset VERBATIM_PRESIDIO_MODELS"
LEAST_SCORE = 0.6
_PERSON = "PERSON"


class PresidioFinder:
    """Finds names of people in the languages of which there is a model; in others it finds nothing."""

    def __init__(self, engine: "AnalyzerEngine", languages: frozenset[str]) -> None:
        self._engine = engine
        self._languages = languages

    def __call__(self, text: str, language: str) -> Iterator[Finding]:
        """Find the names in a text of a language."""
        if language not in self._languages:
            return
        found = self._engine.analyze(text=text, language=language, entities=[_PERSON], score_threshold=LEAST_SCORE)
        for each in found:
            words = text[each.start : each.end]
            # Codes such as P07 are names of ours.
            if words[:1].isupper() and not any(character.isdigit() for character in words):
                keys = (f"{PersonalKind.NAME} {word.casefold()}" for word in words.split() if word[:1].isupper())
                yield Finding(each.start, each.end, PersonalKind.NAME, tuple(keys))


def load_presidio(models: Mapping[str, str]) -> PresidioFinder:
    """Load Presidio with a spaCy model for each language, by its name or path; nothing is fetched.

    Raises:
        UnavailableError: Presidio or a model is not there, or cannot be loaded.
    """
    return _load(tuple(sorted(models.items())))


@cache
def _load(models: tuple[tuple[str, str], ...]) -> PresidioFinder:
    if importlib.util.find_spec("presidio_analyzer") is None:
        raise UnavailableError(f"Presidio is not installed: {INSTALL}")
    for language, name in models:
        # Presidio would fetch it.
        if importlib.util.find_spec(name) is None and not Path(name).is_dir():
            remedy = f"python -m spacy download {name}, or name the folder of one in VERBATIM_PRESIDIO_MODELS"
            raise UnavailableError(f"there is no spaCy model {name} for {language}: {remedy}")
    try:
        return PresidioFinder(_engine(models), frozenset(language for language, _ in models))
    except Exception as error:  # whatever its many parts raise
        raise UnavailableError(f"Presidio cannot be loaded ({error}): {INSTALL}") from error


def _engine(models: tuple[tuple[str, str], ...]) -> "AnalyzerEngine":
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpEngineProvider
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer

    languages = [language for language, _ in models]
    named = [{"lang_code": language, "model_name": name} for language, name in models]
    provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": named})
    recognizers = [SpacyRecognizer(supported_language=language) for language in languages]
    registry = RecognizerRegistry(recognizers=recognizers, supported_languages=languages)
    return AnalyzerEngine(registry=registry, nlp_engine=provider.create_engine(), supported_languages=languages)
