"""What a file really is when it is no transcript, and what to do about it."""

from app.documents.signatures import Sort, sort_of
from ingest.importers.refusal import refusal
from ingest.transcript import TranscriptError

_EXPORT = "export the transcript as VTT, SRT, DOCX, TXT or JSON"
_REMEDIES = {
    Sort.RECORDING: "give it as a recording to be transcribed, not as a transcript",
    Sort.RICH_TEXT: "save it as a Word document (.docx)",
    Sort.OLD_WORD: "save it as a Word document (.docx)",
    Sort.COMPRESSED: "unpack it",
}
_MARKUP = ("<!doctype", "<html", "<?xml", "<tt ", "<tt>", "<transcript")


def foreign_file(data: bytes) -> TranscriptError | None:
    """Recognise files that hold no text; the error says what they are and what to do."""
    sort = sort_of(data)
    return refusal(sort, _REMEDIES.get(sort, _EXPORT)) if sort else None


def foreign_markup(text: str) -> TranscriptError | None:
    """Recognise web pages and XML captions, whose tags would pass for words."""
    is_markup = text.lstrip()[:20].lower().startswith(_MARKUP)
    return refusal("a web page or XML", _EXPORT) if is_markup else None
