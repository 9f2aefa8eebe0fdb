"""Text whose offsets can be trusted: the one normal form of what is stored, and a splitter of sentences that points."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

# Controls, lone surrogates, soft hyphen, zero-width space and word joiner, byte order mark, interlinear marks, tag
# characters, and every bidirectional control: none of them is spoken, all of them can make a quote look like other
# words. ZWNJ and ZWJ stay, because scripts and emoji need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
MOST_OFFSET = 2**31 - 1
"""The largest offset that is stored."""
MOST_SKIPPED_SENTENCES = 1

# Marks that word processors and boards put in the place of others; each is one character, so that offsets hold.
_SAME_MARKS = str.maketrans(
    {**dict.fromkeys("’‘‚‛′`´", "'"), **dict.fromkeys("“”„‟«»", '"'), **dict.fromkeys("‐‑‒–—−", "-")}
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: half-open code-point offsets."""

    start: int
    end: int


def normalise(text: str) -> str:
    """Bring text into the form that is stored: NFC, line ends as `\\n`, without controls and invisible marks."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)))


def plain_marks(text: str) -> str:
    """Write apostrophes, quotation marks and dashes alike, whichever of each a text has; offsets stay."""
    return text.translate(_SAME_MARKS)


def find_words(words: str, text: str) -> Iterator[Span]:
    """Find where words stand in a text, one place after the other.

    White space between them may be any, and so may be the typographic marks.
    """
    pattern = r"\s+".join(map(re.escape, plain_marks(words).split()))
    return (Span(*match.span()) for match in re.finditer(pattern, plain_marks(text))) if pattern else iter(())


def find_quote(quote: str, text: str) -> Span | None:
    """The first place where words stand in a text, as `find_words` finds it."""
    return next(find_words(quote, text), None)


def split_sentences(text: str, language: str) -> tuple[Span, ...]:
    """Split text into sentences: ordered spans without outer white space that hold every visible character once.

    `language` is a BCP 47 code; German, Spanish and English have rules of their own, others share a neutral set.
    Text without any mark that ends a sentence is one sentence.
    """
    rules = _RULES.get(language.lower()[:2], _NEUTRAL)
    has_capitals = not text.islower()
    cuts = [match.end() for match in _MARK.finditer(text) if _ends_sentence(text, match, rules, has_capitals)]
    spans = (_trim(text, start, end) for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True))
    return tuple(span for span in spans if span.start < span.end)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a full stop means in a language."""

    inside: re.Pattern[str]
    """Abbreviations after which a sentence goes on."""
    anywhere: re.Pattern[str]
    """Abbreviations that may also be the last word of a sentence."""
    openers: frozenset[str]
    """Words that, after a doubtful full stop, show that a new sentence begins."""
    capital_nouns: bool = False
    """Whether a capital letter says little, and a number with a full stop is an ordinal (German)."""


_MARK = re.compile(
    r"""(?<![.!?…])(?P<mark>[.!?…]++)["'”“’‘»«›‹)\]*_]*+
          (?:\s++[(\[][^()\[\]\n]{1,40}[)\]][.,]?)*+(?=\s)   # a remark such as (lacht) belongs to what it follows
      | (?<![。！？])[。！？]++[」』”’）]*+
      | \n[^\S\n]*+\n""",
    re.VERBOSE,
)
_LEAD = re.compile(r"""[\s"'”“„’‘‚»«›‹(\[*_–—-]*+(?P<inverted>[¿¡])?""")
_WORD = re.compile(r"\w+")
_LISTED_BEFORE = re.compile(r"(?:^|[.!?…:]\s{1,2})\(?\d{1,2}$")
_NUMBER_BEFORE = re.compile(r"(?:^|[\s(])\d{1,2}$")
_INITIAL_BEFORE = re.compile(r"(?:^|[\s(.-])[^\W\d_]$")


def _ends_sentence(text: str, match: re.Match[str], rules: _Rules, has_capitals: bool) -> bool:
    """Decide whether a sentence ends at a mark, from the words on both sides of it."""
    mark = match["mark"]
    lead = _LEAD.match(text, match.end()) if mark else None
    if lead is None or lead.end() == len(text) or lead["inverted"]:
        return True
    if has_capitals and text[lead.end()].islower():
        return False
    if "!" in mark or "?" in mark:
        return True
    word = _WORD.match(text, lead.end())
    opens = word is not None and word[0].lower() in rules.openers
    if mark != ".":
        return opens or not rules.capital_nouns
    return _full_stop_ends(text, match.start(), opens, rules)


def _full_stop_ends(text: str, stop: int, opens: bool, rules: _Rules) -> bool:
    """Decide about a single full stop; `opens` says that the next word is one that begins sentences."""
    before = text[max(0, stop - 8) : stop]
    if _LISTED_BEFORE.search(before) or _covering(rules.inside, text, stop):
        return False
    abbreviation = _covering(rules.anywhere, text, stop)
    if abbreviation:
        return opens and abbreviation.end() == stop + 1
    is_ordinal = rules.capital_nouns and _NUMBER_BEFORE.search(before)
    is_initial = before[-1:].isupper() and _INITIAL_BEFORE.search(before)
    return opens or not (is_ordinal or is_initial)


