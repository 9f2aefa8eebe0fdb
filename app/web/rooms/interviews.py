"""Interviews: which there are, what was said in them, heard along with it, and put right in place."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Form, Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.errors import NotFoundError
from app.library.corrected_words import LONGEST_TEXT, correct_words, restore_words
from app.library.corrections import Voice, correct_utterance_of
from app.library.interviews import list_interviews, list_recordings, read_interview
from app.library.pages import PageRequest
from app.library.queries import WantedInterviews
from app.library.schemas import PlacedUtterance
from app.library.studies import read_study
from app.library.transcript import read_transcript, read_utterance
from app.privacy.keys import Principal
from app.research.codebook.review import remove_tagging, undo_review
from app.research.codebook.tagging_schemas import NewTagging, TaggingEntry
from app.research.codebook.taggings import Wanted, add_tagging, list_taggings
from app.rest.dependencies import EditorDep, PrincipalDep, ServicesDep, SessionDep
from app.rest.interviews import VersionParam
from app.rest.paging import LONGEST_CODE, CodeParam, PageDep, StudyParam
from app.rest.routing import Router
from app.vocabulary import Polarity, Role
from app.web.facets import read_facets
from app.web.forms import FORM
from app.web.lanes import pair_renditions
from app.web.navigation import Destination
from app.web.view import View, ViewDep

UTTERANCES_AT_ONCE = 400
MOST_TAGGINGS = 5_000
UNSURE_OF_WORDS = 0.6
UNSURE_OF_ROLE = 0.7

_UNDOING = {
    "words": ("words/restore", ("utterance",)),
    "voice": ("voice", ("utterance", "role", "participant")),
    "code": ("codes/remove", ("utterance", "tagging")),
    "review": ("codes/restore", ("utterance", "review")),
}
"""The corrections that an address can offer to take back: where the form leads, and its fields."""

DESTINATIONS = (Destination("interviews", "/interviews"),)

router = Router(prefix="/interviews")

CodeForm = Annotated[str, Form(min_length=1, max_length=LONGEST_CODE)]
ParticipantForm = Annotated[str, Form(max_length=LONGEST_CODE)]
UndoneForm = Annotated[bool, Form()]
Values = Annotated[list[Annotated[str, Query(max_length=LONGEST_CODE)]], Query()]


@dataclass(frozen=True)
class Undo:
    """What takes the last correction back: where its form leads, and what it holds."""

    action: str
    fields: Mapping[str, str]


@router.get("")
def show_interviews(
    view: ViewDep,
    session: SessionDep,
    page: PageDep,
    words: Annotated[str, Query(max_length=LONGEST_CODE)] = "",
    segment: Values = [],  # noqa: B006 a parameter of FastAPI
    language: Values = [],  # noqa: B006 likewise
) -> Response:
    """Show the interviews with how far each is, narrowed by code, person, segment and language."""
    chosen = {"segment": list(filter(None, segment)), "language": list(filter(None, language))}
    wanted = WantedInterviews(tuple(words.split()), tuple(chosen["segment"]), tuple(chosen["language"]))
    found = list_interviews(session, view.slug, page, wanted)
    facets = read_facets(session, view.slug, view.catalogue)
    return view.show(
        "interviews/interviews.html",
        here="/interviews",
        interviews=found.interviews,
        next_cursor=found.next_cursor,
        words=words,
        chosen=chosen,
        facets=[facet for facet in facets if facet.name in ("segment", "language")],
        segments=facets.labels("segment"),
    )


@router.get("/{code}")
def show_interview(
    view: ViewDep,
    reader: PrincipalDep,
    session: SessionDep,
    code: CodeParam,
    study: StudyParam,
    page: PageDep,
    version: VersionParam = None,
    edit: uuid.UUID | None = None,
    undo: Annotated[str, Query(max_length=2 * LONGEST_CODE)] = "",
) -> Response:
    """Show what was said in an interview; `#u-<utterance>` leads to one utterance."""
    transcript = read_transcript(session, study, code, PageRequest(UTTERANCES_AT_ONCE, page.cursor), reader, version)
    interview = read_interview(session, study, code)
    detail = read_study(session, study)
    return view.show(
        "interviews/interview.html",
        here="/interviews",
        interview=interview,
        transcript=transcript,
        turns=pair_renditions(transcript.utterances),
        taggings=_taggings(session, study, code),
        codes={entry.code: view.catalogue.label(entry.labels) or entry.code for entry in detail.codes},
        recordings=list_recordings(session, study, code),
        roles=tuple(Role),
        edit=None if transcript.superseded else edit,
        may_edit=view.may_edit and not transcript.superseded,
        undo=_undo(undo, code),
        longest_text=LONGEST_TEXT,
        unsure_of_words=UNSURE_OF_WORDS,
        unsure_of_role=UNSURE_OF_ROLE,
    )


@router.post("/{code}/voice", dependencies=FORM)
def correct_voice(
    view: ViewDep,
    editor: EditorDep,
    session: SessionDep,
    code: CodeParam,
    utterance: Annotated[uuid.UUID, Form()],
    role: Annotated[Role, Form()],
    participant: ParticipantForm = "",
    undone: UndoneForm = False,
) -> Response:
    """Say who speaks an utterance; what it was before can be had back."""
    before = _said_here(session, view, code, utterance, editor)
    named = participant if role is Role.PARTICIPANT and participant else None
    correct_utterance_of(session, view.slug, code, utterance, Voice(role, named))
    told = f"voice {utterance} {before.role} {before.participant or ''}"
    return _back(view, code, utterance, None if undone else told)


@router.post("/{code}/words", dependencies=FORM)
def put_words(
    view: ViewDep,
    editor: EditorDep,
    services: ServicesDep,
    code: CodeParam,
    utterance: Annotated[uuid.UUID, Form()],
    text: Annotated[str, Form()] = "",
) -> Response:
    """Let an utterance say something else, in the next version; what it said before can be had back."""
    with services.database.sessions.begin() as session:
        _said_here(session, view, code, utterance, editor)
        correct_words(session, services.vault, utterance, text, editor.name)
    return _back(view, code, utterance, f"words {utterance}")


@router.post("/{code}/words/restore", dependencies=FORM)
def put_words_back(
    view: ViewDep, editor: EditorDep, services: ServicesDep, code: CodeParam, utterance: Annotated[uuid.UUID, Form()]
) -> Response:
    """Let an utterance say again what it said."""
    with services.database.sessions.begin() as session:
        _said_here(session, view, code, utterance, editor)
        restore_words(session, services.vault, utterance, editor.name)
    return _back(view, code, utterance)


@router.post("/{code}/codes", dependencies=FORM)
def put_code(
    view: ViewDep,
    editor: EditorDep,
    session: SessionDep,
    code: CodeParam,
    utterance: Annotated[uuid.UUID, Form()],
    tag: CodeForm,
    polarity: Annotated[Polarity, Form()] = Polarity.AFFIRMED,
) -> Response:
    """Put a code on the words of an utterance."""
    text = _said_here(session, view, code, utterance, editor).text
    new = NewTagging(code=tag, utterance=utterance, start=0, end=len(text), polarity=polarity)
    made = add_tagging(session, view.slug, new, editor.name)
    return _back(view, code, utterance, f"code {utterance} {made.id}")


@router.post("/{code}/codes/remove", dependencies=FORM)
def take_code(
    view: ViewDep,
    editor: EditorDep,
    session: SessionDep,
    code: CodeParam,
    utterance: Annotated[uuid.UUID, Form()],
    tagging: Annotated[uuid.UUID, Form()],
    undone: UndoneForm = False,
) -> Response:
    """Take a code away from an utterance."""
    removed = remove_tagging(session, view.slug, tagging, editor.name)
    return _back(view, code, utterance, None if undone else f"review {utterance} {removed.id}")


@router.post("/{code}/codes/restore", dependencies=FORM)
def restore_code(
    view: ViewDep,
    editor: EditorDep,
    session: SessionDep,
    code: CodeParam,
    utterance: Annotated[uuid.UUID, Form()],
    review: Annotated[uuid.UUID, Form()],
) -> Response:
    """Put a code back that was taken away."""
    undo_review(session, view.slug, review, editor.name)
    return _back(view, code, utterance)


def _said_here(session: Session, view: View, code: str, utterance: uuid.UUID, editor: Principal) -> PlacedUtterance:
    """An utterance of the interview that a page is of.

    Raises:
        NotFoundError: there is none, or it is of another interview.
    """
    said = read_utterance(session, utterance, editor)
    if (said.study, said.interview) != (view.slug, code):
        raise NotFoundError(f"{code} has no such utterance")
    return said


def _taggings(session: Session, study: str, interview: str) -> Mapping[uuid.UUID, list[TaggingEntry]]:
    """The taggings of an interview by their utterances."""
    placed: dict[uuid.UUID, list[TaggingEntry]] = defaultdict(list)
    page = list_taggings(session, study, Wanted(interviews=(interview,)), PageRequest(MOST_TAGGINGS))
    for tagging in page.taggings:
        placed[tagging.utterance].append(tagging)
    return placed


def _undo(told: str, code: str) -> Undo | None:
    """What the address says of the last correction: its kind, its utterance, and what it was."""
    kind, *values = told.split(" ", 3)
    action, names = _UNDOING.get(kind, ("", ()))
    if len(values) != len(names) or not names:
        return None
    return Undo(f"/interviews/{quote(code)}/{action}", dict(zip(names, values, strict=True)) | {"undone": "true"})


def _back(view: View, code: str, utterance: uuid.UUID, undo: str | None = None) -> Response:
    address = view.address(f"/interviews/{quote(code)}", undo=undo)
    return view.go(f"{address}#u-{utterance}", flash="corrected" if undo else "undone")
