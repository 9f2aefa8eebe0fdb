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
    "counted_affirmed": {
        "en": "$gave of $of people",
        "de": "$gave von $of Personen",
        "es": "$gave de $of personas",
    },
    "counted_denied": {
        "en": "denied by $gave of $of people",
        "de": "$gave von $of Personen verneinen es",
        "es": "lo niegan $gave de $of personas",
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
    "asked_in_vain": {
        "en": "$asked of the $of people in scope were asked about it; nothing they said answers the question",
        "de": "$asked der $of Personen im Ausschnitt wurden danach gefragt; nichts davon beantwortet die Frage",
        "es": "se preguntó a $asked de las $of personas del ámbito; nada de lo que dijeron responde a la pregunta",
    },
    "never_asked": {
        "en": "none of the $of people in scope was asked about it",
        "de": "keine der $of Personen im Ausschnitt wurde danach gefragt",
        "es": "a ninguna de las $of personas del ámbito se le preguntó por ello",
    },
    "nobody_in_segment": {
        "en": "nobody in scope belongs to the segment $name",
        "de": "im Ausschnitt gehört niemand zum Segment $name",
        "es": "nadie del ámbito pertenece al segmento $name",
    },
    "nobody_speaks": {
        "en": "nobody in scope speaks $name",
        "de": "im Ausschnitt spricht niemand $name",
        "es": "nadie del ámbito habla $name",
    },
    "subquestion_uncovered": {
        "en": "nothing that the $of people in scope said answers this part: $name",
        "de": "nichts von dem, was die $of Personen im Ausschnitt gesagt haben, beantwortet diesen Teil: $name",
        "es": "nada de lo que dijeron las $of personas del ámbito responde a esta parte: $name",
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
    "machine_translation": {
        "en": "machine translation",
        "de": "maschinelle Übersetzung",
        "es": "traducción automática",
    },
    "said_no": {
        "en": "denies it",
        "de": "verneint es",
        "es": "lo niega",
    },
    "via_interpreter": {
        "en": "via interpreter, not verbatim",
        "de": "durch Dolmetscher, nicht wörtlich",
        "es": "por intérprete, no literal",
    },
    "hard_to_hear": {
        "en": "hard to hear",
        "de": "schwer zu verstehen",
        "es": "difícil de oír",
    },
    "link": {
        "en": "Link to this answer",
        "de": "Link zu dieser Antwort",
        "es": "Enlace a esta respuesta",
    },
    "missing": {
        "en": "What is missing",
        "de": "Was fehlt",
        "es": "Lo que falta",
    },
}


def say(phrase: str, language: str, **values: object) -> str:
    """Fill one phrase in a language; English where there is no translation."""
    wordings = _PHRASES[phrase]
    return Template(wordings.get(language, wordings[FALLBACK])).substitute(values)
