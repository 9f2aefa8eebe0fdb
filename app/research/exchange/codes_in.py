"""Codes that come in: from a REFI-QDA codebook, or with a project."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.embedding import Embedder
from app.library.queries import find_study
from app.research.codebook.codes import add_codes, words_of
from app.research.codebook.store import note_change
from app.research.exchange.code_plan import PlannedCode, plan_codes
from app.research.exchange.documents import CODEBOOK, read_document
from app.research.exchange.project_reader import read_codes, shown
from app.research.exchange.queries import stored_codes
from app.research.exchange.schemas import CodebookImport
from app.services import Services
from app.vocabulary import Kind


@dataclass(frozen=True)
class Importing:
    """Who imports; the kind of codes that do not say theirs; whether it is only looked what would be."""

    author: str
    kind: Kind | None = None
    dry_run: bool = False


def import_codebook(services: Services, study: str, data: bytes, name: str, by: Importing) -> CodebookImport:
    """Import the codes of a REFI-QDA codebook (.qdc); those that the study has stay as they are.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: this is no such codebook; each fault has its line.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    root = read_document(data, name, CODEBOOK)
    nodes = read_codes(root, CODEBOOK)
    with services.database.sessions.begin() as session:
        study_id = find_study(session, study)
        stored = stored_codes(session, study_id)
    plan = plan_codes(nodes, stored, study, by.kind, services.embedder)
    if not by.dry_run:
        with services.database.sessions.begin() as session:
            create_planned(session, study_id, plan.new, by.author, services.embedder)
    return CodebookImport(study=study, origin=shown(root.get("origin", "")), dry_run=by.dry_run, codes=plan.told)


def create_planned(
    session: Session, study_id: uuid.UUID, planned: Sequence[PlannedCode], author: str, embedder: Embedder
) -> None:
    """Create the codes of a plan, and note what the file identified each by, so that it is known the next time."""
    add_codes(session, study_id, [each.new for each in planned], embedder)
    for each in planned:
        details = {**words_of(each.new), "guid": str(each.guid)}
        note_change(session, study_id, each.new.code, "import", author, details)
