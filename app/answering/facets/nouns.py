"""Whether a name is used as a noun: "the careful say" and "Vorsichtige" choose people, "the careful mix" does not."""

import re
from collections.abc import Callable

from app.answering.facets.mentions import Mention
from app.answering.facets.reading import Reading

_ENGLISH_SINGULAR = frozenset("a an every each another".split())
_SAID_OF_A_LANGUAGE = frozenset("is was".split())
_GERMAN_ADJECTIVE = re.compile(r"(?:ig|ich|sch|sam|bar|haft|los)$")
_GERMAN_AGENT = re.compile(r"er(?:n|s|in|innen)?$")
# "ein Starter Paket": before two German nouns side by side these show that the first only describes the second.
_GERMAN_NEUTER = frozenset("ein kein als das im zum beim dem unser".split())
_SPANISH_FOR = frozenset("a entre para con por segun".split())
_SENTENCE_END = frozenset(".?!:;)")


def is_noun(reading: Reading, mention: Mention) -> bool:
    """Whether a mention chooses people by itself, by the grammar of the question's language."""
    rule = _RULES.get(reading.language, _is_english_noun)
    return mention.name.needs == "nothing" and rule(reading, mention)


def is_settled(reading: Reading, mention: Mention, *, as_noun: bool) -> bool:
    """Whether a name ends what it belongs to, so that no thing follows which it only describes."""
    word = reading.question.word(mention.end)
    if word is None:
        rest = reading.question.tokens[mention.end : mention.end + 1]
        return as_noun or not rest or rest[0].normal in _SENTENCE_END
    if mention.name.field == "languages" and word.normal in _SAID_OF_A_LANGUAGE:
        return False
    return word.normal in reading.grammar.followers and (as_noun or word.normal not in reading.grammar.conjunctions)


def _is_english_noun(reading: Reading, mention: Mention) -> bool:
    """Plurals are nouns, "the careful" is one unless a thing follows, "a careful" is none."""
    last = reading.question.tokens[mention.end - 1].normal
    singulars = {last.removesuffix("s"), last.removesuffix("es"), f"{last.removesuffix('ies')}y"}
    if last.endswith("s") and not mention.name.words[-1].isdisjoint(singulars - {last}):
        return True
    before = reading.before(mention.start)
    if not _is_determined(reading, mention) or before is None:
        return False
    if before.normal in _ENGLISH_SINGULAR and not mention.name.is_noun:
        return False
    return is_settled(reading, mention, as_noun=mention.name.is_noun)


def _is_german_noun(reading: Reading, mention: Mention) -> bool:
    """Nouns have capitals: "Vorsichtige" is one, "Spanisch" and the "Deutsche" of a "Deutsche Bank" choose nobody."""
    last = reading.question.tokens[mention.end - 1]
    before, after = reading.before(mention.start), reading.after(mention.end)
    describes = before is not None and before.normal in _GERMAN_NEUTER
    if not reading.question.has_capitals and mention.name.is_noun and _GERMAN_AGENT.search(last.normal):
        return not describes
    if not (reading.question.has_capitals and last.is_capital):
        return _is_determined(reading, mention) and is_settled(reading, mention, as_noun=False)
    if _GERMAN_ADJECTIVE.search(last.normal):
        return False
    if after is None or not after.is_capital:
        return True
    opens = reading.question.opens_sentence(mention.start)
    return mention.name.field == "segments" and not describes and not opens


def _is_spanish_noun(reading: Reading, mention: Mention) -> bool:
    """Articles tell: "los prudentes" and "un novato" are nouns, "el español" is a language."""
    before = reading.before(mention.start)
    if before is None:
        return False
    last, forms = reading.question.tokens[mention.end - 1].normal, mention.name.words[-1]
    if last.endswith("s") and not forms.isdisjoint({last[:-1], last[:-2]}):
        aimed_at = before.normal in _SPANISH_FOR and is_settled(reading, mention, as_noun=True)
        return aimed_at or before.normal in reading.grammar.plurals | reading.grammar.only
    is_person = mention.name.field == "segments" and _is_determined(reading, mention)
    return is_person and is_settled(reading, mention, as_noun=False)


def _is_determined(reading: Reading, mention: Mention) -> bool:
    before = reading.before(mention.start)
    return before is not None and before.normal in reading.grammar.determiners | reading.grammar.only


_RULES: dict[str, Callable[[Reading, Mention], bool]] = {"de": _is_german_noun, "es": _is_spanish_noun}
