"""Rights of participants: erasure with a receipt, and everything that is held of a person as one archive."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import Depends, Response
from fastapi.responses import StreamingResponse

from app.frozen import Frozen
from app.privacy.access import export_participant
from app.privacy.erasure import (
    Receipt,
    erase_interview,
    erase_participant,
    list_receipts,
    premises_of,
    read_receipt,
)
from app.privacy.originals import OriginalList, read_originals
from app.rest.dependencies import ServicesDep, SessionDep, authenticate_admin
from app.rest.figures import as_file
from app.rest.origin import refuse_other_pages
from app.rest.paging import CodeParam, StudyParam
from app.rest.routing import Router

router = Router(tags=["privacy"], dependencies=[Depends(authenticate_admin)])

ZIP = "application/zip"
_CHUNK_BYTES = 256 * 1024
_ARCHIVE: dict[int | str, dict[str, Any]] = {
    200: {"description": "the archive", "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}}}
}
_WRITES = [Depends(refuse_other_pages)]


class ReceiptList(Frozen):
    """The receipts of all erasures, the newest first."""

    erasures: tuple[Receipt, ...]


@router.delete("/participants/{code}", name="erase_participant", dependencies=_WRITES)
def delete_participant(code: CodeParam, services: ServicesDep, study: StudyParam) -> Receipt:
    """Erase a participant for ever, with everything that was made of what the person said; gives the receipt."""
    return erase_participant(premises_of(services), study, code)


@router.delete("/interviews/{code}", name="erase_interview", dependencies=_WRITES)
def delete_interview(code: CodeParam, services: ServicesDep, study: StudyParam) -> Receipt:
    """Erase an interview for ever; its participant stays known. Gives the receipt."""
    return erase_interview(premises_of(services), study, code)


@router.get("/participants/{code}/export", name="export_participant", response_class=Response, responses=_ARCHIVE)
def get_participant_export(code: CodeParam, services: ServicesDep, study: StudyParam) -> StreamingResponse:
    """Everything that is held of a participant as one archive: JSON, readable text, recordings (Art. 15 and 20)."""
    folder = TemporaryDirectory(prefix="verbatim-export-")
    try:
        path = Path(folder.name, "export.zip")
        export_participant(premises_of(services), study, code, path)
    except BaseException:
        folder.cleanup()
        raise
    headers = as_file(f"{study}-participant.zip") | {"Content-Length": str(path.stat().st_size)}
    return StreamingResponse(_sent(path, folder), media_type=ZIP, headers=headers)


@router.get("/participants/{code}/originals", name="read_originals")
def get_originals(code: CodeParam, services: ServicesDep, session: SessionDep, study: StudyParam) -> OriginalList:
    """Read what the placeholders in a participant's interviews stand for, and who the person is."""
    return read_originals(session, services.vault, study, code)


@router.get("/erasures", name="list_erasures")
def get_erasures(session: SessionDep) -> ReceiptList:
    """List the receipts of all erasures, the newest first; nobody is named in them."""
    return ReceiptList(erasures=list_receipts(session))


@router.get("/erasures/{erasure_id}", name="read_erasure")
def get_erasure(erasure_id: uuid.UUID, session: SessionDep) -> Receipt:
    """Read the receipt of one erasure."""
    return read_receipt(session, erasure_id)


def _sent(path: Path, folder: "TemporaryDirectory[str]") -> Iterator[bytes]:
    """The file in pieces, which is gone afterwards."""
    with folder, path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
