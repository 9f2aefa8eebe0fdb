"""What to ask a customer where the study has no question of its own, and what the verdict comes to."""

from collections.abc import Mapping

from app.research.phrases import fill
from app.research.segments.criteria import Criterion
from app.vocabulary import Dimension

UNDETERMINED = "und"

_OPENERS: Mapping[Dimension, Mapping[str, str]] = {
    Dimension.GOALS_AND_MOTIVATION: {
        "en": "What did you want to achieve with it?",
        "de": "Was wollten Sie damit erreichen?",
        "es": "¿Qué quería conseguir con ello?",
    },
    Dimension.RISK_ATTITUDE: {
        "en": "Which risk would worry you most?",
        "de": "Welches Risiko würde Sie am meisten beschäftigen?",
        "es": "¿Qué riesgo le preocuparía más?",
    },
    Dimension.EXPERIENCE: {
        "en": "What experience of it did you have before?",
        "de": "Welche Erfahrung hatten Sie vorher damit?",
        "es": "¿Qué experiencia tenía antes con ello?",
    },
    Dimension.DISCIPLINE: {
        "en": "How do you keep at it?",
        "de": "Wie bleiben Sie dabei?",
        "es": "¿Cómo consigue ser constante?",
    },
    Dimension.ROUTINES_AND_RITUALS: {
        "en": "When and how often do you deal with it?",
        "de": "Wann und wie oft kümmern Sie sich darum?",
        "es": "¿Cuándo y cada cuánto se ocupa de ello?",
    },
    Dimension.LEARNING_AND_DECISION_STYLE: {
        "en": "How do you learn about such things, and how do you decide?",
        "de": "Wie machen Sie sich kundig, und wie entscheiden Sie?",
        "es": "¿Cómo se informa de estas cosas y cómo decide?",
    },
}
_FITS = {
    "en": "Does this fit: “{statement}”?",
    "de": "Trifft das zu: „{statement}“?",
    "es": "¿Encaja esto: «{statement}»?",
}
_VERDICTS = {
    "no_segments": {
        "en": "This study has no segments with criteria: write them in its file of segments and ingest it again.",
        "de": "Diese Studie hat keine Segmente mit Kriterien: in die Segmentdatei schreiben und neu einlesen.",
        "es": "Este estudio no tiene segmentos con criterios: escríbalos en su fichero y vuelva a importarlo.",
    },
    "qualifies": {
        "en": "{label}: {met} of {of} criteria met, {failed} failed.",
        "de": "{label}: {met} von {of} Kriterien erfüllt, {failed} nicht erfüllt.",
        "es": "{label}: {met} de {of} criterios cumplidos, {failed} no cumplidos.",
    },
    "leads": {
        "en": "Undecided; {label} is ahead: {met} of {of} criteria met, {failed} failed.",
        "de": "Unentschieden; vorn liegt {label}: {met} von {of} Kriterien erfüllt, {failed} nicht erfüllt.",
        "es": "Sin decidir; va por delante {label}: {met} de {of} criterios cumplidos, {failed} no cumplidos.",
    },
    "open": {
        "en": "Undecided: no segment is ahead.",
        "de": "Unentschieden: kein Segment liegt vorn.",
        "es": "Sin decidir: ningún segmento va por delante.",
    },
    "none_fits": {
        "en": "None of the segments fits.",
        "de": "Keines der Segmente passt.",
        "es": "Ninguno de los segmentos encaja.",
    },
    "nothing_left": {
        "en": "Nothing is left to ask that would decide it.",
        "de": "Es bleibt nichts zu fragen, das es entscheiden würde.",
        "es": "No queda nada que preguntar que lo decida.",
    },
}


def word_question(criterion: Criterion, language: str) -> str:
    """What to ask about a criterion so that a yes meets it: the study's question, else one made of its statement."""
    own = criterion.ask.get(language) or criterion.ask.get(UNDETERMINED)
    if own:
        return own
    opener = fill(_OPENERS[criterion.dimension], language) if criterion.dimension else ""
    return f"{opener} {fill(_FITS, language, statement=criterion.statement.rstrip('.'))}".strip()


def say_verdict(verdict: str, language: str, *, asks: bool, **values: object) -> str:
    """Say what the verdict comes to.

    Args:
        verdict: `no_segments`, `qualifies`, `leads`, `open` or `none_fits`.
        language: of the sentence.
        asks: whether there is something to ask next.
        values: of the segment that qualifies or leads.
    """
    said = fill(_VERDICTS[verdict], language, **values)
    is_settled = verdict in ("qualifies", "no_segments") or asks
    return said if is_settled else f"{said} {fill(_VERDICTS['nothing_left'], language)}"
