"""What of a question is searched: its matter, without what narrows it down and without what only asks for quotes."""

from collections.abc import Sequence

from app.answering.facets.question_text import QuestionText, Token, whole_words
from app.answering.facets.words import Grammar, grammar_of, requests_of, words_of_kind
from app.answering.schemas import Facet
from app.vocabulary import Kind

_LOOSE_MARKS = frozenset(",;:.-()")
_OPENING_MARKS = frozenset("¿¡(«„“")


def searchable_text(question: str, facets: Sequence[Facet], language: str) -> str:
    """The words of a question that are its matter, in their order; the whole question where none is left.

    Greetings, requests for quotes and the words of hard facets go, with the prepositions and articles before them. The
    words of a kind stay, since they are the matter too.
    """
    grammar = grammar_of(language)
    matter = _without_requests(_without_facets(question, facets, grammar), language)
    words = (token for token in QuestionText(matter).tokens if token.is_word)
    return matter if any(_says_something(word, grammar) for word in words) else question


def says_no_more(question: str, facets: Sequence[Facet], language: str) -> bool:
    """Whether nothing is left of a question but whose words of which kind it wants, and how they differ."""
    grammar, asked = grammar_of(language), _without_requests(question, language)
    text, start = QuestionText(asked), question.find(asked)
    spans = [(facet.span[0] - start, facet.span[1] - start) for facet in facets if facet.span]
    hinting = [words_of_kind(Kind(facet.value), language).hints for facet in facets if facet.field == "kinds"]
    empty = (grammar.contrasting, grammar.passing, *hinting)
    spans += [text.span(*place) for words in empty for place in text.find(words)]
    left = (word for word in text.tokens if word.is_word and not any(a <= word.start < b for a, b in spans))
    return not any(_says_something(word, grammar) for word in left)


def only_contrasts(words: str, language: str) -> bool:
    """Whether words do nothing but ask how groups differ."""
    text = QuestionText(words)
    return (0, len(text.tokens)) in text.find(grammar_of(language).contrasting)


def _without_facets(question: str, facets: Sequence[Facet], grammar: Grammar) -> str:
    text = QuestionText(question)
    removed: set[int] = set()
    for facet in facets:
        if facet.hard and facet.field != "kinds" and facet.span:
            removed |= _places_of(facet.span, text, grammar)
    if not removed:
        return question
    kept = [index for index in range(len(text.tokens)) if index not in removed]
    return _joined(text, _without_loose_ends(text, kept, _LOOSE_MARKS | grammar.conjunctions))


def _without_requests(question: str, language: str) -> str:
    text, requests = QuestionText(question), requests_of(language)
    first, end = 0, len(text.tokens)
    while (behind := text.end_of_match(requests.openers, first)) > first:
        first = behind
    while (before := text.start_of_match(requests.closers, end)) < end:
        end = before
    if any(place < first for place, _ in text.find(whole_words(requests.quotes))):
        end = text.start_of_match(requests.purpose, end)
    if (first, end) == (0, len(text.tokens)):
        return question
    return _joined(text, _without_loose_ends(text, range(first, end), _LOOSE_MARKS))


def _places_of(span: tuple[int, int], text: QuestionText, grammar: Grammar) -> set[int]:
    """The tokens of a facet's words with those beside it that only join it to the sentence."""
    places = [index for index, token in enumerate(text.tokens) if span[0] <= token.start < span[1]]
    if not places:
        return set()
    start, end = places[0], places[-1] + 1
    joining = grammar.prepositions | grammar.determiners | grammar.only
    while (word := text.word(start - 1)) and word.normal in joining:
        start -= 1
    while (word := text.word(end)) and word.normal in grammar.people:
        end += 1
    return set(range(start, end))


def _says_something(word: Token, grammar: Grammar) -> bool:
    """Whether a word could be found, unlike those of "what do people say"."""
    empty = grammar.followers | grammar.prepositions | grammar.determiners | grammar.people | grammar.linking
    return word.normal not in empty


def _without_loose_ends(text: QuestionText, kept: Sequence[int], loose: frozenset[str]) -> list[int]:
    """Leave out marks and conjunctions whose left side is gone, or behind which nothing is left."""
    tied: list[int] = []
    for index in kept:
        has_lost_its_left = index > 0 and (not tied or tied[-1] != index - 1)
        if not (has_lost_its_left and text.tokens[index].normal in loose):
            tied.append(index)
    while tied and text.tokens[tied[-1]].normal in loose:
        tied.pop()
    return tied


def _joined(text: QuestionText, kept: Sequence[int]) -> str:
    """The kept tokens as they were written; one space where something went, none before a mark."""
    pieces: list[str] = []
    previous = -1
    for index in kept:
        token = text.tokens[index]
        if previous >= 0 and index == previous + 1:
            pieces.append(text.source[text.tokens[previous].end : token.start])
        elif previous >= 0 and token.is_word and text.tokens[previous].normal not in _OPENING_MARKS:
            pieces.append(" ")
        pieces.append(text.source[token.start : token.end])
        previous = index
    return "".join(pieces)
