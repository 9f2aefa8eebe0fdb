"""Identifiers with a form that can be checked: e-mail, phone, IBAN, links."""

import re
from collections.abc import Iterator

import phonenumbers

from app.pseudonyms.findings import Finding, PersonalKind

REGIONS = {"de": ("DE", "AT", "CH"), "es": ("ES", "MX"), "en": ("GB", "US")}
"""Where a number without a country code may be from, by the language in which it is said."""

_EMAIL = re.compile(r"[\w.+-]+(?:@|\s?\[at\]\s?|\s?\(at\)\s?)[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"'„“”»«)\]]+[^\s<>\"'„“”»«)\].,;:!?]")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{2,4}){3,8}\b")
_LONGEST_IBAN, _SHORTEST_IBAN = 34, 15
_PHONE_DIGITS = range(8, 16)
# Numbers that people invent for examples are of no region; what begins like one and is spaced like one is one.
_DIALLED = re.compile(
    r"(?<![\w.,/-])(?<!\d )(?:(?:\+|00?)[1-9][\d /()-]{6,18}\d|[6-9]\d{2}(?: \d{2,3}){2,3})(?![\w/-]|[.,]\d)"
)


def find_identifiers(text: str, language: str) -> Iterator[Finding]:
    """Find e-mail addresses, links, IBANs with the right check digits, and phone numbers."""
    for kind, pattern in ((PersonalKind.EMAIL, _EMAIL), (PersonalKind.LINK, _LINK)):
        yield from (_found(match.span(), kind, match[0]) for match in pattern.finditer(text))
    for match in _IBAN.finditer(text):
        if end := _end_of_iban(match[0]):
            yield _found((match.start(), match.start() + end), PersonalKind.IBAN, match[0][:end])
    yield from _phones(text, language)


def is_iban(text: str) -> bool:
    """Whether the check digits are right (ISO 13616: modulo 97 of the rearranged digits is 1)."""
    compact = "".join(text.split())
    if not _SHORTEST_IBAN <= len(compact) <= _LONGEST_IBAN:
        return False
    return int("".join(str(int(character, 36)) for character in compact[4:] + compact[:4])) % 97 == 1


def _end_of_iban(text: str) -> int | None:
    """Where an IBAN ends that what follows may have run into."""
    ends = [index for index in range(len(text), 0, -1) if index == len(text) or text[index] == " "]
    return next((end for end in ends if is_iban(text[:end])), None)


def _phones(text: str, language: str) -> Iterator[Finding]:
    if _digits(text) < _PHONE_DIGITS.start:
        return
    for region in REGIONS.get(language, ("DE", "ES", "GB")):
        for match in phonenumbers.PhoneNumberMatcher(text, region, leniency=phonenumbers.Leniency.VALID):
            if _may_be_dialled(match.raw_string):
                yield _found((match.start, match.end), PersonalKind.PHONE, match.raw_string)
    for dialled in _DIALLED.finditer(text):
        if _may_be_dialled(dialled[0]):
            yield _found(dialled.span(), PersonalKind.PHONE, dialled[0])


def _may_be_dialled(text: str) -> bool:
    """Whether there are as many digits as a number has; years, amounts and dates have fewer."""
    return _digits(text) in _PHONE_DIGITS


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def _found(span: tuple[int, int], kind: PersonalKind, text: str) -> Finding:
    key = re.sub(r"[\s/()-]", "", text).casefold()
    return Finding(*span, kind, (f"{kind} {key}",))
