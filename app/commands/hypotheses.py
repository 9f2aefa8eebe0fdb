"""`verbatim hypotheses`: what the interviews say of a statement, and what became of it over time."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from app.answering.answer import LOCAL
from app.commands import options
from app.commands.hypothesis_lines import entry_lines, hypothesis_lines, import_lines, report_lines
from app.commands.opening import local_url, opened, opened_database, start
from app.commands.output import tell, write, write_json
from app.commands.progress import progress_bar
from app.commands.studies import choose_study
from app.database import Database
from app.library.pages import PageRequest
from app.research.hypotheses.beliefs import MOST_BYTES
from app.research.hypotheses.evidence import read_study
from app.research.hypotheses.examine import add_hypothesis, examine_all, examine_hypothesis, remove_hypothesis
from app.research.hypotheses.imports import import_hypotheses
from app.research.hypotheses.read import list_hypotheses, read_hypothesis
from app.research.hypotheses.rule import VerdictRule
from app.research.hypotheses.schemas import Hypothesis, HypothesisPage, NewHypothesis
from app.vocabulary import Polarity

app = typer.Typer(invoke_without_command=True)

EVERY = PageRequest(limit=100_000)
ToldIn = Annotated[str, typer.Option(help="Language of the sentences: en, de, es.")]
Id = Annotated[str, typer.Argument(help="The hypothesis, H001.")]


@app.callback()
def hypotheses(
    context: typer.Context, study: options.StudyName = None, told_in: ToldIn = "en", as_json: options.AsJson = False
) -> None:
    """List hypotheses with their verdicts; add, import and test them; report which survived."""
    if context.invoked_subcommand is not None:
        return
    with opened_database() as database:
        found = _read_all(database, study, told_in)
    if as_json:
        write_json(found)
        return
    write(entry for each in found.hypotheses for entry in entry_lines(each))
    tell(found.sentence)


@app.command()
def add(
    statement: Annotated[str, typer.Argument(help="What somebody believes, in any language of the study.")],
    study: options.StudyName = None,
    id_: Annotated[str | None, typer.Option("--id", help="What to call it; unset, the next number.")] = None,
    author: Annotated[str, typer.Option(help="Who believes it.")] = LOCAL,
    code: Annotated[list[str] | None, typer.Option(help="What it is about; unset, the nearest. Repeatable.")] = None,
    polarity: Annotated[Polarity | None, typer.Option(help="Whether it affirms the codes or denies them.")] = None,
    segment: Annotated[list[str] | None, typer.Option(help="Of whom it speaks. Repeatable.")] = None,
    told_in: ToldIn = "en",
    as_json: options.AsJson = False,
) -> None:
    """Keep a statement and test it against the interviews."""
    with opened() as services:
        slug = choose_study(services.database, study)
        given = _given(
            study=slug,
            statement=statement,
            id=id_,
            author=author,
            codes=code or (),
            polarity=polarity,
            segments=segment or (),
        )
        found = add_hypothesis(given, author, services, told_in)
        _show(found, local_url(services.settings.host, services.settings.port), as_json=as_json)


@app.command("test")
def examine(
    hypothesis: Annotated[str | None, typer.Argument(help="The hypothesis, H001; unset, all of them.")] = None,
    study: options.StudyName = None,
    least_people: Annotated[int, typer.Option(min=1, max=1000, help="Fewer leave it untested.")] = 3,
    ratio: Annotated[float, typer.Option(min=1, max=1000, help="Of people on one side to those on the other.")] = 3,
    told_in: ToldIn = "en",
    as_json: options.AsJson = False,
) -> None:
    """Test a hypothesis again, or all of them."""
    rule = VerdictRule(least_people=least_people, ratio=ratio)
    with opened() as services:
        slug = choose_study(services.database, study)
        base_url = local_url(services.settings.host, services.settings.port)
        if hypothesis is not None:
            found = examine_hypothesis(slug, hypothesis, services, told_in, rule=rule)
            _show(found, base_url, as_json=as_json)
            return
        codes = [each.id for each in _read_all(services.database, slug, told_in).hypotheses]
        with services.database.sessions() as session:
            compared = read_study(session, slug, services)
        with progress_bar("Testing") as advance:
            examine_all(compared, codes, services, rule, advance, LOCAL)
        tested = _read_all(services.database, slug, told_in)
    if as_json:
        write_json(tested)
    else:
        write(report_lines(tested))


@app.command()
def show(
    hypothesis: Id, study: options.StudyName = None, told_in: ToldIn = "en", as_json: options.AsJson = False
) -> None:
    """Show a hypothesis with the evidence for it and against it, and its verdicts over time."""
    settings = start()
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            found = read_hypothesis(session, slug, hypothesis, told_in)
    _show(found, local_url(settings.host, settings.port), as_json=as_json)


@app.command()
def remove(hypothesis: Id, study: options.StudyName = None) -> None:
    """Delete a hypothesis with its verdicts."""
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions.begin() as session:
            remove_hypothesis(session, slug, hypothesis)
    tell(f"{hypothesis} is deleted.")


@app.command("import")
def import_list(
    path: Annotated[Path, typer.Argument(metavar="FILE.csv", help="The beliefs of a workshop, one a line.")],
    study: options.StudyName = None,
    author: Annotated[str, typer.Option(help="Who believes what nobody is named for.")] = LOCAL,
    told_in: ToldIn = "en",
    as_json: options.AsJson = False,
) -> None:
    """Take in the list of beliefs of a workshop, and test each; again, it updates and repeats nothing."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    with opened() as services, progress_bar("Testing") as advance:
        slug = choose_study(services.database, study)
        found = import_hypotheses(slug, content, path.name, author, services, told_in, advance=advance, charge_to=LOCAL)
    if as_json:
        write_json(found)
    else:
        write(import_lines(found))


@app.command()
def report(study: options.StudyName = None, told_in: ToldIn = "en", as_json: options.AsJson = False) -> None:
    """Report which hypotheses survived, and which did not."""
    with opened_database() as database:
        found = _read_all(database, study, told_in)
    if as_json:
        write_json(found)
    else:
        write(report_lines(found))


def _read_all(database: Database, study: str | None, told_in: str) -> HypothesisPage:
    slug = choose_study(database, study)
    with database.sessions() as session:
        return list_hypotheses(session, slug, EVERY, told_in)


def _given(**values: object) -> NewHypothesis:
    try:
        return NewHypothesis.model_validate(values)
    except ValidationError as error:
        raise options.wrong_usage(error) from error


def _show(found: Hypothesis, base_url: str, *, as_json: bool) -> None:
    if as_json:
        write_json(found)
    else:
        write(hypothesis_lines(found, base_url))
