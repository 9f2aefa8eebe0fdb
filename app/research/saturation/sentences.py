"""What the artefacts come to, in a sentence of the reader's language."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.research.saturation.curves import StoppingRule
from app.research.saturation.schemas import Verdict

FALLBACK = "en"

_SATURATION = {
    "none": {
        "en": "No interview is published here yet.",
        "de": "Hier ist noch kein Interview veröffentlicht.",
        "es": "Aquí aún no hay ninguna entrevista publicada.",
    },
    "untagged": {
        "en": "Nothing is tagged with one of the study's own codes yet: give it a codebook, or run `verbatim retag`.",
        "de": "Noch ist nichts mit einem Code der Studie getaggt: Codebuch angeben oder `verbatim retag` aufrufen.",
        "es": "Aún no hay nada etiquetado con códigos propios: añada un libro de códigos o use `verbatim retag`.",
    },
    "quiet": {
        "en": "After interview {last} of {held} nothing new came up.",
        "de": "Nach Interview {last} von {held} kam nichts Neues mehr.",
        "es": "Después de la entrevista {last} de {held} no apareció nada nuevo.",
    },
    "loud": {
        "en": "Interview {last} of {held} still told something new.",
        "de": "Noch Interview {last} von {held} brachte Neues.",
        "es": "La entrevista {last} de {held} todavía aportó algo nuevo.",
    },
    "insufficient": {
        "en": "The interviews are insufficient for a verdict: the rule needs {needed}.",
        "de": "Für ein Urteil reichen die Interviews nicht: die Regel braucht {needed}.",
        "es": "Las entrevistas son insuficientes para un veredicto: la regla necesita {needed}.",
    },
    "insufficient_base": {
        "en": "They are insufficient for a verdict: the first {base} told nothing that later ones can be measured by.",
        "de": "Für ein Urteil reichen sie nicht: die ersten {base} sagten nichts, woran spätere zu messen wären.",
        "es": "Son insuficientes para un veredicto: las primeras {base} no dijeron nada con que medir las siguientes.",
    },
    "saturated": {
        "en": "Since interview {steady} no run of {run} told more than {threshold} new: you can stop.",
        "de": "Seit Interview {steady} brachten je {run} zusammen höchstens {threshold} Neues: es reicht.",
        "es": "Desde la entrevista {steady} ninguna serie de {run} aportó más de un {threshold} nuevo: se puede parar.",
    },
    "saturated_planned": {
        "en": "Since interview {steady} no run of {run} told more than {threshold} new; you planned {planned}: "
        "you can stop.",
        "de": "Seit Interview {steady} brachten je {run} zusammen höchstens {threshold} Neues; geplant waren "
        "{planned}: es reicht.",
        "es": "Desde la entrevista {steady} ninguna serie de {run} aportó más de un {threshold} nuevo; se planearon "
        "{planned}: se puede parar.",
    },
    "unheard": {
        "en": "An estimate still expects about {unheard} codes that nobody has spoken of.",
        "de": "Eine Schätzung erwartet noch etwa {unheard} Codes, von denen niemand gesprochen hat.",
        "es": "Una estimación espera aún unos {unheard} códigos de los que nadie ha hablado.",
    },
    "more": {
        "en": "About {more} more interviews would tell 95 % of what there is.",
        "de": "Etwa {more} weitere Interviews brächten 95 % dessen, was es gibt.",
        "es": "Unas {more} entrevistas más dirían el 95 % de lo que hay.",
    },
    "more_planned": {
        "en": "About {more} more interviews would tell 95 % of what there is; {left} of {planned} planned are left.",
        "de": "Etwa {more} weitere Interviews brächten 95 % dessen, was es gibt; {left} von {planned} stehen noch aus.",
        "es": "Unas {more} entrevistas más dirían el 95 % de lo que hay; de las {planned} planeadas faltan {left}.",
    },
    "almost": {
        "en": "It is not saturated by the rule, but 95 % of what there is has probably been told.",
        "de": "Nach der Regel ist sie nicht gesättigt, doch 95 % dessen, was es gibt, sind wohl gesagt.",
        "es": "Según la regla no está saturado, pero probablemente ya se dijo el 95 % de lo que hay.",
    },
}


@dataclass(frozen=True)
class Findings:
    """What a sentence is about: interviews held, the last that told something new, the verdict and what it rests on.

    `more` interviews would tell nearly all codes, of which `unheard` were not told yet; both are estimated.
    """

    held: int
    last: int
    verdict: Verdict
    rule: StoppingRule
    steady_since: int | None
    more: int
    unheard: int = 0
    planned: int | None = None


def say_saturation(found: Findings, language: str) -> str:
    """Say whether a study can stop, in a language; in English where it is not known."""
    values = {
        "held": found.held,
        "last": found.last,
        "needed": found.rule.base + found.rule.run,
        "base": found.rule.base,
        "run": found.rule.run,
        "threshold": f"{100 * found.rule.threshold:g}\N{NO-BREAK SPACE}%",
        "steady": found.steady_since,
        "more": found.more,
        "unheard": found.unheard,
        "planned": found.planned,
        "left": (found.planned or 0) - found.held,
    }
    return " ".join(_say(name, language, values) for name in _parts(found))


def _parts(found: Findings) -> Iterator[str]:
    """The names of the sentences, in order."""
    if found.verdict in ("none", "untagged"):
        yield found.verdict
        return
    yield "quiet" if found.last < found.held else "loud"
    is_to_come = found.planned is not None and found.planned > found.held
    if found.verdict == "saturated":
        yield "saturated_planned" if is_to_come else "saturated"
        if found.more and found.unheard:
            yield "unheard"
        return
    if found.verdict == "insufficient":
        is_short = found.held < found.rule.base + found.rule.run
        yield "insufficient" if is_short else "insufficient_base"
    if found.more:
        yield "more_planned" if is_to_come else "more"
    elif found.verdict == "open":
        yield "almost"


def _say(name: str, language: str, values: dict[str, object]) -> str:
    phrases = _SATURATION[name]
    return phrases.get(language, phrases[FALLBACK]).format(**values)
