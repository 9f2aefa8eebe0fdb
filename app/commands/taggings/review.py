"""`verbatim taggings review`, `verdicts` and `undo`: going through what models tagged, and taking verdicts back."""

import sys
import uuid
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from app.commands import options
from app.commands.authors import Author, author_of
from app.commands.boundary import complain
from app.commands.opening import opened_database
from app.commands.output import line, tell, tell_more, write, write_json
from app.commands.studies import choose_study
from app.commands.taggings.lists import AtLeast, AtMost, Interviews, Most, tagging_lines
from app.database import Database
from app.errors import AppError
from app.library.pages import PageRequest
from app.research.codebook.review import give_verdicts, list_queue, list_reviews, undo_review
from app.research.codebook.tagging_schemas import Review, ReviewEntry, TaggingEntry
from app.research.codebook.taggings import Wanted

app = typer.Typer()

_CHOICES = {"a": "accepted", "c": "corrected", "r": "rejected"}


@app.command()
def review(
    study: options.StudyName = None,
    code: options.Codes = None,
    kind: options.Kinds = None,
    participant: options.Participants = None,
    interview: Interviews = None,
    at_least: AtLeast = None,
    at_most: AtMost = None,
    limit: Most = 50,
    cursor: options.Cursor = None,
    author: Author = None,
    as_json: options.AsJson = False,
) -> None:
    """Go through what models tagged, the least confident first: on a terminal one by one, else as a list."""
    wanted = wanted_of(code, kind, participant, interview, at_least, at_most)
    by = author_of(author)
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            page = list_queue(session, slug, wanted, PageRequest(limit, cursor))
        if as_json:
            write_json(page)
        elif sys.stdin.isatty() and sys.stdout.isatty():
            _go_through(database, slug, page.taggings, by)
        else:
            write(tagging_lines(page.taggings))
    if not as_json:
        tell_more(page.next_cursor, "" if page.taggings else "There is nothing to review.")


@app.command()
def verdicts(
    study: options.StudyName = None, limit: Most = 50, cursor: options.Cursor = None, as_json: options.AsJson = False
) -> None:
    """List what persons decided of taggings, the newest first."""
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            page = list_reviews(session, slug, PageRequest(limit, cursor))
    if as_json:
        write_json(page)
        return
    write_reviews(page.reviews)
    tell_more(
        page.next_cursor,
        "" if page.reviews else "Nobody has decided anything yet; `verbatim taggings review` shows what waits.",
    )


@app.command()
def undo(
    verdict: Annotated[uuid.UUID, typer.Argument(help="The verdict, as `verbatim taggings verdicts` shows it.")],
    study: options.StudyName = None,
    author: Author = None,
    as_json: options.AsJson = False,
) -> None:
    """Take a verdict back: the tagging is as it had been."""
    by = author_of(author)
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions.begin() as session:
            entry = undo_review(session, slug, verdict, by)
    if as_json:
        write_json(entry)
    else:
        write_reviews([entry])


def wanted_of(
    code: Sequence[str] | None,
    kind: Sequence[Any] | None,
    participant: Sequence[str] | None,
    interview: Sequence[str] | None,
    at_least: float | None,
    at_most: float | None,
) -> Wanted:
    """Which taggings by models are wanted."""
    return Wanted(
        codes=tuple(code or ()),
        kinds=tuple(kind or ()),
        participants=tuple(participant or ()),
        interviews=tuple(interview or ()),
        at_least=at_least,
        at_most=at_most,
    )


def _go_through(database: Database, study: str, taggings: Sequence[TaggingEntry], by: str) -> None:
    """Ask for each tagging what to do with it; every answer is kept at once."""
    for tagging in taggings:
        write(tagging_lines([tagging]))
        answer = _ask("[a]ccept, [c]orrect, [r]eject, [s]kip, [q]uit", "s").lower()[:1]
        if answer == "q":
            return
        if answer in _CHOICES:
            _decide(database, study, tagging, _CHOICES[answer], by)


def _decide(database: Database, study: str, tagging: TaggingEntry, verdict: str, by: str) -> None:
    """Keep a verdict; what cannot be is told, and the tagging waits as before."""
    values = {
        "tagging": tagging.id,
        "verdict": verdict,
        **(_ask_what_is_right(tagging) if verdict == "corrected" else {}),
    }
    try:
        with database.sessions.begin() as session:
            give_verdicts(session, study, [options.form_of(Review, **values)], by)
    except typer.BadParameter as error:
        tell(error.message)
    except AppError as error:
        complain(error)


def _ask_what_is_right(tagging: TaggingEntry) -> dict[str, str]:
    """Ask for code, polarity and words; what stays as it is, is none of the correction."""
    former = {"code": tagging.code, "polarity": str(tagging.polarity), "quote": tagging.quote}
    return {name: right for name, value in former.items() if (right := _ask(name, value)) != value}


def _ask(question: str, default: str) -> str:
    return str(typer.prompt(question, default=default, err=True)).strip()


def write_reviews(reviews: Sequence[ReviewEntry]) -> None:
    """Write verdicts, each with its id."""
    for each in reviews:
        undone = f" · taken back by {each.undone_by}" if each.undone_at else ""
        write(
            [
                line(
                    (f"{each.verdict:<10}", "bold"),
                    f"{each.code}  “{each.quote}”",
                    (f"  {each.interview} {each.participant} · {each.author}{undone}  {each.id}", "dim"),
                )
            ]
        )