def _covering(pattern: re.Pattern[str], text: str, position: int) -> re.Match[str] | None:
    """Find the abbreviation that a position lies in; none is longer than the window searched."""
    nearby = pattern.finditer(text, max(0, position - 12), position + 12)
    return next((match for match in nearby if match.start() <= position < match.end()), None)


def _trim(text: str, start: int, end: int) -> Span:
    """Shrink a stretch to what it holds between outer white space."""
    stretch = text[start:end]
    return Span(start + len(stretch) - len(stretch.lstrip()), end - len(stretch) + len(stretch.rstrip()))


def _abbreviations(words: str, *patterns: str) -> re.Pattern[str]:
    """Compile abbreviations; `_` stands for a space that some people write."""
    listed = (re.escape(word).replace("_", r"\s?") for word in words.split())
    return re.compile(rf"(?<!\w)(?:{'|'.join([*listed, *patterns])})", re.IGNORECASE)


_ACRONYM = r"(?-i:(?:[A-Z]{1,2}\.\s?){2,})(?<=\.)"


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NEUTRAL = _Rules(_abbreviations("dr. prof. e.g. i.e."), _abbreviations("etc.", _ACRONYM), frozenset())

_RULES = {
    "de": _Rules(
        inside=_abbreviations(
            "z._b. d._h. u._a. v._a. i._d._r. z._t. o._g. u._u. s._o. s._u. m._e. bzw. ca. vgl. bspw. sog. evtl. ggf. "
            "ggfs. inkl. exkl. zzgl. abzgl. mind. dr. prof. dipl. ing. hr. hrn. fr. frl. st. nr. tel. abs. bd. hrsg. "
            "jan. feb. mrz. apr. jun. jul. aug. sept. okt. nov. dez."
        ),
        anywhere=_abbreviations(
            "usw. etc. u._ä. o._ä. u._s._w. max. min. mio. mrd. tsd. std. str. sek. art. jh.", _ACRONYM
        ),
        openers=_words(
            "ich du er sie es wir ihr man das der die den dem des ein eine einen und aber also dann da ja nein doch "
            "oder wenn weil als so jetzt nun mein meine mir mich was wie wo wer warum wann nach in im am an auf bei "
            "mit für von vor zu zum zur dort hier heute gestern später danach damals irgendwann eigentlich manchmal "
            "genau okay gut na naja ach oh klar nur auch noch schon dieser diese dieses kein keine dabei deshalb "
            "trotzdem"
        ),
        capital_nouns=True,
    ),
    "es": _Rules(
        inside=_abbreviations(
            "p._ej. sr. sra. srta. sres. dr. dra. dña. d. prof. profa. lic. ing. ud. uds. vd. vds. núm. n.º pág. "
            "págs. aprox. avda. av. art. tel. vol. cap. fig. ej. máx. mín."
        ),
        anywhere=_abbreviations("etc. ee._uu. a._m. p._m. a._c. d._c. s._a. s._l. cía.", _ACRONYM),
        openers=_words(
            "yo tú él ella ello nosotros ellos ellas usted ustedes el la los las lo un una unos unas y pero pues "
            "entonces luego después ahora sí no o si porque que cuando como donde quién qué cómo cuándo mi mis me te "
            "se nos en a al con de del por para sin sobre hasta desde ese esa eso este esta esto aquel aquí allí hoy "
            "ayer también además bueno vale claro mira oye total así ya nada todo fue era es hay tengo"
        ),
    ),
    "en": _Rules(
        inside=_abbreviations(
            "e._g. i._e. mr. mrs. ms. mx. dr. prof. st. vs. cf. approx. dept. est. fig. vol. ca. jan. feb. apr. aug. "
            "sept. oct. nov. dec.",
            r"no\.(?=\s?\d)",
        ),
        anywhere=_abbreviations("etc. a._m. p._m. inc. ltd. corp. co. jr. sr.", _ACRONYM),
        openers=_words(
            "i you he she it we they this that these those the a an and but so then well yes no yeah or if because "
            "when what how where who why my me our your his her their there here in on at by with for from to after "
            "before now later today yesterday also actually maybe okay oh is are was do did not nobody everyone"
        ),
    ),
}


def densest_run(numbers: Sequence[int]) -> range:
    """Of sentence numbers, the run that holds most of them; one sentence between two of them belongs to the run.

    What is far apart is not spliced into one quote. Of two equal runs it is the earlier; of no numbers, an empty one.
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number - runs[-1][-1] <= MOST_SKIPPED_SENTENCES + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    best = max(runs, key=len, default=[])
    return range(best[0], best[-1] + 1) if best else range(0)


PLACEHOLDER = re.compile(r"\[(?:(?:Name|Company) \d+|Address|E-Mail|Phone|IBAN|Link|Private)\]")
"""What stands in a text in the place of personal data."""


def is_pseudonymised(text: str) -> bool:
    """Whether a placeholder stands in a text."""
    return PLACEHOLDER.search(text) is not None


def without_placeholders(text: str) -> str:
    """A text without its placeholders, which mean nothing."""
    return PLACEHOLDER.sub("", text)
