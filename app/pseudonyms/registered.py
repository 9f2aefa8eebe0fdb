"""Names and other data of people whom the study knows: the register of its participants."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.pseudonyms.cues import cue_words
from app.pseudonyms.findings import Finding, PersonalKind, participant_key
from app.pseudonyms.words import given_names, is_unknown, surnames

NAME_ATTRIBUTES = frozenset(
    """
    name names full_name first_name firstname given_name given_names last_name lastname surname family_name maiden_name
    nickname alias vorname nachname familienname spitzname nombre apellido apellidos
    """.split()
)
PRIVATE_ATTRIBUTES = {
    **dict.fromkeys(NAME_ATTRIBUTES, PersonalKind.NAME),
    **dict.fromkeys("email e-mail mail correo".split(), PersonalKind.EMAIL),
    **dict.fromkeys("phone mobile telephone telefon handy telefono teléfono movil móvil".split(), PersonalKind.PHONE),
    **dict.fromkeys("address street adresse strasse straße direccion dirección".split(), PersonalKind.ADDRESS),
    **dict.fromkeys("employer company arbeitgeber firma empresa".split(), PersonalKind.COMPANY),
    "iban": PersonalKind.IBAN,
}
"""Attributes of a participant that say who it is, by their names in lower case, with the kind of what they hold."""

_PART = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_PARTICLES = frozenset("von van der den de del la las los da di du zu dos y i el".split())
_SHORTEST_PART = 2


@dataclass(frozen=True, slots=True)
class Person:
    """A participant as the register has it: the code, names as they are written, and other private texts by kind."""

    code: str
    names: tuple[str, ...] = ()
    private: tuple[tuple[PersonalKind, str], ...] = ()


def private_of(attributes: Mapping[str, str]) -> dict[str, str]:
    """Those attributes that say who somebody is."""
    return {name: value for name, value in attributes.items() if name.casefold() in PRIVATE_ATTRIBUTES}


def person_of(code: str, private: Mapping[str, str], labels: Sequence[str] = ()) -> Person:
    """A participant with private attributes, and labels under which the person speaks in a transcript."""
    kinds = [(PRIVATE_ATTRIBUTES[name.casefold()], str(value)) for name, value in private.items()]
    names = [value for kind, value in kinds if kind is PersonalKind.NAME]
    others = [(kind, value) for kind, value in kinds if kind is not PersonalKind.NAME]
    own = [label for label in labels if is_personal_label(label, code)]
    return Person(code, tuple(dict.fromkeys([*names, *own])), tuple(others))


def is_personal_label(label: str, code: str) -> bool:
    """Whether a label names somebody, as `Katrin Vogel` does, and not a role, a device or a code."""
    parts = _PART.findall(label)
    if label == code or not parts or any(character.isdigit() for character in label):
        return False
    if any(part.casefold() in cue_words("roles", "all") for part in parts):
        return False
    known = given_names(), surnames()
    return all(part[0].isupper() or part in _PARTICLES for part in parts) and any(
        is_unknown(part) or any(names.may_have(part) for names in known) for part in parts
    )


def find_registered(text: str, persons: Sequence[Person]) -> Iterator[Finding]:
    """Find the names of participants, whole and in parts, also in the genitive; and what else is private of them.

    A part that is a word too is found where it begins with a capital letter alone.
    """
    for person in persons:
        key = (participant_key(person.code),)
        for kind, value in person.private:
            pattern = r"\s+".join(map(re.escape, value.split()))
            yield from _found(rf"(?<!\w){pattern}(?!\w)", text, kind, (f"{kind} {value.casefold()}",), re.IGNORECASE)
        for pattern, flags in _name_patterns(person.names):
            yield from _found(pattern, text, PersonalKind.NAME, key, flags)


def _name_patterns(names: Sequence[str]) -> Iterator[tuple[str, int]]:
    for name in names:
        parts = _PART.findall(name)
        if len(parts) > 1:
            spaced = r"[\s.]+".join(map(re.escape, parts))
            yield rf"(?<!\w)(?:{spaced}|{re.escape(name)})(?!\w)", re.IGNORECASE
        for part in parts:
            if len(part) < _SHORTEST_PART or part.casefold() in _PARTICLES:
                continue
            flags = re.IGNORECASE if is_unknown(part) else 0
            end = r"(?=(?:e?s|['’]s?|ens?|n)?(?!\w))" if flags else r"(?=(?:s|['’]s?)?(?!\w))"
            first = re.escape(part[0].upper() + part[1:])
            yield rf"(?<!\w)(?:{first}|{re.escape(part.upper())}){end}", flags


def _found(pattern: str, text: str, kind: PersonalKind, keys: tuple[str, ...], flags: int) -> Iterator[Finding]:
    yield from (Finding(*match.span(), kind, keys) for match in re.finditer(pattern, text, flags))
