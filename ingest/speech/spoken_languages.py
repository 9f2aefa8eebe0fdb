"""Which language is spoken where in a voice: told for each stretch where it alternates, else checked by samples."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ingest.speech.regions import Piece, choose_languages, join_pieces
from ingest.speech.task import SpeechTask
from ingest.speech.voices import Voice
from ingest.speech.whisper import SpeechModel

MOST_SAMPLES = 5
"""Pieces that are asked for their language in a long recording where it should not alternate."""

_PIECES_PER_SAMPLE = 5

LEAST_TELLING_MS = 1_000
"""Shorter stretches are not asked for their language: they take that of their neighbours."""

CLEAR = 0.7
"""Mean probability from which another language than the declared one is believed."""


@dataclass(frozen=True, slots=True)
class SpokenLanguages:
    """The pieces of a voice, each in its language, and what to warn of."""

    pieces: tuple[Piece, ...]
    warnings: tuple[str, ...] = ()


def tell_languages(voice: Voice, task: SpeechTask, model: SpeechModel, alive: Callable[[], None]) -> SpokenLanguages:
    """Cut a voice into pieces of one language each; `alive` is called between the questions to the model."""
    if task.alternating and len(task.candidates) > 1:
        return _tell_each(voice, task, model, alive)
    pieces = join_pieces(voice.stretches, [task.candidates[0]] * len(voice.stretches))
    heard = _listen(voice, _spread(pieces), model, alive)
    language, warnings = check_language(heard, task)
    return SpokenLanguages(tuple(Piece(piece.stretches, language) for piece in pieces), warnings)


def check_language(heard: Sequence[Mapping[str, float]], task: SpeechTask) -> tuple[str, tuple[str, ...]]:
    """Believe the declared language unless the samples clearly tell another; only one of the study is then taken."""
    declared = task.candidates[0]
    means = _means(heard)
    likeliest = max(means, key=lambda language: means[language], default=declared)
    if likeliest == declared or means[likeliest] < CLEAR:
        return declared, ()
    if likeliest in task.languages:
        return likeliest, (f"declared as {declared}, but {likeliest} was heard: transcribed as {likeliest}",)
    warning = f"{likeliest} was heard, which is no language of the study: transcribed as {declared}, do not trust it"
    return declared, (warning,)


def _tell_each(voice: Voice, task: SpeechTask, model: SpeechModel, alive: Callable[[], None]) -> SpokenLanguages:
    singles = [Piece((stretch,), task.candidates[0]) for stretch in voice.stretches]
    heard = _listen(voice, singles, model, alive)
    languages = choose_languages(voice.stretches, heard, task.candidates)
    means = _means(heard)
    foreign = [language for language, mean in means.items() if language not in task.candidates and mean >= 0.5]
    warnings = tuple(f"{language} was heard, which this interview does not declare" for language in foreign)
    return SpokenLanguages(join_pieces(voice.stretches, languages), warnings)


def _listen(
    voice: Voice, pieces: Sequence[Piece], model: SpeechModel, alive: Callable[[], None]
) -> list[dict[str, float]]:
    heard = []
    for piece in pieces:
        alive()
        tells = piece.duration_ms >= LEAST_TELLING_MS
        heard.append(model.hear_languages(voice.sound(piece.start_ms, piece.end_ms)) if tells else {})
    return heard


def _means(heard: Sequence[Mapping[str, float]]) -> dict[str, float]:
    told = [probabilities for probabilities in heard if probabilities]
    languages = {language for probabilities in told for language in probabilities}
    return {
        language: sum(probabilities.get(language, 0.0) for probabilities in told) / len(told)
        for language in sorted(languages)
    }


def _spread(pieces: Sequence[Piece]) -> list[Piece]:
    """The longest pieces of a few parts of the recording."""
    samples = min(MOST_SAMPLES, 1 + len(pieces) // _PIECES_PER_SAMPLE)
    step = max(1, -(-len(pieces) // samples))
    parts = (pieces[start : start + step] for start in range(0, len(pieces), step))
    return [max(part, key=lambda piece: piece.duration_ms) for part in parts]
