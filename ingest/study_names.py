"""The names that a study gives, and what is named twice."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from app.vocabulary import Kind
from ingest.study import SPEAKER_ROLES
from ingest.study_faults import FaultLog, shown
from ingest.study_fields import Known, clean
from ingest.study_files import TRANSCRIPT
from ingest.study_folder import StudyFolder
from ingest.study_tables import Table
from ingest.study_yaml import Node, Tree

Names = dict[str, int]


def list_names(folder: StudyFolder, faults: FaultLog) -> Known:
    """List what references in a study may point to; report what is named twice.

    A section that is absent or not fully readable is left out. Without a codebook its kinds serve as codes.
    """
    manifest = folder.manifest
    sections = {
        "languages": _texts(manifest, "languages", faults),
        "competitors": _texts(manifest, "competitors", faults),
        "participants": _ids(manifest, "participants", "id", faults),
        "team": _ids(manifest, "team", "id", faults),
        "interviews": _ids(manifest, "interviews", "id", faults),
        "segments": _ids(folder.segments, "segments", "id", faults),
        "customers": _cells(folder.customers, "customer_id", faults),
        "codes": _ids(folder.codebook, "codes", "code", faults),
    }
    if manifest.root.child("codebook") is None:
        sections["codes"] = dict.fromkeys(Kind, 0)
    _cells(folder.insights, "id", faults)
    _report_shared_criteria(folder.segments, faults)
    known = Known(folder.root, {section: names for section, names in sections.items() if names is not None})
    _report_shared_words(known, manifest, faults)
    _report_shared_files(manifest, faults)
    return known


def _once(
    file: str, entries: Iterable[tuple[str, int]], faults: FaultLog, remedy: str = "give each a name of its own"
) -> Names:
    """List names with their lines; report those that come again."""
    names: Names = {}
    for name, line in entries:
        if name in names:
            faults.add(file, line, f"{shown(name)} is there already, in line {names[name]}", remedy)
        names.setdefault(name, line)
    return names


def _ids(tree: Tree | None, section: str, key: str, faults: FaultLog) -> Names | None:
    """List the ids of a section; nothing where it is absent or an id cannot be read."""
    items = _items(tree, section)
    if tree is None or items is None:
        return None
    ids = [item.child(key) for item in items]
    names = _once(tree.file, [(clean(id_.text()), id_.line) for id_ in ids if id_ and id_.text()], faults)
    return names if all(id_ and id_.text() for id_ in ids) else None


def _texts(tree: Tree, section: str, faults: FaultLog) -> Names | None:
    items = _items(tree, section)
    entries = [(clean(item.text()), item.line) for item in items or [] if item.text()]
    return _once(tree.file, entries, faults, "list it once") if items else None


def _items(tree: Tree | None, section: str) -> list[Node] | None:
    listed = tree.root.child(section) if tree else None
    return listed.items() if listed and isinstance(listed.value, list) else None


def _cells(table: Table | None, column: str, faults: FaultLog) -> Names | None:
    if table is None:
        return None
    return _once(
        table.file, [(clean(row.cells[column]), row.line) for row in table.rows if column in row.cells], faults
    )


def _report_shared_criteria(segments: Tree | None, faults: FaultLog) -> None:
    """A criterion is told of a customer by its id alone: no two may have the same, whatever segments they are of."""
    listed = [segment.child("criteria") for segment in _items(segments, "segments") or []]
    ids = [item.child("id") for criteria in listed if criteria for item in criteria.items()]
    if segments is not None:
        _once(segments.file, [(clean(id_.text()), id_.line) for id_ in ids if id_ and id_.text()], faults)


def _report_shared_words(known: Known, manifest: Tree, faults: FaultLog) -> None:
    """Under `speakers` a word means a role, a participant or a colleague: no word may mean two of them."""
    taken = {str(role): "a role" for role in SPEAKER_ROLES}
    for section, noun in (("participants", "a participant"), ("team", "a colleague")):
        for name, line in known.of(section).items():
            if name in taken:
                faults.add(manifest.file, line, f"{shown(name)} is also {taken[name]}", f"rename {shown(name)}")
            taken[name] = noun


def _report_shared_files(manifest: Tree, faults: FaultLog) -> None:
    """A file of two interviews would count one person's words twice; two transcripts of one interview likewise."""
    listed = [interview.child("files") for interview in _items(manifest, "interviews") or []]
    named = [[(PurePosixPath(node.text()), node.line) for node in files.items()] for files in listed if files]
    entries = [(str(path), line) for files in named for path, line in files if path.name]
    _once(manifest.file, entries, faults, "name each file once, in the interview that it belongs to")
    for files in named:
        transcripts = {path: line for path, line in files if path.suffix.lower() in TRANSCRIPT.suffixes}
        for path, line in list(transcripts.items())[1:]:
            problem = f"{shown(str(path))} is a further transcript of this interview"
            faults.add(manifest.file, line, problem, "give each transcript an interview of its own")
