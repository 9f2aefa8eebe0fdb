"""`verbatim codebook merge`, `split`, `retire` and `restore`."""

import uuid
from typing import Annotated

import typer

from app.commands import options
from app.commands.authors import Author, author_of
from app.commands.codebook.codes import About, Label, Name, labels_of, tell_code
from app.commands.opening import opened, opened_database
from app.commands.output import line, write, write_json
from app.commands.studies import choose_study
from app.research.codebook.moves import merge_codes, restore_code, retire_code, split_code
from app.research.codebook.schemas import MovedTaggings, Split
from app.vocabulary import Kind

app = typer.Typer()


@app.command()
def merge(
    code: Name,
    into: Annotated[str, typer.Argument(help="The code that it becomes part of.")],
    study: options.StudyName = None,
    author: Author = None,
    as_json: options.AsJson = False,
) -> None:
    """Merge a code into another: its taggings go there, and whoever refers to it is led there."""
    by = author_of(author)
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions.begin() as session:
            moved = merge_codes(session, slug, code, into, by)
    _tell(moved, as_json)


@app.command()
def split(
    code: Name,
    into: Annotated[str, typer.Argument(help="The new code.")],
    label: Label,
    kind: Annotated[Kind | None, typer.Option(help="Its kind; unset, that of the code.")] = None,
    about: About = None,
    tagging: Annotated[list[uuid.UUID] | None, typer.Option(help="A tagging that goes. Repeatable.")] = None,
    participant: Annotated[list[str] | None, typer.Option(help="The taggings of this person go. Repeatable.")] = None,
    segment: Annotated[list[str] | None, typer.Option(help="The taggings of this segment go. Repeatable.")] = None,
    study: options.StudyName = None,
    author: Author = None,
    as_json: options.AsJson = False,
) -> None:
    """Split a code: some of its taggings go to a new code. Options of one kind widen, of several kinds narrow."""
    by = author_of(author)
    chosen = {"taggings": tagging or (), "participants": participant or (), "segments": segment or ()}
    with opened() as services:
        slug = choose_study(services.database, study)
        with services.database.sessions.begin() as session:
            new = {"code": into, "kind": kind, "labels": labels_of(label), "about": about or ""}
            wanted = options.form_of(Split, **chosen, into=new)
            moved = split_code(session, slug, code, wanted, by, services.embedder)
    _tell(moved, as_json)


@app.command()
def retire(code: Name, study: options.StudyName = None, author: Author = None, as_json: options.AsJson = False) -> None:
    """Retire a code: it is neither searched, nor tagged, nor counted any more; its taggings stay stored."""
    by = author_of(author)
    with opened_database() as database, database.sessions.begin() as session:
        entry = retire_code(session, choose_study(database, study), code, by)
    tell_code(entry, as_json)


@app.command()
def restore(
    code: Name, study: options.StudyName = None, author: Author = None, as_json: options.AsJson = False
) -> None:
    """Take back that a code was retired or merged."""
    by = author_of(author)
    with opened_database() as database, database.sessions.begin() as session:
        entry = restore_code(session, choose_study(database, study), code, by)
    tell_code(entry, as_json)


def _tell(moved: MovedTaggings, as_json: bool) -> None:
    if as_json:
        write_json(moved)
        return
    doubled = f", {moved.doubled} were there already" if moved.doubled else ""
    write([line((moved.code.code, "bold"), f": {moved.moved} taggings came{doubled}")])
