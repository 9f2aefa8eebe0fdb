"""The list of beliefs of an alignment workshop: a CSV table, whose columns may be called in three languages."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.answering.facets.question_text import normal_form
from app.csv_records import NotCsvError, read_records
from app.errors import Fault, InvalidInputError, suggest_name
from app.research.hypotheses.belief_words import COLUMNS, POLARITIES
from app.research.hypotheses.schemas import LONGEST_STATEMENT, MOST_NAMES
from app.text import normalise
from app.vocabulary import Polarity

MOST_BYTES = 1_000_000
MOST_BELIEFS = 500
MOST_FAULTS = 100
LONGEST_NAME = 200

_IDENTIFIER = re.compile(r"\w[\w.-]{0,62}")
_BETWEEN_CODES = re.compile(r"[\s|,;/]+")
_BETWEEN_SEGMENTS = re.compile(r"\s*[|,;/]\s*")


@dataclass(frozen=True)
class KnownNames:
    """What a study knows: its codes, and the words for each segment in normal form."""

    codes: frozenset[str]
    segments: Mapping[str, str]

    @classmethod
    def of(cls, codes: Iterable[str], segments: Mapping[str, Sequence[str]]) -> "KnownNames":
        """The names of a study; a segment is known by its slug, its labels and its aliases."""
        called = {_plain(name): slug for slug, names in segments.items() for name in (*names, slug)}
        return cls(frozenset(codes), called)


@dataclass(frozen=True)
class WrittenBelief:
    """One row of the list."""

    line: int
    statement: str
    id: str | None = None
    author: str | None = None
    codes: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    polarity: Polarity | None = None


@dataclass
class _Faults:
    """What is wrong, up to a limit, each with its line."""

    file: str
    found: list[Fault] = field(default_factory=list)

    def add(self, line: int, problem: str, remedy: str) -> None:
        if len(self.found) < MOST_FAULTS:
            self.found.append(Fault(f"{self.file}:{line}", problem, remedy))

    def raise_if_any(self) -> None:
        if self.found:
            raise InvalidInputError(f"{self.file} cannot be imported; nothing of it was", tuple(self.found))


def read_beliefs(content: bytes, file: str, known: KnownNames) -> tuple[WrittenBelief, ...]:
    """Read a list of beliefs.

    Raises:
        InvalidInputError: something is wrong with it; all faults are named, each with its line.
    """
    faults = _Faults(file)
    records = _records(content, faults)
    faults.raise_if_any()
    columns = _columns(records[0] if records else (1, []), faults)
    faults.raise_if_any()
    beliefs = [_belief(line, cells, columns, known, faults) for line, cells in records[1:]]
    _report_repetitions(beliefs, faults)
    if not beliefs:
        faults.add(1, "no belief is listed", "write one in each line below the names of the columns")
    faults.raise_if_any()
    return tuple(beliefs)


def same_statement(statement: str) -> str:
    """What two wordings of one statement have in common: case, white space and marks at the end do not matter."""
    return " ".join(statement.casefold().split()).rstrip(".!? ")


def _records(content: bytes, faults: _Faults) -> list[tuple[int, list[str]]]:
    """The lines that hold something, with their numbers; none where the file cannot be read."""
    if len(content) > MOST_BYTES:
        faults.add(1, f"the list is larger than {MOST_BYTES // 1_000_000} MB", "split it")
        return []
    try:
        text = normalise(content.decode("utf-8-sig"))
        records = [record for record in read_records(text) if record[1]]
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        faults.add(line, f"the byte 0x{content[error.start]:02X} is not UTF-8", "save the file in the encoding UTF-8")
        return []
    except NotCsvError as error:
        faults.add(error.line, f"this is not CSV: {error}", 'put a cell with a quote in quotes: `"so ""called"""`')
        return []
    if len(records) > MOST_BELIEFS + 1:
        faults.add(records[MOST_BELIEFS + 1][0], f"there are more than {MOST_BELIEFS} beliefs", "split the list")
    return records


def _columns(header: tuple[int, list[str]], faults: _Faults) -> dict[str, int]:
    """Which column holds what; columns that mean nothing here are left alone."""
    line, names = header
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        meant = next((column for column, words in COLUMNS.items() if _plain(name) in map(_plain, words)), None)
        if meant in found:
            faults.add(line, f"`{_shown(name)}` and `{_shown(names[found[meant]])}` mean the same", "keep one of them")
        elif meant:
            found[meant] = place
    if "statement" not in found:
        problem = "no column holds the beliefs"
        faults.add(line, problem, "call one `statement`, `belief`, `Annahme` or `hipótesis`")
    return found


def _belief(
    line: int, cells: Sequence[str], columns: Mapping[str, int], known: KnownNames, faults: _Faults
) -> WrittenBelief:
    values = {column: " ".join(cells[place].split()) for column, place in columns.items() if place < len(cells)}
    _check_texts(line, values, faults)
    polarity = POLARITIES.get(_plain(values.get("polarity", "")))
    if values.get("polarity") and polarity is None:
        faults.add(line, f"`{_shown(values['polarity'])}` is no polarity", "write affirmed or denied")
    codes = tuple(dict.fromkeys(_codes(line, values.get("codes", ""), known, faults)))
    segments = tuple(dict.fromkeys(_segments(line, values.get("segments", ""), known, faults)))
    if max(len(codes), len(segments)) > MOST_NAMES:
        faults.add(line, f"there are more than {MOST_NAMES} codes or segments", "leave some out")
    id_, author = values.get("id") or None, values.get("author") or None
    return WrittenBelief(line, values.get("statement", ""), id_, author, codes, segments, polarity)


def _check_texts(line: int, values: Mapping[str, str], faults: _Faults) -> None:
    statement, id_, author = (values.get(column, "") for column in ("statement", "id", "author"))
    if not any(character.isalnum() for character in statement):
        faults.add(line, "the belief is empty", "write what somebody believes, or delete the line")
    if len(statement) > LONGEST_STATEMENT:
        faults.add(line, f"the belief has more than {LONGEST_STATEMENT} characters", "shorten it")
    if id_ and not _IDENTIFIER.fullmatch(id_):
        remedy = "write letters, digits, `-`, `_` and `.` only, at most 63"
        faults.add(line, f"the id `{_shown(id_)}` cannot be used", remedy)
    if len(author) > LONGEST_NAME:
        faults.add(line, f"the author has more than {LONGEST_NAME} characters", "shorten it")


def _codes(line: int, written: str, known: KnownNames, faults: _Faults) -> Iterator[str]:
    for code in filter(None, _BETWEEN_CODES.split(written)):
        if code in known.codes:
            yield code
        else:
            faults.add(line, f"`{_shown(code)}` is no code of the study", suggest_name(code, sorted(known.codes)))


def _segments(line: int, written: str, known: KnownNames, faults: _Faults) -> Iterator[str]:
    for name in _BETWEEN_SEGMENTS.split(written):
        slug = known.segments.get(_plain(name))
        if slug:
            yield slug
        elif name:
            slugs = sorted(set(known.segments.values()))
            faults.add(line, f"`{_shown(name)}` is no segment of the study", suggest_name(name, slugs))


def _report_repetitions(beliefs: Sequence[WrittenBelief], faults: _Faults) -> None:
    seen: dict[tuple[str, str], int] = {}
    for belief in beliefs:
        for kind, name in (("id", belief.id or ""), ("belief", same_statement(belief.statement))):
            first = seen.setdefault((kind, name), belief.line)
            if name and first != belief.line:
                faults.add(belief.line, f"the {kind} is there already, in line {first}", "keep one of the two")


def _plain(name: str) -> str:
    return " ".join(normal_form(word) for word in name.split())


def _shown(text: str) -> str:
    return f"{text[:60]}…" if len(text) > 60 else text
