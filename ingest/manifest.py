"""A study folder, read and checked as a whole: everything that is wrong with it is said at once."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from app.errors import InvalidInputError
from ingest.study import Manifest, Study
from ingest.study_faults import FaultLog, report
from ingest.study_fields import Known
from ingest.study_folder import MANIFEST, StudyFolder, open_folder
from ingest.study_names import list_names
from ingest.study_parts import Codebook, Customer, Insight, Segmentation, Tagging
from ingest.study_tables import Table, validate_rows
from ingest.study_yaml import Tree

_Model = TypeVar("_Model", bound=BaseModel)


class ManifestError(InvalidInputError):
    """A study folder that cannot be used; `faults` holds all that is wrong with it and with the files it names."""


def read_study(path: Path) -> Study:
    """Read a study folder.

    Raises:
        ManifestError: something is wrong with it or with a file that it names.
    """
    faults = FaultLog()
    folder = open_folder(path, faults)
    study = _check(folder, faults) if folder else None
    found = faults.in_order(MANIFEST)
    if study is None or found:
        counted = "a fault" if len(found) == 1 else f"{len(found)} faults"
        raise ManifestError(f"the study folder {path} has {counted}; nothing of it was used", found)
    return study


def _check(folder: StudyFolder, faults: FaultLog) -> Study | None:
    """Check all parts against each other; nothing where the manifest itself is wrong."""
    known = list_names(folder, faults)
    manifest = _validate(folder.manifest, Manifest, known, faults)
    codebook = _validate(folder.codebook, Codebook, known, faults)
    segmentation = _validate(folder.segments, Segmentation, known, faults)
    customers = _validate_rows(folder.customers, Customer, known, faults)
    taggings = _validate_rows(folder.taggings, Tagging, known, faults)
    insights = _validate_rows(folder.insights, Insight, known, faults)
    if manifest is None:
        return None
    return Study(
        slug=manifest.study,
        title=manifest.title or manifest.study,
        languages=manifest.languages,
        product=manifest.product,
        competitors=manifest.competitors,
        team=manifest.team,
        codebook=codebook.codes if codebook else (),
        segments=segmentation.segments if segmentation else (),
        customers=customers,
        value_scheme=manifest.economics.scheme if manifest.economics else None,
        participants=manifest.participants,
        interviews=manifest.interviews,
        sources=manifest.sources,
        taggings=taggings,
        insights=insights,
        privacy=manifest.privacy,
        root=folder.root,
    )


def _validate(tree: Tree | None, model: type[_Model], known: Known, faults: FaultLog) -> _Model | None:
    """Make a model of a YAML file; report what is wrong with it."""
    if tree is None:
        return None
    try:
        return model.model_validate(tree.root.plain(), context=known)
    except ValidationError as error:
        report(error, model, tree, faults)
        return None


def _validate_rows(table: Table | None, model: type[_Model], known: Known, faults: FaultLog) -> tuple[_Model, ...]:
    return validate_rows(table, model, known, faults) if table else ()
