"""Who makes a change on the command line: who is named, or else the user of the system."""

import getpass
from typing import Annotated

import typer

LONGEST_AUTHOR = 100

Author = Annotated[str | None, typer.Option("--author", help="Who does it; unset, the user of the system.")]


def author_of(named: str | None) -> str:
    """The author of a change."""
    author = " ".join((named if named is not None else _user()).split())
    if not author.isprintable() or not 0 < len(author) <= LONGEST_AUTHOR:
        raise typer.BadParameter(f"say in 1 to {LONGEST_AUTHOR} characters who does it", param_hint="--author")
    return author


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise typer.BadParameter("the system does not say who you are: name yourself", param_hint="--author") from error
