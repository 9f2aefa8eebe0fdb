"""Examples of codes, taggings and what is exchanged of them, from the sample study."""

import uuid
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from app.research.codebook.agreement_schemas import Agreement, CodeAgreement, CoderAgreement, PairAgreement
from app.research.codebook.schemas import CodebookEntry, CodebookPage, CodeChangeEntry, HistoryPage, MovedTaggings
from app.research.codebook.tagging_schemas import (
    QuotedWords,
    Reviewed,
    ReviewEntry,
    ReviewPage,
    TaggingEntry,
    TaggingPage,
)
from app.research.codebook.theme_schemas import NamedTheme, Theme, Themes
from app.research.exchange.schemas import (
    CodebookImport,
    ImportedCode,
    ImportedSource,
    ProjectImport,
    TaggingsImport,
    Unplaced,
)
from app.vocabulary import Kind, Polarity, TaggingBasis

_MOMENT = datetime(2026, 11, 30, 10, 8, 8, tzinfo=UTC)
_UTTERANCE = uuid.UUID("4a019813-a1b8-565f-aede-8e9df88221e3")
_TEXT = "Die Uhr von Herrn Soundso. Wenn die morgens einfach Geschichte ist, wer gibt mir dann die Uhr wieder?"
_TAGGER = "verbatim-tagger/2 bundled@41c6ceb93e97"

_WORDS = QuotedWords(
    quote=_TEXT[27:],
    span=(27, len(_TEXT)),
    language="de",
    participant="P01",
    segment="careful",
    interview="I01",
    utterance=_UTTERANCE,
    utterance_text=_TEXT,
    question_before="Was hat Sie am meisten beschäftigt, bevor Sie sich entschieden haben?",
    start_ms=337295,
    end_ms=359002,
    url=f"/interviews/I01?study=nido#u-{_UTTERANCE}",
)
_CODE = CodebookEntry(
    code="AX1",
    kind=Kind.ANXIETY,
    labels={"en": "App and money gone"},
    about="fear that the app disappears and the money is gone",
    examples=(),
    general=False,
    state="live",
    merged_into=None,
    former_names=("AX0",),
    affirmed_by=8,
    denied_by=2,
    by_persons=12,
    by_models=3,
)
_CHANGE = CodeChangeEntry(
    id=uuid.UUID("5a0c5f0e-6f0a-4f5f-9d7e-0c7f0a3b1c11"),
    code="AX7",
    action="merge",
    details={"into": "AX1", "taggings": 6},
    author="anna",
    created_at=_MOMENT,
)
_TAGGING = TaggingEntry(
    **_WORDS.model_dump(),
    id=uuid.UUID("de4f3b49-ad75-4f09-9938-d310e7ce7e9d"),
    code="AX1",
    kind=Kind.ANXIETY,
    polarity=Polarity.AFFIRMED,
    basis=TaggingBasis.MODEL,
    author=_TAGGER,
    confidence=0.62,
    created_at=_MOMENT,
)
_REVIEW = ReviewEntry(
    id=uuid.UUID("0734dbb7-970d-4a1c-8e36-755617249168"),
    verdict="accepted",
    author="anna",
    created_at=_MOMENT,
    undone_at=None,
    undone_by=None,
    code="AX1",
    polarity=Polarity.AFFIRMED,
    tagger=_TAGGER,
    basis=TaggingBasis.MODEL,
    confidence=0.62,
    quote=_WORDS.quote,
    span=_WORDS.span,
    participant="P01",
    interview="I01",
    utterance=_UTTERANCE,
    tagging=uuid.UUID("7511624b-c3d4-4721-8d91-365cd0dad674"),
)
_ALPHA, _KAPPA = Agreement(value=0.353, undefined=None), Agreement(value=0.355, undefined=None)
_PAIR = PairAgreement(coders=("anna", "verbatim-tagger"), utterances=141, units=7050, observed=0.982, kappa=_KAPPA)
_OVERALL = CodeAgreement(code=None, utterances=141, units=7050, alpha=_ALPHA, pairs=(_PAIR,))
_THEME = Theme(
    id=uuid.UUID("df73256b-d8bd-53a6-90c6-411bc4ddf764"),
    name=_WORDS.quote,
    kind=Kind.ANXIETY,
    people=3,
    of=23,
    by_language={"de": 2, "es": 1},
    by_segment={"careful": 3},
    passages=4,
    quotes=(_WORDS,),
)
_IMPORTED = ImportedCode(name="Worries › Money gone", code="Money-gone", outcome="created", kind=Kind.ANXIETY)
_UNPLACED = Unplaced(
    place="project.qde:82", source="Simon.docx", code="Money gone", words="…", reason="its text is not in the file"
)
_TAGGINGS_IMPORT = TaggingsImport(
    study="nido", dry_run=False, added=12, known=0, unplaced=(_UNPLACED,), more_unplaced=0
)
_PROJECT_IMPORT = ProjectImport(
    **_TAGGINGS_IMPORT.model_dump(),
    origin="ATLAS.ti 23.4.0",
    codes=(_IMPORTED,),
    coders=("Anna Brandt",),
    sources=(
        ImportedSource(
            name="P01.txt", interview="I01", selections=12, counting="code points, CR LF as one", in_file=True
        ),
    ),
    spread=1,
    left_out={"notes": 2},
)


def _json(**values: BaseModel) -> dict[str, dict[str, Any]]:
    return {name: {"application/json": value.model_dump(mode="json")} for name, value in values.items()}


EXAMPLES: dict[str, dict[str, Any]] = _json(
    list_codes=CodebookPage(study="nido", codes=(_CODE,), next_cursor=None),
    create_code=_CODE,
    read_code=_CODE,
    edit_code=_CODE,
    merge_codes=MovedTaggings(code=_CODE, moved=6, doubled=0),
    split_code=MovedTaggings(code=_CODE, moved=6, doubled=0),
    retire_code=_CODE.model_copy(update={"state": "retired"}),
    restore_code=_CODE,
    read_codebook_history=HistoryPage(study="nido", changes=(_CHANGE,), next_cursor=None),
    read_agreement=CoderAgreement(
        study="nido",
        by="code",
        coders=_PAIR.coders,
        overall=_OVERALL,
        codes=(_OVERALL.model_copy(update={"code": "AX1"}),),
    ),
    read_themes=Themes(study="nido", passages=276, themes=(_THEME,), left_out=0),
    name_theme=NamedTheme(theme=_THEME, code=_CODE, taggings=4, people=3),
    list_taggings=TaggingPage(study="nido", taggings=(_TAGGING,), next_cursor=None),
    create_tagging=_TAGGING,
    list_review_queue=TaggingPage(study="nido", taggings=(_TAGGING,), next_cursor=None),
    list_reviews=ReviewPage(study="nido", reviews=(_REVIEW,), next_cursor=None),
    review_taggings=Reviewed(study="nido", reviews=(_REVIEW,)),
    undo_review=_REVIEW.model_copy(update={"undone_at": _MOMENT, "undone_by": "anna"}),
    remove_tagging=_REVIEW.model_copy(update={"verdict": "rejected", "tagging": None}),
    import_codebook=CodebookImport(study="nido", origin="ATLAS.ti 23.4.0", dry_run=False, codes=(_IMPORTED,)),
    import_project=_PROJECT_IMPORT,
    import_taggings=_TAGGINGS_IMPORT,
)
"""Responses of each operation on codes and taggings, by its name and media type."""
