"""What the economics come to, in sentences of the reader's language."""

from collections.abc import Iterator

from babel.numbers import format_percent

from app.evidence.economics import CustomerBase, Group

FALLBACK = "en"
LANGUAGES = ("en", "de", "es")

_PHRASES = {
    "none": {
        "en": "The study knows no customers yet: import them with `verbatim economics import FILE`.",
        "de": "Die Studie kennt noch keine Kunden: importieren mit `verbatim economics import DATEI`.",
        "es": "El estudio aún no conoce clientes: impórtelos con `verbatim economics import ARCHIVO`.",
    },
    "most": {
        "en": "The band {name} brings {revenue} of the revenue; {interviewed} of {all} interviews with customers were "
        "held there ({interviews}).",
        "de": "Das Band {name} bringt {revenue} des Umsatzes; {interviewed} von {all} Interviews mit Kunden waren dort "
        "({interviews}).",
        "es": "La banda {name} aporta el {revenue} de los ingresos; {interviewed} de {all} entrevistas con clientes "
        "fueron en ella ({interviews}).",
    },
    "unheard": {
        "en": "No interview is with a known customer yet.",
        "de": "Noch ist kein Interview mit einem bekannten Kunden geführt.",
        "es": "Aún no hay ninguna entrevista con un cliente conocido.",
    },
    "no_ltv": {
        "en": "No customer has a lifetime value: all are unclassified.",
        "de": "Kein Kunde hat einen Lebenszeitwert (LTV): alle sind nicht eingeordnet.",
        "es": "Ningún cliente tiene valor de vida (LTV): todos quedan sin clasificar.",
    },
    "some_without_ltv": {
        "en": "{count} of {of} customers are in no band, because their lifetime value is not known or below zero.",
        "de": "{count} von {of} Kunden sind in keinem Band: ihr Lebenszeitwert ist unbekannt oder negativ.",
        "es": "{count} de {of} clientes no están en ninguna banda: su valor de vida es desconocido o negativo.",
    },
    "no_revenue": {
        "en": "The customers bring no revenue, so nothing can be said of shares.",
        "de": "Die Kunden bringen keinen Umsatz; über Anteile lässt sich nichts sagen.",
        "es": "Los clientes no aportan ingresos; no se puede decir nada de las cuotas.",
    },
}


def say_economics(base: CustomerBase, language: str) -> tuple[str, ...]:
    """Say which band brings most and how well it is heard, and what is not known."""
    return tuple(_say(name, language, values) for name, values in _findings(base, language))


def _findings(base: CustomerBase, language: str) -> Iterator[tuple[str, dict[str, object]]]:
    everybody = base.everybody
    if not everybody.customers:
        yield "none", {}
        return
    if base.bands and everybody.revenue_eur > 0:
        yield "most", _of_most(base.bands, everybody.interviewed, language)
    elif everybody.revenue_eur <= 0:
        yield "no_revenue", {}
    if not everybody.interviewed:
        yield "unheard", {}
    unclassified = base.unclassified_bands.customers if base.unclassified_bands else 0
    if not base.bands:
        yield "no_ltv", {}
    elif unclassified:
        yield "some_without_ltv", {"count": unclassified, "of": everybody.customers}


def _of_most(bands: tuple[Group, ...], interviewed: int, language: str) -> dict[str, object]:
    most = max(bands, key=lambda band: band.revenue_share)
    return {
        "name": most.name,
        "revenue": percent(most.revenue_share, language),
        "interviewed": most.interviewed,
        "all": interviewed,
        "interviews": percent(most.interview_share, language),
    }


def percent(share: float, language: str) -> str:
    """A share as the language writes it, in English where it is not known: `56%`, `56 %`."""
    return format_percent(share, locale=language if language in LANGUAGES else FALLBACK)


def _say(name: str, language: str, values: dict[str, object]) -> str:
    phrases = _PHRASES[name]
    return phrases.get(language, phrases[FALLBACK]).format(**values)
