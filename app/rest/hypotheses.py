"""Hypotheses: what the interviews say of a statement, and what became of it over time."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.chat import grant_allowance
from app.research.hypotheses.beliefs import MOST_BYTES
from app.research.hypotheses.examine import add_hypothesis, examine_hypothesis, remove_hypothesis
from app.research.hypotheses.imports import import_hypotheses
from app.research.hypotheses.read import list_hypotheses, read_hypothesis
from app.research.hypotheses.rule import VerdictRule
from app.research.hypotheses.schemas import Hypothesis, HypothesisPage, ImportedHypotheses, NewHypothesis
from app.rest.dependencies import EditorDep, ServicesDep, SessionDep, authenticate_editor
from app.rest.forms import describe_form, faults_of_file, read_file
from app.rest.negotiation import require_json
from app.rest.origin import refuse_other_pages
from app.rest.paging import LONGEST_SLUG, CodeParam, PageDep, StudyParam, link_next
from app.rest.routing import Router

router = Router(prefix="/hypotheses", tags=["research"])

LanguageParam = Annotated[str, Query(pattern="^[a-z]{2}$", description="language of the sentences")]


class BeliefsForm(BaseModel):
    """What is said of a list of beliefs."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    study: str = Field(min_length=1, max_length=LONGEST_SLUG, description="slug of the study", examples=["nido"])
    author: str | None = Field(
        None, min_length=1, max_length=200, description="who believes what nobody is named for; unset, who sends it"
    )
    told_in: str = Field("en", pattern="^[a-z]{2}$", description="language of the sentence")


_CHANGING = [Depends(authenticate_editor), Depends(refuse_other_pages)]


@router.get("", name="list_hypotheses")
def get_hypotheses(
    request: Request,
    response: Response,
    session: SessionDep,
    study: StudyParam,
    page: PageDep,
    told_in: LanguageParam = "en",
) -> HypothesisPage:
    """List the hypotheses of a study with their current verdicts, and say how many survived."""
    found = list_hypotheses(session, study, page, told_in)
    link_next(request, response, found.next_cursor)
    return found


@router.post(
    "", name="create_hypothesis", status_code=201, dependencies=[Depends(authenticate_editor), Depends(require_json)]
)
def post_hypothesis(
    given: NewHypothesis, services: ServicesDep, editor: EditorDep, told_in: LanguageParam = "en"
) -> Hypothesis:
    """Keep a statement and test it against the interviews."""
    allowance = grant_allowance(services.settings, editor.name)
    return add_hypothesis(given, editor.name, services, told_in, allowance)


@router.post("/import", name="import_hypotheses", openapi_extra=describe_form(BeliefsForm), dependencies=_CHANGING)
def post_beliefs(request: Request, services: ServicesDep, editor: EditorDep) -> ImportedHypotheses:
    """Take in the list of beliefs of a workshop (CSV) and test each; again, it updates and repeats nothing.

    With a chat model that takes some seconds for each; what was tested stays, should nobody wait for the others.
    """
    form, file = read_file(BeliefsForm, request, MOST_BYTES)
    author = form.author or editor.name
    with faults_of_file():
        return import_hypotheses(
            form.study, file.kept, file.name, author, services, form.told_in, charge_to=editor.name
        )


@router.get("/{code}", name="read_hypothesis")
def get_hypothesis(
    code: CodeParam, session: SessionDep, study: StudyParam, told_in: LanguageParam = "en"
) -> Hypothesis:
    """Read a hypothesis with the evidence for it and against it, and its verdicts over time."""
    return read_hypothesis(session, study, code, told_in)


@router.post("/{code}/test", name="test_hypothesis", dependencies=[Depends(refuse_other_pages)])
def post_trial(
    code: CodeParam,
    study: StudyParam,
    services: ServicesDep,
    editor: EditorDep,
    least_people: Annotated[int, Query(ge=1, le=1000, description="fewer leave it untested")] = 3,
    ratio: Annotated[float, Query(ge=1, le=1000, description="of the people of one side to those of the other")] = 3,
    told_in: LanguageParam = "en",
) -> Hypothesis:
    """Test a hypothesis again; its history grows where the verdict, the counts or the rule are others than before."""
    rule, allowance = (
        VerdictRule(least_people=least_people, ratio=ratio),
        grant_allowance(services.settings, editor.name),
    )
    return examine_hypothesis(study, code, services, told_in, rule=rule, allowance=allowance)


@router.delete("/{code}", name="delete_hypothesis", status_code=204, dependencies=_CHANGING)
def delete_hypothesis(code: CodeParam, session: SessionDep, study: StudyParam) -> None:
    """Delete a hypothesis with its verdicts."""
    remove_hypothesis(session, study, code)
