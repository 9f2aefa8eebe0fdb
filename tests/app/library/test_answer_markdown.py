"""An answer as Markdown shows every quote as it was said, and links to nothing but the quotes."""

import re
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.answering.schemas import Answer
from app.library.answer_markdown import answer_markdown, answer_shown
from app.rest.examples import ANSWER, CITATION

ORIGIN = "https://verbatim.example"
LINK = f"{ORIGIN}{CITATION['url']}"
OWN_LINK = f"{ORIGIN}/v1/answers/{ANSWER['id']}"
ADDRESS = re.compile(r"://|www\.|\w@\w", re.IGNORECASE)

TRANSLATION = {"text": "Who?", "language": "en", "machine": True}
HOSTILE = (
    "[click](https://evil.example)",
    "![](https://evil.example/x.png)",
    "<img src=x onerror=alert(1)>",
    "<https://evil.example>",
    "https://evil.example/?q=1",
    "www.evil.example",
    "ann@evil.example",
    "[1]: https://evil.example",
    "[1](https://evil.example)",
    "![1]",
    "```\ncode",
    "~~~\ncode",
    "`` ` ``",
    "&lt;script&gt;",
    "\\[1\\](https://evil.example)",
    "\\",
    "a\\",
    "[[1]](https://evil.example)",
    "# title\n\n> quote\n\n- list",
    "<!--",
)


def answer_with(summary: str = ANSWER["summary"], **changed: Any) -> Answer:
    """The sample answer with something else in its only citation."""
    citation = CITATION | changed
    return Answer.model_validate(ANSWER | {"summary": summary, "citations": [citation]})


def inline(markdown: str) -> list[Token]:
    """All inline tokens, as a renderer sees them."""
    parsed = MarkdownIt("commonmark").parse(markdown)
    assert not [token for token in parsed if token.type in ("html_block", "fence", "code_block")]
    return [child for token in parsed for child in token.children or ()]


def check_harmless(markdown: str) -> None:
    """Only the citation is linked to; no image, no HTML, no address that a renderer would make a link of."""
    tokens = inline(markdown)
    assert not [token for token in tokens if token.type in ("image", "html_inline")]
    assert {token.attrs["href"] for token in tokens if token.type == "link_open"} <= {LINK, OWN_LINK}
    texts = "".join(token.content if token.type in ("text", "text_special") else "\n" for token in tokens)
    assert not ADDRESS.search(texts)


def test_the_sample_answer_reads_well() -> None:
    """The summary with a link, the quote with who said it where, what is missing with whom to ask."""
    text = answer_markdown(answer_with(), ORIGIN)
    assert text.startswith(f"- 4 of 10 people: App and money gone [[1]]({LINK})\n\n> {CITATION['quote']}\n>\n> — [[1]]")
    assert "P01 · careful · de · I01 · 05:37" in text
    assert "**What is missing**\n\n- nobody of those who speak es (3 people)" in text
    assert text.endswith(f"(anna)\n\n[Link to this answer]({OWN_LINK})\n")


def test_the_answer_shown_is_known_by_its_own_link() -> None:
    """Only the link at the end counts, nothing that is said in between."""
    other = f"[x]({ORIGIN}/v1/answers/{uuid.UUID(int=1)})"
    assert answer_shown(answer_markdown(answer_with(other, quote=other), ORIGIN)) == uuid.UUID(ANSWER["id"])
    assert answer_shown(f"{answer_markdown(answer_with(), ORIGIN)} More.") is None
    assert answer_shown("") is None


@pytest.mark.parametrize("evil", HOSTILE)
def test_words_of_customers_and_models_are_no_markup(evil: str) -> None:
    """Whatever is said, named or written shows as text: in the summary, the quote, its translation, the gaps."""
    translation = {"text": evil, "language": "en", "machine": True}
    gap = ANSWER["gaps"][0] | {"detail": evil, "ask_next": evil, "knowledge_holder": evil}
    said = answer_with(f"{evil} [1] {evil}", quote=evil, translation=translation, segment=evil, participant=evil)
    check_harmless(answer_markdown(said.model_copy(update={"gaps": tuple(map(as_gap, [gap]))}), ORIGIN))


def as_gap(gap: dict[str, Any]) -> Any:
    """A gap of an answer."""
    return Answer.model_validate(ANSWER | {"gaps": [gap]}).gaps[0]


@given(st.lists(st.sampled_from([*HOSTILE, "[1]", "[2]", "so", "!", "(", ")", "\n", "\n\n"]), max_size=8))
def test_no_mixture_does_harm(words: list[str]) -> None:
    """Also what comes of putting such pieces together is harmless."""
    check_harmless(answer_markdown(answer_with(" ".join(words), quote=" ".join(words) or "so"), ORIGIN))
    check_harmless(answer_markdown(answer_with("".join(words), quote="".join(words) or "so"), ORIGIN))


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1), min_size=1))
def test_a_quote_is_shown_as_it_was_said(words: list[str]) -> None:
    """What a reader sees of the block quotation is the quote, character for character."""
    quote = " ".join(words)
    parsed = MarkdownIt("commonmark").parse(answer_markdown(answer_with("", quote=quote), ORIGIN))
    start = next(place for place, token in enumerate(parsed) if token.type == "blockquote_open")
    shown = next(token for token in parsed[start:] if token.type == "inline")
    assert "".join(child.content for child in shown.children or ()) == quote


@pytest.mark.parametrize(
    ("language", "changed", "said"),
    [
        ("en", {"polarity": "denied"}, "denies it"),
        ("de", {"via_interpreter": True, "verbatim": False}, "durch Dolmetscher, nicht wörtlich"),
        ("es", {"low_confidence": True}, "difícil de oír"),
        ("de", {"translation": TRANSLATION}, "*maschinelle Übersetzung (en):* Who?"),
    ],
)
def test_what_a_quote_is_not_is_said(language: str, changed: dict[str, Any], said: str) -> None:
    """Denials, renderings, doubtful hearing and machine translations are marked in the language of the answer."""
    answer = answer_with(**changed).model_copy(update={"language": language})
    assert said in answer_markdown(answer, ORIGIN)


@given(st.sampled_from(HOSTILE) | st.text(max_size=40))
def test_what_is_no_customers_words_is_no_quotation(words: str) -> None:
    """Evidence beside the interviews is said to be such, and is as harmless as a quote."""
    other = {
        "n": 1,
        "evidence": "external",
        "quote": f"Fees {words}",
        "language": "en",
        "url": CITATION["url"],
        "origin": {"code": "S01", "title": f"Prices {words}", "date": "2026-01-10"},
    }
    shown = answer_markdown(Answer.model_validate(ANSWER | {"citations": [other]}), ORIGIN)
    check_harmless(shown)
    assert not [token for token in MarkdownIt("commonmark").parse(shown) if token.type == "blockquote_open"]
    assert "external" in shown
