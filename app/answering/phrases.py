"""The service's own sentences in the languages of the questions; customers' words never pass through here."""

from string import Template

FALLBACK = "en"

_PHRASES: dict[str, dict[str, str]] = {
    "affirmed": {
        "en": "$gave of $of people: $topic",
        "de": "$gave von $of Personen: $topic",
        "es": "$gave de $of personas: $topic",
    },
    "denied": {
        "en": "$gave of $of people deny it: $topic",
        "de": "$gave von $of Personen verneinen es: $topic",
        "es": "$gave de $of personas lo niegan: $topic",
    },
    "untagged": {
        "en": "what they said about this",
        "de": "was sie dazu gesagt haben",
        "es": "lo que dijeron sobre esto",
    },
    "counter": {
        "en": "contradicted by",
        "de": "dagegen sprechen",
        "es": "lo contradicen",
    },
    "no_evidence": {
        "en": "No participant in this scope says anything about that, so there is no answer.",
        "de": "Dazu sagt in diesem Ausschnitt niemand der Befragten etwas, deshalb gibt es keine Antwort.",
        "es": "Ningún participante dice nada sobre esto en este ámbito, por eso no hay respuesta.",
    },
    "no_mention": {
        "en": "nothing that the $of people in scope said answers the question",
        "de": "nichts von dem, was die $of Personen im Ausschnitt gesagt haben, beantwortet die Frage",
        "es": "nada de lo que dijeron las $of personas del ámbito responde a la pregunta",
    },
    "segment_without_evidence": {
        "en": "nobody of the segment $name ($of people) said anything about it",
        "de": "niemand aus dem Segment $name ($of Personen) hat etwas dazu gesagt",
        "es": "nadie del segmento $name ($of personas) dijo nada sobre ello",
    },
    "language_without_evidence": {
        "en": "nobody of those who speak $name ($of people) said anything about it",
        "de": "niemand, der $name spricht ($of Personen), hat etwas dazu gesagt",
        "es": "nadie de quienes hablan $name ($of personas) dijo nada sobre ello",
    },
    "ask_next": {
        "en": "Ask in the next interview: $question",
        "de": "Im nächsten Interview fragen: $question",
        "es": "Preguntar en la próxima entrevista: $question",
    },
}


def say(phrase: str, language: str, **values: object) -> str:
    """Fill one phrase in a language; English where there is no translation."""
    wordings = _PHRASES[phrase]
    return Template(wordings.get(language, wordings[FALLBACK])).substitute(values)
