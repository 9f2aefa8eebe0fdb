"""The language of each utterance: py3langid among the study's languages; for short ones, their words and neighbours.

Naive Bayes over byte n-grams wants a sentence. "Ja." and "Vale" are decided by words that belong to one language alone;
what carries no sign at all ("OK", "1998", "(lacht)") follows the nearest utterances of the same speaker, else the
interview's language.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from app.memory import loaded_once

SHORT_WORDS = 6
CERTAIN = 0.9
LOOKED_AT_CHARACTERS = 20_000
NEIGHBOURS = 4

# Evidence in nats (natural log-odds).
WORD_EVIDENCE = 2.5
PRIOR_EVIDENCE = 1.0
NEIGHBOUR_EVIDENCE = 1.0

STAGE_DIRECTION = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
WORD = re.compile(r"[^\W\d_]+")

SIGNLESS_WORDS = frozenset("ah aha eh ha hm hmm mhm mm mmm no oh ok okay uh uhm".split())

OWN_WORDS: dict[str, frozenset[str]] = {
    "de": frozenset(
        "ach auch auf bin bitte danke dann das dem den denn der doch du ein eine er für gar genau gern gerne gut guten "
        "hab habe haben hallo heute ich ihr immer ist ja jau jetzt jo kein keine klar mit moin na natürlich nee nein "
        "nicht nichts noch null nur nö oder richtig schon schön sind sie stimmt tag tja tschö tschüss tschüssi und "
        "vielleicht vielen wann war warum wer wie wir wo".split()
    ),
    "es": frozenset(
        "adiós ahora algo ay buena buenas bueno buenos cierto claro con cuándo cómo de del dónde el ella eso estoy "
        "está esto exacto gracias hasta hola hombre hoy las los luego más mira muchas muy nada nosotros nunca oye para "
        "pero poco por porque pues que quién qué siempre son soy sí también tampoco tú una usted uy vale venga verdad "
        "y ya yo".split()
    ),
    "en": frozenset(
        "absolutely always and are bye course exactly for good hello how i is it just maybe my never nice nope not "
        "nothing now of really right she sorry still sure thank thanks that the then there they this today true was we "
        "well were what when where who why with yeah yep yes you your".split()
    ),
}


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """The language of one utterance and how sure that is, in [0, 1]."""

    language: str
    confidence: float


def identify_languages(
    texts: Sequence[str],
    candidates: Sequence[str],
    prior: str | None,
    speakers: Sequence[str | None] | None = None,
) -> tuple[LanguageGuess, ...]:
    """Say for each text which of the candidate languages it is in.

    Args:
        texts: the utterances of one interview, in order.
        candidates: ISO 639-1 codes, with or without a region; the study's languages and the interviewer's.
        prior: the interview's own language, which wins where the words say nothing.
        speakers: the label of each text, where the transcript has labels.

    Raises:
        ValueError: no candidate, or as many speakers as texts are not given.
    """
    languages = tuple(dict.fromkeys(candidates))
    if not languages:
        raise ValueError("identify_languages needs at least one candidate language")
    if speakers is not None and len(speakers) != len(texts):
        raise ValueError("identify_languages needs one speaker per text")
    if len(languages) == 1:
        return tuple(LanguageGuess(languages[0], 1.0) for _ in texts)
    evidence = [_evidence(text, languages) for text in texts]
    guesses = [_guess(scores, _expectation(prior, ())) for scores in evidence]
    if speakers is None:
        return tuple(guesses)
    return tuple(
        guess
        if guess.confidence >= CERTAIN
        else _guess(evidence[place], _expectation(prior, _nearby(place, guesses, speakers)))
        for place, guess in enumerate(guesses)
    )


def identify_document(text: str, expected: Sequence[str]) -> str:
    """Say which language a document is in: any that its words are surely in, else one of those that are expected."""
    beginning = text[:LOOKED_AT_CHARACTERS]
    language, probability = _identifier().classify(beginning)
    if language in expected or probability >= CERTAIN:
        return str(language)
    return primary_language(identify_languages([beginning], expected, None)[0].language)


def load_identifier() -> None:
    """Load the model of languages ahead of the first question: half a second, most of it without the interpreter."""
    _identifier()


class _Identifier(LanguageIdentifier):  # type: ignore[misc]  # py3langid has no types
    """The identifier, asked about some of its languages: to rank the hundred others takes as long as to score them."""

    __slots__ = ()

    def probabilities(self, text: str, languages: Sequence[str]) -> list[float]:
        """How probable each of some languages is among all that the model knows; 0 of one that it does not know."""
        scores = self._decide(text)
        known = self.nb_classes
        return [float(scores[known.index(language)]) if language in known else 0.0 for language in languages]


@loaded_once
def _identifier() -> _Identifier:
    # An instance of our own, never restricted and never changed after loading: threads may share it.
    identifier: _Identifier = _Identifier.from_model_file(MODEL_FILE, norm_probs=True)
    return identifier


def _evidence(text: str, languages: Sequence[str]) -> dict[str, float]:
    """Log-likelihood of each language, up to a constant; all zero where the text says nothing."""
    spoken = STAGE_DIRECTION.sub(" ", text)
    words = [word.lower() for word in WORD.findall(spoken)]
    if SIGNLESS_WORDS.issuperset(words):
        return dict.fromkeys(languages, 0.0)
    probabilities = _identifier().probabilities(spoken, [primary_language(language) for language in languages])
    scores = {
        language: math.log(max(probability, 1e-9))
        for language, probability in zip(languages, probabilities, strict=True)
    }
    if len(words) <= SHORT_WORDS:
        for language in languages:
            own = OWN_WORDS.get(primary_language(language), frozenset())
            scores[language] += WORD_EVIDENCE * sum(word in own for word in words)
    return scores


def _expectation(prior: str | None, neighbours: Sequence[str]) -> dict[str, float]:
    """Evidence from outside a text: the interview's language and the languages of its neighbours."""
    expected = {primary_language(prior): PRIOR_EVIDENCE} if prior else {}
    for language in map(primary_language, neighbours):
        expected[language] = expected.get(language, 0.0) + NEIGHBOUR_EVIDENCE
    return expected


