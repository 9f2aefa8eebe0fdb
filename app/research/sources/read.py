"""External sources, read: listed, the text of their versions, and how two versions differ."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.errors import Fault, InvalidInputError, NotFoundError
from app.library.pages import PageRequest, cut_page, decode_cursor, encode_cursor
from app.library.queries import find_study
from app.research.sources.differences import compare
from app.research.sources.queries import codes_with_address, source_by_code, sources_after, text_of, versions_of
from app.research.sources.schemas import Change, Changes, SourceDetail, SourceEntry, SourcePage, SourceVersion
from app.vocabulary import SourceKind

CHARACTERS_OF_PAGE = 20_000


@dataclass(frozen=True)
class Wanted:
    """Which versions of a source are compared: from one to another, or from what was known on a day."""

    before: int | None = None
    after: int | None = None
    since: date | None = None


def list_sources(
    session: Session, study: str, page: PageRequest, kind: SourceKind | None = None, competitor: str | None = None
) -> SourcePage:
    """One page of the external sources of a study, by code.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: the cursor is none.
    """
    study_id = find_study(session, study)
    (after,) = decode_cursor(page.cursor, ("",))
    found = sources_after(session, study_id, after, kind, competitor, page.limit + 1)
    rows, next_cursor = cut_page(found, page.limit, lambda row: [row["code"]])
    return SourcePage.model_validate({"study": study, "sources": rows, "next_cursor": next_cursor})


def sources_with_address(session: Session, study: str) -> tuple[str, ...]:
    """The codes of the sources of a study that can be fetched again."""
    return codes_with_address(session, find_study(session, study))


def read_entry(session: Session, study: str, code: str) -> SourceEntry:
    """One source; raises `NotFoundError` where the study has none of this code."""
    return SourceEntry.model_validate(source_by_code(session, find_study(session, study), code))


def read_source(
    session: Session, study: str, code: str, version: int | None = None, cursor: str | None = None
) -> SourceDetail:
    """A source with its versions, and one page of the text of a version: of the one that questions see, or another.

    Raises:
        NotFoundError: there is no such study, source or version.
        InvalidInputError: the cursor is none.
    """
    study_id = find_study(session, study)
    source = SourceEntry.model_validate(source_by_code(session, study_id, code))
    versions = _versions(session, study, code)
    shown = source.version if version is None else _version(versions, version).version
    text = text_of(session, study_id, code, shown) if shown else ""
    (start,) = decode_cursor(cursor, (0,))
    end = _end_of_page(text, start)
    return SourceDetail(
        study=study,
        source=source,
        versions=versions,
        shown_version=shown,
        text=text[start:end],
        start=start,
        end=end,
        next_cursor=encode_cursor([end]) if end < len(text) else None,
    )


def read_changes(session: Session, study: str, code: str, wanted: Wanted) -> Changes:
    """How two versions of a source differ: by default the one that questions see and the one before it.

    Raises:
        NotFoundError: there is no such study, source or version.
        InvalidInputError: the source could not be read yet.
    """
    study_id = find_study(session, study)
    source = SourceEntry.model_validate(source_by_code(session, study_id, code))
    if source.version is None:
        fault = Fault("path.code", "this source could not be read yet", f"see its problem: {source.problem}")
        raise InvalidInputError("there is nothing to compare", (fault,))
    versions = _versions(session, study, code)
    after = _version(versions, wanted.after or source.version)
    before = _before(versions, after, wanted)
    texts = [text_of(session, study_id, code, each.version) for each in (before, after)]
    found = compare(texts[0], texts[1], after.language)
    return Changes(
        study=study,
        source=code,
        title=source.title,
        before=before,
        after=after,
        changed=tuple(Change(**asdict(each)) for each in found.changed),
        added=found.added,
        removed=found.removed,
    )


def _versions(session: Session, study: str, code: str) -> tuple[SourceVersion, ...]:
    rows = versions_of(session, find_study(session, study), code)
    return tuple(SourceVersion.model_validate(row) for row in rows)


def _version(versions: Sequence[SourceVersion], number: int) -> SourceVersion:
    found = next((each for each in versions if each.version == number), None)
    if found is None:
        raise NotFoundError("this source has no such version")
    return found


def _before(versions: Sequence[SourceVersion], after: SourceVersion, wanted: Wanted) -> SourceVersion:
    """The version to compare with: the one that is named or was known on a day, else the one before."""
    if wanted.before is not None:
        return _version(versions, wanted.before)
    others = sorted((each for each in versions if each is not after), key=_age)
    earlier = [each for each in others if _age(each) < _age(after)]
    if wanted.since is not None:
        known = [each for each in earlier if _age(each)[0] <= wanted.since]
        return known[-1] if known else next(iter(earlier), after)
    return earlier[-1] if earlier else after


def _age(version: SourceVersion) -> tuple[date, int]:
    """When a version is of: its date, else the day it came; of one day, the one that came later is newer."""
    return version.date or version.created_at.date(), version.version


def _end_of_page(text: str, start: int) -> int:
    """Where a page ends: after a whole line or word, where one ends in its second half."""
    end = min(len(text), start + CHARACTERS_OF_PAGE)
    if end == len(text):
        return end
    half = start + CHARACTERS_OF_PAGE // 2
    return max(text.rfind("\n", half, end), -1) + 1 or max(text.rfind(" ", half, end), -1) + 1 or end
