"""Names of people that no register knows: by lists of names, and by the words with which names are introduced."""

from collections.abc import Iterator, Sequence
from functools import cache

from app.pseudonyms.cues import cue_words
from app.pseudonyms.findings import Finding, PersonalKind
from app.pseudonyms.tokens import Token
from app.pseudonyms.words import given_names, is_unknown, surnames

_LONGEST_NAME = 4
_PARTICLES = frozenset("von van de del della di da dos du zu zum la los y i bin ben el al".split())
_OWN = frozenset(
    "mein meine meiner meinem meinen dein deine sein seine ihr ihre ihrem ihren unser unsere die der eine".split()
)
_ARTICLES = frozenset("der die den dem el la".split())
_SALUTATIONS = frozenset("liebe geehrte verehrte werte".split())
_SHORTEST_UNKNOWN = 3
_SHORTEST_GENITIVE = 5


def find_people(tokens: Sequence[Token], language: str, keep: frozenset[str]) -> Iterator[Finding]:
    """Find names of people in the words of a text; `keep` are words in lower case that are none, such as products."""
    taken = 0
    for index, token in enumerate(tokens):
        if index < taken or not token.is_capitalised or token.text.casefold() in keep:
            continue
        if not _is_name(tokens, index, language):
            continue
        bare = bare_name(token.text, language)
        last = _last_of_name(tokens, index, language, keep) if bare == token.text else index
        taken = last + 1
        words = [bare, *(each.text for each in tokens[index + 1 : taken] if each.is_capitalised)]
        end = token.start + len(bare) if last == index else tokens[last].end
        yield Finding(
            token.start, end, PersonalKind.NAME, tuple(f"{PersonalKind.NAME} {each.casefold()}" for each in words)
        )


def bare_name(word: str, language: str) -> str:
    """A name without the genitive's `s`, where it is known without it."""
    if language != "de" or not word.endswith("s") or len(word) < _SHORTEST_GENITIVE or given_names().may_have(word):
        return word
    is_genitive = is_unknown(word)
    return word[:-1] if is_genitive and given_names().has(word[:-1], language) else word


def _is_name(tokens: Sequence[Token], index: int, language: str) -> bool:
    token = tokens[index]
    if token.text in cue_words("no_names", language) or token.text in cue_words("titles", language):
        return False
    bare = bare_name(token.text, language)
    if given_names().has(bare, language):
        return True
    return _is_introduced(tokens, index, language, may_be_word=given_names().may_have(bare))


def _is_introduced(tokens: Sequence[Token], index: int, language: str, *, may_be_word: bool) -> bool:
    """Whether the words before say that this is a name: a title, a relative, a verb of calling, an article."""
    token = tokens[index]
    before = tokens[index - 1] if index else None
    if before is None:
        return False
    is_odd = len(token.text) >= _SHORTEST_UNKNOWN and (is_unknown(token.text) or may_be_word)
    if before.text in cue_words("titles", language) and token.gap in (" ", ". "):
        return surnames().may_have(token.text) if _is_wife(tokens, index - 1) else len(token.text) > 1
    if not is_odd:
        return False
    if before.text.casefold() in _calls(language) and token.gap in (" ", ", "):
        return True
    if language == "es" and before.text.casefold() in cue_words("articles", "es") and token.follows:
        return given_names().may_have(token.text) or surnames().may_have(token.text)
    return _is_relative(tokens, index, language)


def _is_relative(tokens: Sequence[Token], index: int, language: str) -> bool:
    """Whether a word for a relative or colleague stands just before, perhaps with an article between."""
    place = index - 1
    if tokens[index].gap == " " and place and tokens[place].gap == ", " and tokens[place].text in _ARTICLES:
        place -= 1
    elif tokens[index].gap not in ((" ",) if language == "de" else (" ", ", ")):
        return False
    return tokens[place].text in cue_words("relatives", language)


def _is_wife(tokens: Sequence[Token], index: int) -> bool:
    """Whether `Frau` is no title here, but somebody's wife, or a woman of some kind."""
    if tokens[index].text != "Frau" or index == 0 or not tokens[index].follows:
        return False
    before = tokens[index - 1].text
    return before.casefold() in _OWN or (before.islower() and before.endswith("e") and before not in _SALUTATIONS)


def _last_of_name(tokens: Sequence[Token], index: int, language: str, keep: frozenset[str]) -> int:
    """The index of the last word of the name that begins here: further given names, particles, surnames."""
    last = index
    place = index + 1
    while place < len(tokens) and place - index < _LONGEST_NAME and tokens[place].follows:
        token = tokens[place]
        if token.text.casefold() in keep:
            break
        if token.is_capitalised and _goes_on(token, language):
            last = place
        elif token.text not in _PARTICLES:
            break
        place += 1
    return last


def _goes_on(token: Token, language: str) -> bool:
    return is_unknown(token.text) or surnames().may_have(token.text) or given_names().has(token.text, language)


@cache
def _calls(language: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in cue_words("calls", language))
