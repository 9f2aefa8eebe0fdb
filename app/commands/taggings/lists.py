"""`verbatim taggings`, `add` and `remove`."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from app.commands import options
from app.commands.authors import Author, author_of
from app.commands.opening import opened_database
from app.commands.output import Line, line, tell, tell_more, write, write_json
from app.commands.studies import choose_study
from app.library.export import spoken_at
from app.library.pages import PageRequest
from app.research.codebook.review import remove_tagging
from app.research.codebook.tagging_schemas import NewTagging, Order, TaggingEntry
from app.research.codebook.taggings import Wanted, add_tagging, list_taggings
from app.vocabulary import Polarity, TaggingBasis

app = typer.Typer()

Interviews = Annotated[list[str] | None, typer.Option("--interview", help="Only in this interview. Repeatable.")]
Bases = Annotated[list[TaggingBasis] | None, typer.Option("--basis", help="Only what is by it. Repeatable.")]
Authors = Annotated[list[str] | None, typer.Option("--by", help="Only by this person or tagger. Repeatable.")]
Polarities = Annotated[list[Polarity] | None, typer.Option("--polarity", help="Only affirmed, or denied. Repeatable.")]
AtLeast = Annotated[float | None, typer.Option(min=0, max=1, help="Only of this confidence or more.")]
AtMost = Annotated[float | None, typer.Option(min=0, max=1, help="Only of this confidence or less.")]
Most = Annotated[int, typer.Option("--limit", min=1, max=200, help="Most taggings.")]


def list_all(
    context: typer.Context,
    study: options.StudyName = None,
    code: options.Codes = None,
    kind: options.Kinds = None,
    participant: options.Participants = None,
    interview: Interviews = None,
    basis: Annotated[
        list[TaggingBasis] | None, typer.Option(help="Only by persons, rules or models. Repeatable.")
    ] = None,
    by: Authors = None,
    polarity: Polarities = None,
    at_least: AtLeast = None,
    at_most: AtMost = None,
    order: Annotated[Order, typer.Option(help="Which come first.")] = "most_confident",
    limit: Most = 50,
    cursor: options.Cursor = None,
    as_json: options.AsJson = False,
) -> None:
    """List taggings, each with its words, its confidence and by whom it is."""
    if context.invoked_subcommand is not None:
        return
    wanted = Wanted(
        codes=tuple(code or ()),
        kinds=tuple(kind or ()),
        participants=tuple(participant or ()),
        interviews=tuple(interview or ()),
        bases=tuple(basis or ()),
        authors=tuple(by or ()),
        polarities=tuple(polarity or ()),
        at_least=at_least,
        at_most=at_most,
        order=order,
    )
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            page = list_taggings(session, slug, wanted, PageRequest(limit, cursor))
    if as_json:
        write_json(page)
        return
    write(tagging_lines(page.taggings))
    tell_more(page.next_cursor, "" if page.taggings else "No tagging fits; add one with `verbatim taggings add`.")


@app.command()
def add(
    code: Annotated[str, typer.Argument(help="The code, AX1.")],
    quote: Annotated[str | None, typer.Option(help="The words, as they stand in the transcript.")] = None,
    interview: Annotated[str | None, typer.Option(help="The interview of the quote, I07.")] = None,
    utterance: Annotated[uuid.UUID | None, typer.Option(help="The utterance.")] = None,
    start: Annotated[int | None, typer.Option(min=0, help="Where the words begin in it.")] = None,
    end: Annotated[int | None, typer.Option(min=1, help="Where they end.")] = None,
    denied: Annotated[bool, typer.Option("--denied", help="The words deny the code.")] = False,
    study: options.StudyName = None,
    author: Author = None,
    as_json: options.AsJson = False,
) -> None:
    """Put a code on words of a participant: a quote from an interview, or a span of an utterance."""
    polarity = Polarity.DENIED if denied else Polarity.AFFIRMED
    place = {"quote": quote, "interview": interview, "utterance": utterance, "start": start, "end": end}
    new = options.form_of(NewTagging, code=code, polarity=polarity, **place)
    by = author_of(author)
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions.begin() as session:
            entry = add_tagging(session, slug, new, by)
    if as_json:
        write_json(entry)
    else:
        write(tagging_lines([entry]))


@app.command()
def remove(
    tagging: Annotated[uuid.UUID, typer.Argument(help="The tagging, as `verbatim taggings` shows it.")],
    study: options.StudyName = None,
    author: Author = None,
    as_json: options.AsJson = False,
) -> None:
    """Take a tagging away, whoever put it there; `verbatim taggings undo` brings it back."""
    by = author_of(author)
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions.begin() as session:
            review = remove_tagging(session, slug, tagging, by)
    if as_json:
        write_json(review)
    else:
        tell(f"Taken away; `verbatim taggings undo {review.id}` brings it back.")


def tagging_lines(taggings: Sequence[TaggingEntry]) -> Iterator[Line]:
    """Taggings with their words and ids."""
    for tagging in taggings:
        denied = " (denied)" if tagging.polarity is Polarity.DENIED else ""
        yield line(
            (tagging.code, "bold"),
            f"{denied}  {tagging.confidence:.2f} {tagging.author}",
            (f"  {tagging.interview} {tagging.participant} {spoken_at(tagging.start_ms)}  {tagging.id}", "dim"),
        )
        yield line(f"“{tagging.quote}”", indent=4)
