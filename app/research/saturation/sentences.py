"""What the artefacts come to, in a sentence of the reader's language."""

FALLBACK = "en"

_SATURATION = {
    "none": {
        "en": "No interview is published yet.",
        "de": "Noch ist kein Interview veröffentlicht.",
        "es": "Aún no hay ninguna entrevista publicada.",
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
    "open": {
        "en": "Interview {last} of {held} still told something new.",
        "de": "Noch Interview {last} von {held} brachte Neues.",
        "es": "La entrevista {last} de {held} todavía aportó algo nuevo.",
    },
    "stop": {
        "en": "By the rule it is saturated at interview {saturated}: you can stop.",
        "de": "Nach der Regel ist sie mit Interview {saturated} gesättigt: es reicht.",
        "es": "Según la regla está saturado en la entrevista {saturated}: se puede parar.",
    },
    "stop_planned": {
        "en": "By the rule it is saturated at interview {saturated}; you planned {planned}: you can stop.",
        "de": "Nach der Regel ist sie mit Interview {saturated} gesättigt; geplant waren {planned}: es reicht.",
        "es": "Según la regla está saturado en la entrevista {saturated}; se planearon {planned}: se puede parar.",
    },
    "more": {
        "en": "It is not saturated by the rule; about {more} more interviews would tell 95 % of what there is.",
        "de": "Nach der Regel ist sie nicht gesättigt; etwa {more} weitere brächten 95 % dessen, was es gibt.",
        "es": "Según la regla no está saturado; unas {more} entrevistas más dirían el 95 % de lo que hay.",
    },
    "almost": {
        "en": "It is not saturated by the rule, but 95 % of what there is has probably been told.",
        "de": "Nach der Regel ist sie nicht gesättigt, doch 95 % dessen, was es gibt, sind wohl gesagt.",
        "es": "Según la regla no está saturado, pero probablemente ya se dijo el 95 % de lo que hay.",
    },
}


def say_saturation(held: int, last: int, saturated: int | None, more: int, planned: int | None, language: str) -> str:
    """Say whether a study can stop.

    Args:
        held: interviews that were held.
        last: the last one that told something new.
        saturated: the one at which the rule says so, if it does.
        more: how many further ones would tell nearly everything, estimated.
        planned: how many were planned, if that is known.
        language: of the sentence; English where it is not known.
    """
    if not held or not last:
        return _say("untagged" if held else "none", language)
    news = "quiet" if last < held else "open"
    if saturated is not None:
        verdict = "stop_planned" if planned is not None and planned > saturated else "stop"
    else:
        verdict = "more" if more else "almost"
    values = {"held": held, "last": last, "saturated": saturated, "planned": planned, "more": more}
    return f"{_say(news, language, **values)} {_say(verdict, language, **values)}"


def _say(name: str, language: str, **values: object) -> str:
    phrases = _SATURATION[name]
    return phrases.get(language, phrases[FALLBACK]).format(**values)