def _nearby(place: int, guesses: Sequence[LanguageGuess], speakers: Sequence[str | None]) -> list[str]:
    """The languages of the nearest certain utterances of the same speaker, before and after."""
    nearby: list[str] = []
    if speakers[place] is None:
        return nearby
    for step in (-1, 1):
        same_speaker = (
            guesses[other]
            for distance in range(1, NEIGHBOURS + 1)
            if 0 <= (other := place + step * distance) < len(guesses) and speakers[other] == speakers[place]
        )
        neighbour = next((guess for guess in same_speaker if guess.confidence >= CERTAIN), None)
        if neighbour is not None:
            nearby.append(neighbour.language)
    return nearby


def _guess(evidence: Mapping[str, float], expected: Mapping[str, float]) -> LanguageGuess:
    """The best language under the text's own evidence and what was expected, with its posterior probability."""
    scores = {language: score + expected.get(primary_language(language), 0.0) for language, score in evidence.items()}
    best = max(scores, key=lambda language: scores[language])
    total = math.fsum(math.exp(score - scores[best]) for score in scores.values())
    return LanguageGuess(best, 1.0 / total)


@lru_cache(maxsize=1024)
def primary_language(code: str) -> str:
    """The language of a code without its region: `es` of `es-MX`."""
    return re.split(r"[-_]", code, maxsplit=1)[0].lower()


def english_name(language: str) -> str:
    """What a language is called in English, else its code."""
    return _ENGLISH_NAMES.get(primary_language(language), language)


_ENGLISH_NAMES = {
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "sv": "Swedish",
    "tr": "Turkish",
}
