"""Street addresses: a street with a number, or one that is called a street."""

import re
from collections.abc import Iterator

from app.pseudonyms.findings import Finding, PersonalKind
from app.pseudonyms.words import is_unknown

_NUMBER = r"\d{1,4}(?:\s?[a-hA-H])?\b"
_UPPER = r"[A-ZÄÖÜÁÉÍÓÚÑÇ]"
_WORD = rf"{_UPPER}[\w'’-]+"
_GERMAN_END = (
    r"(?:straße|strasse|str\.|gasse|weg|allee|platz|ring|damm|ufer|deich|steig|stieg|chaussee|graben|markt|hof|kamp|wall|"
    r"berg|tor|brücke|promenade|pfad|winkel|zeile|twiete|kai|redder)"
)
_GERMAN = re.compile(
    rf"\b(?:(?:Am|An der|An den|Auf der|Auf dem|Im|In der|Zum|Zur|Alte|Alter|Große|Kleine|{_WORD})[ -])?"
    rf"(?:{_UPPER}[\w-]*{_GERMAN_END}|{_WORD}-(?:Straße|Strasse|Str\.|Weg|Allee|Platz|Ring|Damm))"
    rf"\s{_NUMBER}(?!\s?(?:Euro|Prozent|Mal|Jahre?|Tage?|Leute|Uhr|Minuten|Monate?|Wochen?|Kilometer|Meter|km|m)\b)"
)
_SPANISH = re.compile(
    rf"\b(?:[Cc]alle|[Cc]/|[Aa]venida|[Aa]vda\.?|[Pp]laza|[Pp]laça|[Pp]aseo|[Pp]asseig|[Cc]arrer|[Rr]onda|[Cc]amino|[Tt]ravesía|[Rr]ambla)"
    rf"\s(?:(?:de|del|dels|la|las|los|el|els|les|d[’'])\s?)*(?P<name>{_WORD}(?:\s(?:(?:de|del|la|las|los|y|i)\s)*{_WORD})*)"
    rf"(?:,?\s(?:número\s|nº\s?|n\.º\s?)?{_NUMBER})?"
)
_ENGLISH = re.compile(
    rf"\b(?:(?:\d{{1,4}}[a-hA-H]?\s)(?P<numbered>{_WORD}(?:\s{_WORD})*)|(?P<bare>{_WORD}(?:\s{_WORD})*))"
    rf"\s(?:[Ss]treet|[Rr]oad|[Aa]venue|[Ll]ane|[Ss]quare|Drive|Close|Crescent|Terrace|Gardens)\b"
)
_POSTCODE = re.compile(rf"\b(?:D-)?\d{{5}}\s{_WORD}")


def find_addresses(text: str) -> Iterator[Finding]:
    """Find streets: German ones with a number, Spanish ones after their word, English ones before it; postcodes."""
    for pattern in (_GERMAN, _POSTCODE):
        yield from (_found(match.span(), match[0]) for match in pattern.finditer(text))
    for match in _SPANISH.finditer(text):
        if match[0][-1].isdigit() or is_unknown(match["name"].split()[-1]):
            yield _found(match.span("name") if not match[0][-1].isdigit() else match.span(), match["name"])
    for match in _ENGLISH.finditer(text):
        name = match["numbered"] or match["bare"]
        if match["numbered"] or is_unknown(name.split()[-1]):
            start = match.start() if match["numbered"] else match.start("bare")
            yield _found((start, match.start() + match[0].rindex(" ")) if match["bare"] else match.span(), name)


def _found(span: tuple[int, int], text: str) -> Finding:
    return Finding(*span, PersonalKind.ADDRESS, (f"{PersonalKind.ADDRESS} {text.casefold()}",))
