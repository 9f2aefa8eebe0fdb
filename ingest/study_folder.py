"""A study folder, opened: its manifest and the files that the manifest names, readable but not yet checked."""

import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from ingest.study_faults import FaultLog, objection_of
from ingest.study_files import TABLE, YAML, FileKind, StudyFile, find_file
from ingest.study_parts import Customer, Insight, Tagging
from ingest.study_tables import Table, read_table
from ingest.study_yaml import Tree, read_tree

MANIFEST = "study.yaml"


@dataclass(frozen=True, slots=True)
class StudyFolder:
    """The files that say what a study is; `None` where the manifest names none, or it cannot be followed."""

    root: Path
    manifest: Tree
    codebook: Tree | None
    segments: Tree | None
    customers: Table | None
    taggings: Table | None
    insights: Table | None


def open_folder(path: Path, faults: FaultLog) -> StudyFolder | None:
    """Open a study folder; report why its manifest cannot be followed, and return nothing."""
    root = _resolve(path, faults)
    file = _find_manifest(path, root, faults) if root else None
    tree = read_tree(file, faults) if file else None
    if root is None or tree is None:
        return None

    def open_tree(key: str) -> Tree | None:
        named = _find_named(root, tree, key, YAML)
        return read_tree(named, faults) if named else None

    def open_table(key: str, model: type[BaseModel]) -> Table | None:
        named = _find_named(root, tree, key, TABLE)
        return read_table(named, model, faults) if named else None

    return StudyFolder(
        root,
        tree,
        codebook=open_tree("codebook"),
        segments=open_tree("segments"),
        customers=open_table("customers", Customer),
        taggings=open_table("taggings", Tagging),
        insights=open_table("insights", Insight),
    )


def _resolve(path: Path, faults: FaultLog) -> Path | None:
    try:
        root = path.resolve(strict=True)
        if root.is_dir():
            return root
        faults.add(str(path), 0, "this is a file, not a folder", f"write the folder that holds {MANIFEST}")
    except (OSError, RuntimeError, ValueError):
        faults.add(str(path), 0, "there is no such folder", f"write the folder that holds {MANIFEST}")
    return None


def _find_manifest(path: Path, root: Path, faults: FaultLog) -> StudyFile | None:
    if not os.path.lexists(root / MANIFEST):
        faults.add(str(path), 0, f"there is no {MANIFEST} in this folder", f"write one, and call it `{MANIFEST}`")
        return None
    try:
        return find_file(root, MANIFEST, YAML)
    except PydanticCustomError as error:
        faults.add(str(path), 0, *objection_of(error))
        return None


def _find_named(root: Path, tree: Tree, key: str, kind: FileKind) -> StudyFile | None:
    """Find a file that the manifest names; what is wrong with its name is reported where the manifest is checked."""
    named = tree.root.child(key)
    try:
        return find_file(root, named.text(), kind) if named else None
    except PydanticCustomError:
        return None
