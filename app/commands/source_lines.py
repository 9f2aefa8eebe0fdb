"""How external sources, their texts and their changes are laid out on the command line."""

from collections.abc import Iterator

from app.commands.output import Line, line
from app.research.sources.schemas import Changes, SourceDetail, SourceEntry, TakenSource


def entry_line(source: SourceEntry) -> Line:
    """Lay out a source on one line."""
    about = f"{source.kind}, {source.competitor}" if source.competitor else str(source.kind)
    if source.version is None:
        return line(f"{source.code}  ", (f"failed: {source.problem}", "red"), f"  {source.title} ({about})")
    versions = f"version {source.version} of {source.versions}"
    problem = (f"  last try: {source.problem}", "yellow") if source.problem else ""
    return line(
        f"{source.code}  {versions}, {source.language}, {source.chunks} chunks  {source.title} ({about})", problem
    )


def taken_line(taken: TakenSource) -> Line:
    """Lay out what became of a document."""
    source = taken.source
    return line(f"{source.code}  ", (taken.outcome, "green"), f"  version {source.version}  {source.title}")


def detail_lines(found: SourceDetail) -> Iterator[Line]:
    """Lay out a source with its versions and a page of its text."""
    yield entry_line(found.source)
    for version in found.versions:
        day = version.date or version.created_at.date()
        seen = f"{version.seen_at:%Y-%m-%d}"
        about = f"version {version.version}: {day}, seen last {seen}, {version.name} ({version.extractor})"
        yield line((about, "dim"), indent=2)
    yield line()
    for text in found.text.split("\n"):
        yield line(text)


def change_lines(changes: Changes) -> Iterator[Line]:
    """Lay out how two versions differ."""
    versions = f"version {changes.before.version} to version {changes.after.version}"
    yield line((changes.title, "bold"), f": {versions}")
    if not (changes.changed or changes.added or changes.removed):
        yield line("Nothing changed.")
    for change in changes.changed:
        numbers = f"{', '.join(change.numbers_before)} → {', '.join(change.numbers_after)}"
        yield line(("changed", "yellow"), f"  {numbers}" if change.numbers_before or change.numbers_after else "")
        yield line((f"- {change.before}", "red"), indent=2)
        yield line((f"+ {change.after}", "green"), indent=2)
    yield from (line((f"+ {sentence}", "green")) for sentence in changes.added)
    yield from (line((f"- {sentence}", "red")) for sentence in changes.removed)
