"""Employers, schools, practices: institutions with a name of their own, legal forms, and where somebody works."""

from collections.abc import Iterator, Sequence

from app.pseudonyms.cues import cue_words
from app.pseudonyms.findings import Finding, PersonalKind
from app.pseudonyms.tokens import Token
from app.pseudonyms.words import is_unknown

_LONGEST = 6
_JOINTS = frozenset("am an der den im in zum zur und & de del dels la las les los el els y i e d of the".split())
_ARTICLES = frozenset("der die das den dem eine einer the el los las".split())
_GERMAN_SCHOOLS = ("schule", "klinik", "apotheke", "werke", "gymnasium", "kita", "kanzlei", "zwerge", "zwergen")
_SHORTEST_STEM = 5


def find_companies(text: str, tokens: Sequence[Token], language: str, keep: frozenset[str]) -> Iterator[Finding]:
    """Find names of companies and institutions by the words of a text.

    `keep` are words in lower case that are none, such as competitors.
    """
    taken = 0
    for index, token in enumerate(tokens):
        if index < taken or not token.text[0].isupper():
            continue
        last = _end_of_company(tokens, index, language)
        if last is None or any(token.text.casefold() in keep for token in tokens[index : last + 1]):
            continue
        taken = last + 1
        name = text[tokens[index].start : tokens[last].end]
        key = f"{PersonalKind.COMPANY} {name.casefold()}"
        yield Finding(tokens[index].start, tokens[last].end, PersonalKind.COMPANY, (key,))


def _end_of_company(tokens: Sequence[Token], index: int, language: str) -> int | None:
    token = tokens[index]
    if token.text in cue_words("titles", language):
        return None
    last = _run(tokens, index)
    named = tokens[index : last + 1]
    if last > index and tokens[last].text in cue_words("legal_forms", language):
        return None if token.text.casefold() in _ARTICLES else last
    if token.text in cue_words("institutions", language):
        return last if any(is_unknown(each.text) for each in named[1:] if each.is_capitalised) else None
    if _is_named_school(token, language):
        return index
    works_here = index > 0 and tokens[index - 1].text in cue_words("places_of_work", language) and token.follows
    if works_here and len([each for each in named if each.is_capitalised]) > 1:
        return last if any(is_unknown(each.text) for each in named if each.is_capitalised) else None
    return None


def _run(tokens: Sequence[Token], index: int) -> int:
    """The index of the last capitalised word of a run, in which small words may join them."""
    last, place = index, index + 1
    while place < len(tokens) and place - index < _LONGEST and tokens[place].gap in (" ", " & "):
        if tokens[place].text[0].isupper():
            last = place
        elif tokens[place].text not in _JOINTS:
            break
        place += 1
    return last


def _is_named_school(token: Token, language: str) -> bool:
    """Whether a German compound is an institution called after something: `Auenbachschule`, not `Grundschule`."""
    if language != "de" or not token.text.endswith(_GERMAN_SCHOOLS) or not token.is_capitalised:
        return False
    stem = next(token.text[: -len(end)] for end in _GERMAN_SCHOOLS if token.text.endswith(end))
    return len(stem) >= _SHORTEST_STEM and is_unknown(stem) and is_unknown(token.text)
