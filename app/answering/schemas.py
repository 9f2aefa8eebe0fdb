"""What is asked and what is answered: the contract that every surface returns."""

import datetime as dt
import uuid
from typing import Annotated, Literal, get_args

from pydantic import ConfigDict, Field, StrictBool, field_validator

from app.frozen import Frozen
from app.scope import Filters
from app.text import is_pseudonymised
from app.vocabulary import Kind, Polarity, Role

Evidence = Literal["interview", "insight", "economics", "external"]
Relevance = Literal["strong", "fair", "weak"]
FacetField = Literal["segments", "languages", "kinds", "participants", "bands", "classes", "codes"]
Audience = Literal["product", "marketing", "support"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
Removal = Literal["erased", "withheld"]
Status = Literal["answered", "partial", "no_evidence"]
GapKind = Literal[
    "never_asked", "no_mention", "segment_without_evidence", "subquestion_uncovered", "language_without_evidence"
]


class Question(Frozen):
    """A question to the interviews of one study."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"question": "What made people hesitate before they paid?", "study": "nido", "audience": "product"},
                {
                    "question": "¿Qué les frenó antes de pagar?",
                    "study": "nido",
                    "filters": {"segments": ["careful"], "languages": ["es"]},
                    "limit": 5,
                },
            ]
        },
    )

    question: str = Field(min_length=1, max_length=2000, description="in any language of the study")
    study: str = Field(min_length=1, max_length=63, description="slug of the study")
    filters: Filters = Filters()
    audience: Audience = "product"
    language: str | None = Field(
        None, pattern="^[a-z]{2}$", description="language of the answer; unset, the language of the question"
    )
    limit: int = Field(8, ge=1, le=50, description="most quotes cited")
    recognise: StrictBool = Field(
        default=True, description="false: use only the given filters, not the question's words"
    )
    thread_id: uuid.UUID | None = Field(
        None, description="of an earlier answer, to ask a follow-up question; unset, a new thread begins"
    )

    @field_validator("question")
    @classmethod
    def _has_words(cls, question: str) -> str:
        if not any(character.isalnum() for character in question):
            raise ValueError("write a question with words in it")
        return question.strip()


class Facet(Frozen):
    """What words of the question narrow it to: `words` stand at `span` of the question (code points, half-open).

    A hard facet became one of the filters; the others, kinds alone, only help what they fit. Without a span the facet
    is carried over from an earlier question of the thread.
    """

    field: FacetField
    value: str
    words: str
    span: tuple[int, int] | None
    hard: bool = True


class Translation(Frozen):
    """A rendering in another language; never the customer's words."""

    text: str
    language: str
    machine: bool


class Citation(Frozen):
    """One quote: the words of a participant, cut out of the stored utterance at `span` (code points, half-open).

    What is `pseudonymised` has placeholders such as `[Name 1]` in the place of names, and is verbatim otherwise.
    Of a quote that was `removed` there is nothing left but its number: whoever said it was erased, or withdrew consent.
    """

    n: int
    evidence: Literal["interview"] = "interview"
    quote: str
    language: str
    translation: Translation | None
    participant: str
    segment: str | None
    role: Role
    verbatim: bool
    via_interpreter: bool
    interview: str
    utterance: uuid.UUID
    transcript: uuid.UUID
    superseded: bool = False
    span: tuple[int, int]
    utterance_text: str
    question_before: str | None
    start_ms: int | None
    end_ms: int | None
    codes: tuple[str, ...]
    polarity: Polarity
    relevance: Relevance | None
    low_confidence: bool
    url: str
    audio_url: str | None
    pseudonymised: bool = Field(default_factory=lambda citation: is_pseudonymised(citation["quote"]))
    removed: Removal | None = None


class Origin(Frozen):
    """Where evidence beside the interviews comes from: which insight or document, by whom or of what kind, when.

    An insight `rests_on` the quotes of these numbers; it is `stale` where some of its evidence is gone, or never was.
    """

    code: str
    title: str
    kind: str | None = None
    author: str | None = None
    date: dt.date | None = None
    version: int | None = None
    status: str | None = None
    stale: bool = False
    rests_on: tuple[int, ...] = ()
    link: str | None = None


class OtherCitation(Frozen):
    """What is no customer's words: a researcher's conclusion, figures of the customer base, or an external document.

    It has the fields of a quote, empty where they make no sense, so that all citations can be read alike. `span` is the
    place in the text of the document; `origin.link` is where the document was found.
    """

    n: int
    evidence: Literal["insight", "economics", "external"]
    quote: str
    language: str
    translation: Translation | None = None
    participant: None = None
    segment: None = None
    role: None = None
    verbatim: Literal[False] = False
    via_interpreter: Literal[False] = False
    interview: None = None
    utterance: None = None
    transcript: None = None
    superseded: bool = False
    span: tuple[int, int] | None = None
    utterance_text: None = None
    question_before: None = None
    start_ms: None = None
    end_ms: None = None
    codes: tuple[str, ...] = ()
    polarity: None = None
    relevance: None = None
    low_confidence: bool = False
    url: str
    audio_url: None = None
    origin: Origin


AnyCitation = Annotated[Citation | OtherCitation, Field(discriminator="evidence")]


class Support(Frozen):
    """How many people stand behind a claim, counted by SQL: never quotes, never chunks.

    `participants` gave evidence, `of` are in scope, with `raised_with` the topic came up at all. The pairs are
    `[gave evidence, in scope]`.
    """

    participants: int
    of: int
    raised_with: int
    by_segment: dict[str, tuple[int, int]]
    by_language: dict[str, tuple[int, int]]


class Claim(Frozen):
    """One thing that people say, with the numbers of its citations; `counter_evidence` contradicts it.

    `part` is the number of the sub-question that it answers; `weakly_supported` says that its wording goes beyond what
    its quotes say. An insight has the support of the people whose words it rests on; figures of the customer base and
    external documents have nobody's.
    """

    text: str
    code: str | None
    kind: Kind | None
    citations: tuple[int, ...]
    polarity: Polarity
    relevance: Relevance
    support: Support
    counter_evidence: tuple[int, ...]
    part: int = 1
    weakly_supported: bool = False
    evidence: Evidence = "interview"


class Compared(Frozen):
    """How many people of each group say something: `[gave evidence, in scope]`."""

    code: str
    label: str
    counts: dict[str, tuple[int, int]]


class Comparison(Frozen):
    """Groups side by side, code by code, in the order of the claims."""

    groups: tuple[str, ...]
    rows: tuple[Compared, ...]


class Gap(Frozen):
    """What the interviews do not tell, what to ask next time and who of the team knows most."""

    kind: GapKind
    detail: str
    ask_next: str
    knowledge_holder: str | None


class Dropped(Frozen):
    """What was kept from being shown, by reason."""

    fabricated: int = 0
    altered: int = 0
    wrong_speaker: int = 0
    unsupported_number: int = 0
    unknown_reference: int = 0


class Provenance(Frozen):
    """What made the answer.

    `calls` is how often a chat model was asked, with `tokens` in all and their `cost` where prices are set; `fallback`
    says why one was there and the answer is extractive all the same.
    """

    embedder: str
    chat_model: str | None
    prompts: dict[str, str]
    timings_ms: dict[str, float]
    calls: int = 0
    tokens: int = 0
    cost: float | None = None
    fallback: str | None = None


class Answer(Frozen):
    """A question answered with cited quotes, or an honest `no_evidence`.

    `standalone_question` is how a follow-up question was understood, `sub_questions` what it was taken apart into;
    `comparison` is there where several segments or languages are asked for. It is `stale` where quotes of it were
    removed since: they stand no more behind its claims, which counted them.
    """

    id: uuid.UUID
    question: str
    standalone_question: str | None = None
    sub_questions: tuple[str, ...] = ()
    language: str
    study: str
    filters: Filters
    facets: tuple[Facet, ...] = ()
    audience: Audience
    thread_id: uuid.UUID | None
    status: Status
    summary: str
    claims: tuple[Claim, ...]
    comparison: Comparison | None = None
    citations: tuple[AnyCitation, ...]
    gaps: tuple[Gap, ...]
    dropped: Dropped
    provenance: Provenance
    stale: bool = False

    @property
    def quotes(self) -> tuple[Citation, ...]:
        """The citations that are words of participants."""
        return tuple(citation for citation in self.citations if isinstance(citation, Citation) and not citation.removed)
