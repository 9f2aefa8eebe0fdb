"""The tools: each reads, for a study that is named or the only one there is."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from app.answering.answer import answer_question
from app.answering.questions import question_of
from app.chat import Cancellation, grant_allowance
from app.errors import Fault, InvalidInputError
from app.library.browse.wanted import WantedQuotes
from app.library.counts import PeopleCounts, count_people_by
from app.library.pages import PageRequest
from app.library.quotes import browse_quotes
from app.library.quotes import search_quotes as search
from app.library.schemas import StudyPage
from app.library.studies import list_studies as studies_page
from app.library.studies import read_study, sole_study
from app.library.transcript import read_excerpt
from app.mcp import arguments, results
from app.mcp.artefacts import Request, linked, read_content
from app.privacy.keys import KeyRole, Principal
from app.research.segments.cases import Case, Qualification
from app.research.segments.qualify import qualify
from app.services import Services

READER = Principal("AI client", KeyRole.VIEWER)
"""Whatever the key allows, what participants did not consent to be quoted with is not given to an AI client."""

Given = TypeVar("Given", bound=arguments.Arguments)


@dataclass(frozen=True)
class Desk:
    """Where a tool works: the services, what links to them begin with, for whom, and whether that was given up."""

    services: Services
    origin: str
    principal: Principal
    cancelled: Cancellation = field(default_factory=Cancellation)


@dataclass(frozen=True)
class Tool(Generic[Given]):
    """A tool under the name of its function, whose docstring tells a model when to take it."""

    title: str
    arguments: type[Given]
    result: type[BaseModel]
    run: Callable[[Given, Desk], BaseModel]

    @property
    def name(self) -> str:
        """The name that a client calls it by."""
        return self.run.__name__

    @property
    def description(self) -> str:
        """What it is for."""
        return inspect.getdoc(self.run) or ""


def ask_interviews(given: arguments.AskInterviews, desk: Desk) -> results.InterviewsAnswer:
    """Answer a question about customers from the interviews of a study: claims with counts of people, exact quotes,
    what contradicts them, and gaps. Take this first for any question about why, how or what customers think, do or
    feel. `no_evidence` means that nobody said anything about it: then say so, and do not guess.
    """
    with desk.services.database.sessions.begin() as session:
        study = given.study or sole_study(session)
    asked = question_of(given.question, study, given.filters, audience=given.audience, limit=given.limit)
    allowance = grant_allowance(desk.services.settings, desk.principal.account, desk.cancelled)
    return results.answer_result(answer_question(asked, desk.services, allowance), desk.origin)


def search_quotes(given: arguments.SearchQuotes, desk: Desk) -> results.QuotesFound:
    """Find what participants said, word for word, without an answer around it: the most relevant first, or, without
    `query`, everything that the filters leave, in order and in pages. Take it for lines to quote, or to look further
    than `ask_interviews` did.
    """
    with desk.services.database.reading.begin() as session:
        study = given.study or sole_study(session)
        if given.query is None:
            page = browse_quotes(session, study, WantedQuotes(given.filters), PageRequest(given.limit, given.cursor))
        elif given.cursor is not None:
            fault = Fault("cursor", "a search has one page", "leave the cursor out, or raise `limit`")
            raise InvalidInputError("the page cannot be found", (fault,))
        else:
            question = question_of(given.query, study, given.filters, place="query")
            page = search(session, question, given.limit, desk.services)
    return results.quotes_result(page, desk.origin)


def get_quote_context(given: arguments.GetQuoteContext, desk: Desk) -> results.QuoteContext:
    """Read what was said before and after a quote, by whom in which role. Take it to check what a quote means before
    relying on it. Interviewers and interpreters are shown for understanding and are never customer language.
    """
    with desk.services.database.sessions.begin() as session:
        study = given.study or sole_study(session)
        page = read_excerpt(session, study, given.utterance, given.before, given.after, READER)
    return results.context_result(page, given.utterance)


def count_people(given: arguments.CountPeople, desk: Desk) -> PeopleCounts:
    """Count distinct people, never quotes, by code, kind of code, segment, language, LTV band or ABCD class. Filters
    on codes and kinds say what is counted, for example `by: segment` with `codes: [AX1]`. Take it for every number of
    people that you state.
    """
    with desk.services.database.sessions.begin() as session:
        study = given.study or sole_study(session)
        return count_people_by(session, study, given.by, given.filters, given.limit)


def list_segments(given: arguments.ListSegments, desk: Desk) -> results.Segments:
    """List the customer segments of a study with their names and numbers of participants; filters take the slugs."""
    with desk.services.database.sessions.begin() as session:
        study = read_study(session, given.study or sole_study(session))
    return results.Segments(study=study.slug, segments=study.segments)


def read_artefact(given: arguments.ReadArtefact, desk: Desk) -> results.ArtefactFound:
    """Read what the research came to, rather than search for it anew: `economics` (which customers bring the money),
    `matrix` (selection criteria of the competitors), `saturation` (whether more interviews still tell anything new),
    `insights`, `hypotheses` with verdicts, `sources` (what others wrote; no customers), the `codebook` whose codes
    filters can name, the profile of a `segment`, the switch `story` of an interview, or an earlier `answer`.
    """
    with desk.services.database.sessions.begin() as session:
        study = given.study or sole_study(session)
        page = PageRequest(given.limit, given.cursor)
        request = Request(session, desk.services, study, given.code, page, desk.origin)
        content = read_content(given.artefact, request)
    return results.ArtefactFound(artefact=given.artefact, content=content)


def qualify_customer(given: arguments.QualifyCustomer, desk: Desk) -> Qualification:
    """Say which segment a customer belongs to, from what the customer says (`answers`) or what is known (`facts`), by
    the criteria of the study, with what speaks for it and what to ask next. Take it while talking to a customer, or
    before choosing quotes for one.
    """
    with desk.services.database.sessions.begin() as session:
        study = given.study or sole_study(session)
        case = Case.model_validate({**given.model_dump(), "study": study})
        qualified = qualify(session, case, desk.services.embedder)
    return Qualification.model_validate(linked(qualified.model_dump(mode="json"), desk.origin))


def list_studies(given: arguments.ListStudies, desk: Desk) -> StudyPage:
    """List the studies with their products, languages and numbers of participants. Take it first where other tools
    say that there are several.
    """
    with desk.services.database.sessions.begin() as session:
        return studies_page(session, PageRequest(given.limit, given.cursor))


TOOLS: dict[str, Tool[Any]] = {
    tool.name: tool
    for tool in (
        Tool("Ask the interviews", arguments.AskInterviews, results.InterviewsAnswer, ask_interviews),
        Tool("Search quotes", arguments.SearchQuotes, results.QuotesFound, search_quotes),
        Tool("Read around a quote", arguments.GetQuoteContext, results.QuoteContext, get_quote_context),
        Tool("Count people", arguments.CountPeople, PeopleCounts, count_people),
        Tool("List segments", arguments.ListSegments, results.Segments, list_segments),
        Tool("Read an artefact of the research", arguments.ReadArtefact, results.ArtefactFound, read_artefact),
        Tool("Qualify a customer", arguments.QualifyCustomer, Qualification, qualify_customer),
        Tool("List studies", arguments.ListStudies, StudyPage, list_studies),
    )
}
"""All tools by name, in the order in which a client shows them."""
