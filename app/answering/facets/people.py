"""Whether the name of a segment or of speakers chooses people: "careful customers" does, "the careful mix" does not."""

from collections.abc import Sequence

from app.answering.facets.mentions import Mention
from app.answering.facets.nouns import is_noun, is_settled
from app.answering.facets.question_text import Token
from app.answering.facets.reading import Reading

_JOINING = frozenset({",", "/", "&", "+"})
_GERMAN_CUSTOMERS = ("kunden", "kundinnen", "nutzer", "nutzern", "nutzerinnen")


def choose_people(reading: Reading, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The mentions that choose people, and those joined to one of them: "careful, Spanish customers"."""
    possible = [mention for mention in mentions if not _is_ruled_out(reading, mention)]
    chosen = [mention for mention in possible if _is_beside_people(reading, mention) or is_noun(reading, mention)]
    left = [mention for mention in possible if mention not in chosen]
    chosen += [mention for mention in left if _is_pair(reading, mention, possible)]
    apart = [mention for mention in left if _is_apart(reading, mention)]
    chosen += apart if len(apart) == 1 else []
    while joined := [
        mention
        for mention in possible
        if mention not in chosen and any(_is_joined(reading, mention, other) for other in chosen)
    ]:
        chosen += joined
    return tuple(sorted(chosen, key=lambda mention: mention.start))


def _is_ruled_out(reading: Reading, mention: Mention) -> bool:
    tokens, grammar = reading.question.tokens, reading.grammar
    if tokens[mention.start].glued and tokens[mention.start - 1].normal == "-":
        return True
    before, after = reading.before(mention.start), reading.after(mention.end)
    if reading.is_excluded(mention.start) or (before and before.normal in grammar.possessives):
        return True
    if reading.is_compound(mention.end) and not (after and _is_people(reading, mention, after)):
        return True
    return any(start <= mention.start and mention.end <= end for start, end in reading.question.find(grammar.idioms))


def _is_people(reading: Reading, mention: Mention, word: Token) -> bool:
    """Whether a word beside a mention means people, or the words of people where a language is mentioned."""
    if word.normal in reading.grammar.people:
        return True
    if reading.language == "de" and word.normal.endswith(_GERMAN_CUSTOMERS):
        return True
    may_be_speech = mention.name.field == "languages" or reading.is_compound(mention.end)
    return may_be_speech and word.normal in reading.grammar.speech


def _is_beside_people(reading: Reading, mention: Mention) -> bool:
    before, after = reading.before(mention.start), reading.after(mention.end)
    if reading.follows_group(mention.start):
        return True
    if mention.name.needs == "group":
        return False
    if after and _is_people(reading, mention, after):
        return True
    if before is None:
        return False
    follows_people = _is_people(reading, mention, before)
    if reading.question.tokens[mention.start].normal in reading.grammar.postmodifiers:
        return follows_people or before.normal in reading.grammar.determiners
    return follows_people and reading.language == "es" and not _is_said_of(reading, before)


def _is_said_of(reading: Reading, people: Token) -> bool:
    """Whether people are said to be something rather than chosen by it: "¿son los clientes prudentes?"."""
    place = reading.question.tokens.index(people)
    return any(token.normal in reading.grammar.linking for token in reading.question.tokens[max(0, place - 2) : place])


def _is_pair(reading: Reading, mention: Mention, others: Sequence[Mention]) -> bool:
    """Whether a segment and speakers make up a person without any article: "Spanish optimiser, any trouble?"."""
    if mention.name.field != "segments" or mention.name.needs != "nothing":
        return False
    speakers = [other for other in others if other.name.field == "languages"]
    if reading.language == "es":
        return any(other.start == mention.end for other in speakers)
    return any(other.end == mention.start for other in speakers) and is_settled(reading, mention, as_noun=True)


def _is_apart(reading: Reading, mention: Mention) -> bool:
    """Whether a language stands alone between marks, but not first: "what put them off (Spanish)"."""
    alone = reading.question.word(mention.start - 1) is None and reading.question.word(mention.end) is None
    return alone and mention.start > 0 and mention.name.field == "languages"


def _is_joined(reading: Reading, mention: Mention, chosen: Mention) -> bool:
    """Whether a mention shares the noun of a chosen one: "careful, Spanish customers", "novatos españoles"."""
    if mention.name.needs not in ("nothing", chosen.name.needs):
        return False
    comes_first = mention.start <= chosen.start
    left, right = (mention, chosen) if comes_first else (chosen, mention)
    gap = {token.normal for token in reading.question.tokens[left.end : right.start]}
    grammar = reading.grammar
    if not gap:
        return comes_first or reading.language == "es"
    if not gap <= _JOINING | grammar.conjunctions | grammar.determiners | grammar.prepositions:
        return False
    has_conjunction = not grammar.conjunctions.isdisjoint(gap)
    if comes_first:
        return has_conjunction or gap <= _JOINING
    return has_conjunction and is_settled(reading, mention, as_noun=True)
