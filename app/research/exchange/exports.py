"""Codes, taggings and whole projects of a study, for other tools; REFI-QDA is checked against its schema first."""

from itertools import groupby

from sqlalchemy.orm import Session

from app.errors import ConflictError
from app.library.queries import find_study, study_by_id
from app.research.exchange.archive import write_archive
from app.research.exchange.documents import CODEBOOK, PROJECT, write_document
from app.research.exchange.project_writer import Exported, build_codebook, build_project, write_talk
from app.research.exchange.queries import (
    exported_codes,
    exported_people,
    exported_taggings,
    exported_utterances,
)


def export_codebook(session: Session, study: str) -> bytes:
    """The codes of a study as a REFI-QDA codebook (.qdc).

    Raises:
        NotFoundError: there is no such study.
        ConflictError: the study has no code, and the standard knows no empty codebook.
    """
    codes = exported_codes(session, find_study(session, study))
    if not codes:
        raise ConflictError("this study has no codes, and the standard knows no empty codebook: create one first")
    exported = Exported(study, study, codes)
    return write_document(build_codebook(exported), f"{study}.qdc", CODEBOOK)


def export_project(session: Session, study: str, *, with_models: bool = False) -> bytes:
    """The transcripts of a study with its codes and codings as a REFI-QDA project (.qdpx).

    Transcripts that may not be quoted are left out. Positions are code points of the texts.

    Args:
        session: an open transaction.
        study: its slug.
        with_models: whether taggings by models come too, each with a note of how sure it is.

    Raises:
        NotFoundError: there is no such study.
    """
    study_id = find_study(session, study)
    said = exported_utterances(session, study_id)
    talks = tuple(write_talk(code, rows) for code, rows in groupby(said, lambda row: str(row["interview"])))
    exported = Exported(
        study=study,
        title=study_by_id(session, study_id)["title"],
        codes=exported_codes(session, study_id),
        taggings=exported_taggings(session, study_id, with_models=with_models),
        people=exported_people(session, study_id),
        talks=talks,
    )
    document = write_document(build_project(exported), f"{study}.qde", PROJECT)
    return write_archive(document, {talk.file_name(study): talk.text for talk in talks})
