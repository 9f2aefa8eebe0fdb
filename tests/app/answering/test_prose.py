"""The second gate: prose keeps no words in quotation marks but cited ones, no number but a counted one, no markup."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.answering.numerals import Quantity, quantities
from app.answering.prose import Settled, settle_prose

QUOTES = ("Ich hatte Angst, dass mein Geld weg ist.", "No me fiaba de la app, la verdad.", "I'd rather wait at N26.")
LANGUAGES = ("de", "es", "en", "fr")

# Each style as a reader sees it, worked out without the code under test.
STYLES = [
    r"„([^„“”]*)[“”]", r"“([^“”]*)”", r'"([^"]*)"',
    r"«([^«»]*)»", r"‹([^‹›]*)›", r"「([^「」]*)」", r"『([^『』]*)』",
    r"(?<!\w)'(?=\S)([^']*)(?<=\S)'(?!\w)", r"(?<!\w)‘(?=\S)([^‘’']*)(?<=\S)[’'](?!\w)", r"‚([^‚‘’]*)[‘’]",
]  # fmt: skip
MARKS = "\"'„“”«»‹›「」『』‘’‚‛<>`´＂″❝❞〝〞"
PIECES = [
    *QUOTES, "Angst", "me fiaba de", "They", "fear.", "Sie sagen", "dicen", "four", "fünf", "tres", "25", "50 %",
    "half", "most of them", "die Hälfte", "la mayoría", "https://evil.example/x", "[here](http://x.y)", "<b>", "</b>",
    "&quot;", "&#34;", "&amp;quot;", "**", "\n", "- ", "> ", "[1]", "(u2)", "\u200b", "\u202e", "½", "N26", "P07", ". ",
    "! ", "４",
]  # fmt: skip

prose = st.lists(st.sampled_from(PIECES) | st.sampled_from(list(MARKS)) | st.text(max_size=6), max_size=30).flatmap(
    lambda pieces: st.sampled_from([" ", ""]).map(lambda between: between.join(pieces))
)


def _settle(text: str, language: str = "en", allowed: tuple[Quantity, ...] = ()) -> Settled:
    return settle_prose(text, allowed, QUOTES, language)


@given(prose, st.sampled_from(LANGUAGES))
@example("”Angst“I hate you”weg ist„", "en")
@example("“Angst” “Angst” fear ” x “ y”", "en")
@example("'Angst' and 'never'", "en")
def test_no_words_are_quoted_but_cited_ones(text: str, language: str) -> None:
    """In whatever style of quotation marks, what is shown between them stands in a cited quote, byte for byte."""
    shown = _settle(text, language).text
    for style in STYLES:
        for words in re.findall(style, shown):
            assert any(words in quote for quote in QUOTES), (style, words, shown)


@given(prose, st.sampled_from(LANGUAGES), st.lists(st.integers(0, 60), max_size=3))
def test_no_number_is_left_but_counted_ones(text: str, language: str, allowed: list[int]) -> None:
    """Digits that stay are among the counts, or part of a name that a cited quote has."""
    shown = _settle(text, language, tuple(allowed)).text
    for digits in re.findall(r"(?<![N\d])\d+", shown):
        assert int(digits) in allowed
    assert not re.search("[%½]", shown)


@given(prose, st.sampled_from(LANGUAGES))
@example("four Ich … -  Ich …", "en")
def test_what_is_left_is_plain(text: str, language: str) -> None:
    """No tag, no link, no markdown, one line; settled prose stays as it is."""
    shown = _settle(text, language).text
    assert not re.search(r"[<>\[\]`*_#|\\\n]|://|www\.", shown)
    assert _settle(shown, language).text == shown


@given(st.text(max_size=5000), st.sampled_from(LANGUAGES))
def test_any_text_can_be_settled(text: str, language: str) -> None:
    """Nothing that a model writes breaks the gate."""
    assert len(_settle(text, language).text) <= len(text) * 20


@pytest.mark.parametrize(
    "quoted",
    ["„Angst“", "„Angst”", "“Angst”", '"Angst"', "«Angst»", "‹Angst›", "「Angst」", "『Angst』", "‘Angst’", "'Angst'",
     "‚Angst‘"],
)  # fmt: skip
def test_cited_words_may_be_quoted(quoted: str) -> None:
    """Words of a cited span stay, in the quotation marks of whatever language."""
    assert _settle(f"The word is {quoted} here.") == Settled(f"The word is {quoted} here.", _settle("").dropped)
    made_up = quoted.replace("Angst", "panic")
    assert _settle(f"They stay. The word is {made_up} here.").text == "They stay."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("“I was so scared I cried all night.”", "fabricated"),
        ("“Ich hatte Angst, dass mein ganzes Geld weg ist.”", "altered"),
        ("“Ich hatte Angst … No me fiaba de la app”", "altered"),
        ("“I was afraid that my money is gone.”", "fabricated"),
        ("One said “I hate it. It took my money. Never again.” and left.", "fabricated"),
        ("They said “never.", "fabricated"),
        ("See https://evil.example/win now.", "fabricated"),
        ("Mail me@evil.example now.", "fabricated"),
        ("Four people fear it.", "unsupported_number"),
        ("Half of them fear it.", "unsupported_number"),
    ],
)
def test_each_loss_has_its_reason(text: str, reason: str) -> None:
    """What was made up, what was changed and what was never counted are told apart, and the rest stays."""
    settled = _settle(f"They hesitate. {text}")
    assert settled.text == "They hesitate."
    assert dict(settled.dropped) == {reason: 1}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("They **hesitate** [1], see <b>above</b> (u3).", "They hesitate, see above."),
        ("# Fear\n- They hesitate\n- They wait", "Fear They hesitate They wait"),
        ("— Me dio miedo", "Me dio miedo"),
        ("> They hesitate", "They hesitate"),
        ("&lt;script&gt;alert&lt;/script&gt; They wait.", "alert They wait."),
        ("They don't trust the customers' app.", "They don't trust the customers' app."),
        ("They compare it with N26.", "They compare it with N26."),
        ("They compare it with C24.", ""),
    ],
)
def test_markup_is_taken_out_and_words_stay(text: str, shown: str) -> None:
    """What another program would read as markup is gone; apostrophes and names with digits are no fault."""
    assert _settle(text).text == shown


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "Twenty-three of 40 and four more", [(23, 40), 4]),
        ("en", "two hundred", [2, None]),
        ("en", "Only one customer; one of them", [1, 1]),
        ("en", "one wants to sleep, once and for all, at first", []),
        ("en", "most people, most of them, all customers, nobody knew, most important", [None, None, None]),
        ("en", "a third of them, two thirds, 3.5 %, 10k, 1,000", [None, 2, None, None, None, None, None]),
        ("de", "dreiundzwanzig von vierzig, zwölf, zwoelf", [(23, 40), 12, 12]),
        ("de", "die Hälfte, die meisten, am meisten, eine Mehrheit, drei Viertel", [None, None, None, 3, None]),
        ("de", "zweimal, dreijährig, hundertfach, fast alle, alle Befragten", [None] * 5),
        ("de", "nur eine, einer von, eine Kundin", [1] * 3),
        ("de", "eine Angst, alle Gebühren, Zweifel, deshalb, Achtung, niemand hilft", []),
        ("es", "treinta y cinco de once, veintitrés", [(35, 11), 23]),
        ("es", "la mayoría, la mitad, tres cuartos de ellas, por ciento, una de ellas", [None, None, 3, None, None, 1]),
        ("es", "una vez, todos los costes, un banco", []),
        ("en", "４ ٣ ⅓ ② Ⅳ 三 𝟗", [4, 3, None, None, None, None, 9]),
        ("en", "fünf y once fiven", [5]),
        ("fr", "quatre personnes sur seize, vingt-trois, soixante et un", [4, 16, 23, 60]),
        ("fr", "la plupart, la moitié, pour cent, presque toutes, le double, un client", [None] * 5 + [1]),
        ("fr", "une crainte, toutes les banques, des frais, même, au sept", [7]),
        ("it", "quattro su sedici, sei di loro, ventitré", [(4, 16), 6, 23]),
        ("it", "la maggior parte, la metà, quasi tutti, per cento, una cliente", [None] * 4 + [1]),
        ("it", "una paura, tutti i costi, senza dubbio", []),
        ("pt", "quatro de dezesseis, trinta e cinco, dez", [(4, 16), 35, 10]),
        ("pt", "a maioria, metade, por cento, quase todos, apenas um", [None] * 4 + [1]),
        ("nl", "vier van de zestien, tien, drieëntwintig", [(4, 16), 10, 23]),
        ("nl", "de meeste, de helft, procent, bijna iedereen, een van hen", [None] * 4 + [1]),
        ("es", "su meta era no pagar ni un cent; el doble de", [None]),
        ("en", "not a cent, a meta question, on tien, sei", []),
    ],
)  # fmt: skip
def test_numbers_are_read(language: str, text: str, values: list[Quantity]) -> None:
    """Numbers in words and digits have their values, shares have none, and words that only look like them are none."""
    assert sorted(quantities(text, language), key=str) == sorted(values, key=str)


def test_a_part_is_counted_with_its_whole() -> None:
    """ "4 of 16" stays where just this was counted; neither number stands for the other."""
    counted: tuple[Quantity, ...] = (4, (4, 16))
    for kept in ("4 of 16 fear it.", "Four out of the 16 fear it.", "4 people fear it."):
        assert _settle(kept, "en", counted).text == kept
    for gone in ("16 people fear it.", "16 of 16 fear it.", "4 of 23 fear it.", "4 or 16 fear it."):
        assert _settle(gone, "en", counted).text == ""
    assert _settle("vier von 16 haben Angst.", "de", counted).text
    assert _settle("cuatro de las dieciséis personas.", "es", counted).text


@given(st.integers(0, 99), st.sampled_from(["en", "de", "es"]))
def test_counted_numbers_stay(number: int, language: str) -> None:
    """A sentence with a count stays, and goes when the count is another."""
    assert _settle(f"Angst {number}.", language, (number,)).text == f"Angst {number}."
    assert _settle(f"Angst {number}.", language, (number + 1,)).text == ""
