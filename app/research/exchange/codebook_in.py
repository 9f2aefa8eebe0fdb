"""Codebooks that come in, whatever form they have."""

from app.errors import Fault, InvalidInputError
from app.research.exchange.codebook_table import import_codebook_table
from app.research.exchange.codes_in import Importing, import_codebook
from app.research.exchange.schemas import CodebookImport
from app.services import Services

_BEFORE_XML = b"\xef\xbb\xbf\xfe\xff\0 \t\r\n"
_ARCHIVE = b"PK"


def import_codes(services: Services, study: str, data: bytes, name: str, by: Importing) -> CodebookImport:
    """Import codes from a REFI-QDA codebook or from CSV, as which of them the file begins.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: it cannot be read as what it seems to be; each fault has its line.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    if data.startswith(_ARCHIVE):
        remedy = "import a project (.qdpx) as a project, and save a spreadsheet as CSV"
        raise InvalidInputError("this is no codebook", (Fault(name, "it is an archive", remedy),))
    read = import_codebook if data.lstrip(_BEFORE_XML).startswith(b"<") else import_codebook_table
    return read(services, study, data, name, by)
