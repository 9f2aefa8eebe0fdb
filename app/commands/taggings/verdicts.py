"""`verbatim taggings accept`, `reject` and `correct`: what a person decides of taggings by models, one or many."""

import sys
import uuid
from collections.abc import Sequence
from typing import Annotated

import typer

from app.commands import options
from app.commands.authors import Author, author_of
from app.commands.boundary import FAILED
from app.commands.opening import opened_database
from app.commands.output import tell, write_json
from app.commands.studies import choose_study
from app.commands.taggings.lists import AtLeast, AtMost, Interviews
from app.commands.taggings.review import wanted_of, write_reviews
from app.database import Database
from app.library.pages import MOST_LIMIT, PageRequest
from app.research.codebook.review import give_verdicts, list_queue
from app.research.codebook.tagging_schemas import MOST_VERDICTS, Review, Reviewed, Verdict
from app.research.codebook.taggings import Wanted
from app.vocabulary import Polarity

app = typer.Typer()

Ids = Annotated[list[uuid.UUID] | None, typer.Argument(help="Taggings, by their ids.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]


@app.command()
def accept(
    tagging: Ids = None,
    code: options.Codes = None,
    kind: options.Kinds = None,
    participant: options.Participants = None,
    interview: Interviews = None,
    at_least: AtLeast = None,
    at_most: AtMost = None,
    yes: Yes = False,
    study: options.StudyName = None,
    author: Author = None,
    as_json: options.AsJson = False,
) -> None:
    """Make taggings by models your own: those that are named, or all that the options leave."""
    wanted = wanted_of(code, kind, participant, interview, at_least, at_most)
    _decide("accepted", tagging, wanted, study, author_of(author), yes=yes, as_json=as_json)


@app.command()
def reject(
    tagging: Ids = None,
    code: options.Codes = None,
    kind: options.Kinds = None,
    participant: options.Participants = None,
    interview: Interviews = None,
    at_least: AtLeast = None,
    at_most: AtMost = None,
    yes: Yes = False,
    study: options.StudyName = None,
    author: Author = None,
    as_json: options.AsJson = False,
) -> None:
    """Take taggings by models away for good: those that are named, or all that the options leave."""
    wanted = wanted_of(code, kind, participant, interview, at_least, at_most)
    _decide("rejected", tagging, wanted, study, author_of(author), yes=yes, as_json=as_json)


@app.command()
def correct(
    tagging: Annotated[uuid.UUID, typer.Argument(help="The tagging by a model.")],
    code: Annotated[str | None, typer.Option(help="The right code.")] = None,
    polarity: Annotated[Polarity | None, typer.Option(help="Whether the words affirm or deny it.")] = None,
    quote: Annotated[str | None, typer.Option(help="The right words of the utterance.")] = None,
    start: Annotated[int | None, typer.Option(min=0, help="Where the right words begin.")] = None,
    end: Annotated[int | None, typer.Option(min=1, help="Where they end.")] = None,
    study: options.StudyName = None,
    author: Author = None,
    as_json: options.AsJson = False,
) -> None:
    """Put a tagging by a model right, and make it your own."""
    place = {"quote": quote, "start": start, "end": end}
    values = {"tagging": tagging, "verdict": "corrected", "code": code, "polarity": polarity, **place}
    verdict = options.form_of(Review, **values)
    by = author_of(author)
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions.begin() as session:
            reviewed = give_verdicts(session, slug, [verdict], by)
    _tell(reviewed, as_json)


def _decide(
    verdict: Verdict,
    named: Sequence[uuid.UUID] | None,
    wanted: Wanted,
    study: str | None,
    by: str,
    *,
    yes: bool,
    as_json: bool,
) -> None:
    """Decide the same of many taggings; of those that nobody named only once that is confirmed."""
    if not named and wanted == Wanted():
        raise typer.BadParameter("name taggings, or say which by --code, --at-least …", param_hint="TAGGING")
    with opened_database() as database:
        slug = choose_study(database, study)
        ids = list(named or _queued(database, slug, wanted))
        if not ids:
            tell("No tagging by a model fits.")
            _tell(Reviewed(study=slug, reviews=()), as_json)
            return
        if not named and not yes and not _confirms(f"{len(ids)} taggings will be {verdict}."):
            tell("Nothing was changed; add --yes to do it.")
            raise typer.Exit(FAILED)
        with database.sessions.begin() as session:
            reviews = [Review(tagging=each, verdict=verdict) for each in ids]
            reviewed = give_verdicts(session, slug, reviews, by)
    _tell(reviewed, as_json)
    if not named and len(ids) == MOST_VERDICTS:
        tell(f"These are {MOST_VERDICTS}, the most at once; there may be more: do it again.")


def _queued(database: Database, study: str, wanted: Wanted) -> list[uuid.UUID]:
    """The taggings by models that are wanted, as many as can be decided at once."""
    ids: list[uuid.UUID] = []
    cursor = None
    with database.sessions() as session:
        while len(ids) < MOST_VERDICTS:
            page = list_queue(session, study, wanted, PageRequest(MOST_LIMIT, cursor))
            ids += [tagging.id for tagging in page.taggings]
            cursor = page.next_cursor
            if cursor is None:
                break
    return ids[:MOST_VERDICTS]


def _confirms(what: str) -> bool:
    return sys.stdin.isatty() and typer.confirm(f"{what} Go on?", err=True)


def _tell(reviewed: Reviewed, as_json: bool) -> None:
    if as_json:
        write_json(reviewed)
    else:
        write_reviews(reviewed.reviews)
