"""A question read in the grammar of its language."""

from dataclasses import dataclass

from app.answering.facets.question_text import QuestionText, Token
from app.answering.facets.words import Grammar


@dataclass(frozen=True, slots=True)
class Reading:
    """The tokens of a question with the words of its language that make sense of them."""

    question: QuestionText
    grammar: Grammar
    language: str

    def before(self, start: int) -> Token | None:
        """The word before a token, over adverbs; none where a mark stands."""
        place = start - 1
        while (word := self.question.word(place)) and word.normal in self.grammar.adverbs:
            place -= 1
        return word

    def after(self, end: int) -> Token | None:
        """The word after some tokens, over a hyphen that ties it to them; none where another mark stands."""
        return self.question.word(end + self.is_compound(end))

    def is_compound(self, end: int) -> bool:
        """Whether a hyphen ties the tokens before `end` to what follows."""
        tokens = self.question.tokens[end : end + 2]
        return len(tokens) == 2 and tokens[0].normal == "-" and all(token.glued for token in tokens)

    def follows_group(self, start: int) -> bool:
        """Whether a word such as "segment" stands before a token, with or without a colon between."""
        tokens = self.question.tokens
        place = start - 2 if start and tokens[start - 1].normal == ":" else start - 1
        word = self.question.word(place)
        return word is not None and word.normal in self.grammar.groups

    def is_excluded(self, start: int) -> bool:
        """Whether what begins at a token is excluded by what stands before: "everybody but the starters"."""
        return self.grammar.excluding.search(self.question.before(start)) is not None
