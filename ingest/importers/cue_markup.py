"""The markup inside cues: voices, languages, styles, time tags, character references.

Only what is surely markup is removed. The WebVTT standard also drops everything between `<` and `>` that it does not
know, and the rest of a cue after a `<` that is never closed; transcribers write `<[?]>` and `<s(laughing) words>`, so
here these stay as text and no spoken word is lost.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.entities import html5
from itertools import groupby

_TAG = re.compile(
    r"<(?P<closes>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<classes>\.[^\s<>]*)?(?P<annotation>\s[^<>]*)?/?>"
    r"|<\s*(?:[0-9]+:)+[0-9]+(?:[.,][0-9]+)?\s*>"
    r"|\{\\[^{}\n]*\}"
)
_KNOWN = frozenset("v c i b u s lang ruby rt font br p div span em strong".split(" "))
_BREAKS = frozenset({"br", "p", "div"})
_REFERENCE = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?=$|[-_])")


@dataclass(frozen=True, slots=True)
class Voice:
    """What one voice says in a cue: plain text with line breaks; `language` is given when all of it is marked so."""

    speaker: str | None
    language: str | None
    text: str


def read_voices(text: str) -> tuple[Voice, ...]:
    """Split the text of a cue by its `<v Name>` tags; a name holds until the next one or the end of the cue."""
    return tuple(_to_voice(speaker, list(runs)) for speaker, runs in groupby(_runs(text), key=lambda run: run.speaker))


def _runs(text: str) -> Iterator[Voice]:
    """Walk over the tags of a cue and yield the plain text between them."""
    tags = list(_TAG.finditer(text))
    paired = _paired_names(tags)
    speaker: str | None = None
    languages: list[str | None] = [None]
    position = 0
    for tag in tags:
        name = (tag["name"] or "").lower()
        if name and name not in _KNOWN and name not in paired:
            continue
        yield Voice(speaker, languages[-1], _decode_references(text[position : tag.start()]))
        position = tag.end()
        annotation = _decode_references(tag["annotation"] or "").strip()
        if name in _BREAKS:
            yield Voice(speaker, None, "\n")
        elif name == "v" and not tag["closes"]:
            speaker = annotation or None
        elif name == "lang" and not tag["closes"]:
            languages.append(primary_language(annotation))
        elif name == "lang" and len(languages) > 1:
            languages.pop()
    yield Voice(speaker, languages[-1], _decode_references(text[position:]))


def _paired_names(tags: Sequence[re.Match[str]]) -> frozenset[str]:
    """Names of tags that a cue opens and closes: markup, even if no standard knows it."""
    names: dict[bool, set[str]] = {True: set(), False: set()}
    for tag in tags:
        names[bool(tag["closes"])].add((tag["name"] or "").lower())
    return frozenset(names[True] & names[False])


def _to_voice(speaker: str | None, runs: list[Voice]) -> Voice:
    languages = {run.language for run in runs if run.text.strip()}
    return Voice(speaker, languages.pop() if len(languages) == 1 else None, "".join(run.text for run in runs))


def primary_language(tag: str) -> str | None:
    """Read the language out of a tag such as `es-MX`."""
    match = _LANGUAGE.match(tag)
    return match[0].lower() if match else None


def _decode_references(text: str) -> str:
    """Replace character references that end with a semicolon; others are text."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    body = reference[1]
    if not body.startswith("#"):
        return html5.get(f"{body};", reference[0])
    code = int(body[2:], 16) if body[1] in "xX" else int(body[1:])
    return chr(code) if code <= 0x10FFFF else reference[0]
