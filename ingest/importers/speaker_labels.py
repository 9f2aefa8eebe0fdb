"""Speaker labels written into the text: `Name: …`, `[SPEAKER_00]: …`, `(Name)` on a line of its own.

Many sentences begin with a word and a colon, too ("Also: wir waren …"), so the decision looks at the whole file: a
label names a role or a person, or comes again and again, and its words are not words that the file uses otherwise.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence

_PREFIX = re.compile(
    r"""\s*+(?:(?:[-–—]|>>+)\s*+)?\[?
        (?P<label>[^\W\d_][\w .,'’()&/#-]{0,59}?)
        \s?\]?\s?[:：](?=\s|$|[^\W\d_]|["“„«»'’¿¡(\[])""",
    re.VERBOSE,
)
_BRACKETED = re.compile(r"\s*[(\[](?P<label>[^()\[\]:]{1,60})[)\]]\s*")
_SUFFIX = re.compile(r"\s*\([^()]*\)$")
_ROLE = re.compile(
    r"""(?:interview(?:er|erin|ter|te|ten|ee)|entrevistad(?:or|ora|o|a)|moderator(?:in)?|moderador(?:a)?|befragte[rn]?
        |proband(?:in)?|respondent|dolmetscher(?:in)?|interpreter|int[ée]rprete)(?:[ _#-]?\d{1,3})?
      |(?:speaker|sprecher(?:in)?|hablante|locutor(?:a)?|orador(?:a)?|participante?|teilnehmer(?:in)?|persona?|kund(?:e|in)
        |customer|client[ea]?|user|nutzer(?:in)?|voice|stimme|voz|channel|kanal|gast|guest|invitad[oa])
       [ _#-]?(?:\d{1,3}|[A-Z]|unknown)
      |(?-i:[A-Z]{1,3}[-_ ]?\d{1,3})""",
    re.VERBOSE | re.IGNORECASE,
)
_PARTICLES = frozenset(
    "von vom van der den de del la las los da do dos di du le el y e und zu zur al bin ibn".split(" ")
)
_FUNCTION_WORDS = frozenset(
    "also aber und oder ja nein doch dann nun so na gut okay genau das der die den dem ein eine einen mein meine kein "
    "keine zum zur zu im in am an auf um für mit von bei wie was wer wo wenn weil nur noch hier da es er sie wir ich "
    "man pero pues y o sí si no bueno entonces luego así vale claro mira oye el la los las un una unos unas mi por "
    "para con en al de como lo que yo and but or yes well then the a an my for with from to of on at it he she we you "
    "i this that what how note ok oh".split(" ")
)
_SOUNDS = frozenset(
    "laughter laughing laughs music noise applause pause silence inaudible crosstalk speaking sighs lachen lacht musik "
    "geräusch geräusche applaus stille unverständlich räuspert seufzt risas ríe música ruido aplausos silencio pausa "
    "inaudible suspira background hintergrund fondo".split(" ")
)
_DASH = re.compile(r"\s*(?P<mark>[-–—]|>>)(?P<space>\s*)(?P<next>\S)")
_SENTENCE_END = re.compile(r"[.!?…,;]$")
_LOWER_CASE_WORD = re.compile(r"(?<!\w)[^\W\d_A-ZÄÖÜ]{2,}(?!\w)")

_NEARLY_ALL = 0.8
_MOST = 0.5
_FREQUENT_SHARE = 0.1
_MIN_SHARE = 0.01
_OPENING_LINES = 10


def find_labels(lines: Sequence[str]) -> frozenset[str]:
    """Find the labels that stand before a colon, from all lines of a file."""
    candidates = [_candidate(line) for line in lines if line.strip()]
    counts = Counter(label for label in candidates if label)
    ordinary = _ordinary_words(lines)
    labels = {label for label in counts if _ROLE.fullmatch(label)} | _recurring(counts, len(candidates), ordinary)
    unusual = {label for label in counts if not label[0].islower() and not _words(label) & ordinary}
    names = {label for label in unusual if _is_full_name(label)}
    if labels or len(names) > 1 or names.intersection(candidates[:1]):
        labels |= names
    if _count(counts, labels | unusual) >= max(2, _MOST * len(candidates)):
        labels |= unusual
    is_dense = _count(counts, labels) >= _MIN_SHARE * len(candidates)
    return frozenset(labels if is_dense or labels.intersection(candidates[:_OPENING_LINES]) else ())


def split_label(line: str, labels: Collection[str]) -> tuple[str | None, str]:
    """Split a line into its label, if it begins with one of the labels, and what is said."""
    match = _PREFIX.match(line)
    if match is None or (label := match["label"].strip()) not in labels:
        return None, line
    return label, line[match.end() :].lstrip()


def bracketed_label(line: str) -> str | None:
    """Read a line that is nothing but a name in brackets; remarks such as `(laughter)` are none."""
    match = _BRACKETED.fullmatch(line)
    label = match["label"].strip() if match else ""
    is_name = _ROLE.fullmatch(label) is not None or _is_full_name(label)
    return label if is_name and not _words(label) & _SOUNDS else None


def find_headings(cues: Sequence[Sequence[str]]) -> frozenset[str]:
    """Find names that stand alone on the first line of cues: only in files where nearly all cues begin so."""
    firsts = Counter(lines[0].strip() for lines in cues if len(lines) > 1)
    names = {name for name, count in firsts.items() if _ROLE.fullmatch(name) or _is_full_name(name) or count > 1}
    names = {name for name in names if _is_plausible(name) and not _SENTENCE_END.search(name)}
    covered = sum(firsts[name] for name in names)
    return frozenset(names) if covered >= max(2, _NEARLY_ALL * len(cues)) else frozenset()


def changes_speaker(line: str) -> bool:
    """Whether a line begins with the dash, or `>>`, of a new speaker.

    A long dash before a small letter goes on with a sentence; a hyphen without a space belongs to a number or a word.
    """
    match = _DASH.match(line)
    if match is None:
        return False
    begins_sentence = match["next"].isupper() or match["next"] in '¿¡"“„«'
    return begins_sentence or match["mark"] == ">>" or (match["mark"] == "-" and match["space"] != "")


def _candidate(line: str) -> str | None:
    match = _PREFIX.match(line)
    label = match["label"].strip() if match else ""
    return label if _is_plausible(label) else None


def _is_plausible(label: str) -> bool:
    """Whether a text could be a label at all: a word, a name or a role, without a sentence in it."""
    words = _SUFFIX.sub("", label).split()
    abbreviated = [word for word in words if "." in word]
    return (
        0 < len(words) <= 5
        and label.count("(") == label.count(")")
        and (len(words) == 1 or all(_is_part_of_name(word) for word in words))
        and (len(words[0]) == 1 or words[0].lower() not in _FUNCTION_WORDS)
        and all(word.endswith(".") and len(word) <= 5 for word in abbreviated)
        and sum(word.endswith(",") for word in words) == label.count(",") <= 1
    )


def _is_part_of_name(word: str) -> bool:
    """Whether a word of a label has a capital or a digit, or is small in many names, as in `iPhone von Anna`."""
    return word in _PARTICLES or not (word.isalpha() and word.islower())


def _is_full_name(label: str) -> bool:
    """Whether a label has the shape of a first and a last name."""
    words = _SUFFIX.sub("", label).split()
    capitals = [word for word in words if word not in _PARTICLES]
    has_letters_only = not any(map(str.isdigit, label))
    return _is_plausible(label) and has_letters_only and len(capitals) > 1 and words[-1] in capitals


def _count(counts: Counter[str], labels: Collection[str]) -> int:
    return sum(counts[label] for label in labels)


def _recurring(counts: Counter[str], line_count: int, ordinary: frozenset[str]) -> set[str]:
    """Labels that come again: very often, or with words that nobody says otherwise."""
    often = max(3, _FREQUENT_SHARE * line_count)
    return {
        label
        for label, count in counts.items()
        if count >= often
        or (count > 1 and not label[0].islower() and (label.isupper() or not _words(label) & ordinary))
    }


def _words(label: str) -> set[str]:
    return {word.strip(".,") for word in _SUFFIX.sub("", label).lower().split()}


def _ordinary_words(lines: Sequence[str]) -> frozenset[str]:
    """Words that the file writes in lower case: what they spell is hardly a name."""
    return frozenset(word for line in lines for word in _LOWER_CASE_WORD.findall(line))
