"""`verbatim economics scheme`: where LTV bands and ABCD classes end."""

from collections.abc import Iterator
from typing import Annotated

import typer
from pydantic import ValidationError

from app.commands import options
from app.commands.opening import note_command, opened_database
from app.commands.output import Line, line, write, write_json
from app.commands.studies import choose_study
from app.customer_value import ValueScheme
from app.errors import Fault, InvalidInputError
from app.research.economics.read import change_value_scheme, read_value_scheme

_EXAMPLE = "A=0.5,B=0.3,C=0.15,D=0.05"


def scheme(
    study: options.StudyName = None,
    bands: Annotated[str | None, typer.Option(help="Where bands end, whole euros: 50,100,200,500.")] = None,
    class_shares: Annotated[str | None, typer.Option(help=f"Share of revenue of each class: {_EXAMPLE}.")] = None,
    class_limits: Annotated[
        str | None, typer.Option(help="Instead, the LTV from which on a class begins: A=500,B=200,C=50.")
    ] = None,
    default: Annotated[bool, typer.Option("--default", help="Go back to where they end by default.")] = False,
    as_json: options.AsJson = False,
) -> None:
    """Show where LTV bands and ABCD classes end, or let them end elsewhere; all customers are valued anew."""
    told: dict[str, object] = {
        "bands_eur": bands.split(",") if bands else None,
        "class_shares": _pairs(class_shares, "--class-shares"),
        "class_limits_eur": _pairs(class_limits, "--class-limits"),
    }
    given = {name: value for name, value in told.items() if value is not None}
    if default and given:
        raise typer.BadParameter("give limits, or --default", param_hint="--default")
    wanted = _scheme(given) if given else None
    with opened_database() as database:
        slug = choose_study(database, study)
        if wanted or default:
            note_command(database, changes=True)
        with database.sessions.begin() as session:
            if wanted or default:
                found = change_value_scheme(session, slug, wanted)
            else:
                found = read_value_scheme(session, slug)
    if as_json:
        write_json(found)
    else:
        write(_lines(slug, found))


def _pairs(text: str | None, option: str) -> dict[str, str] | None:
    if text is None:
        return None
    pairs = [part.partition("=") for part in text.split(",")]
    if not all(mark for _, mark, _ in pairs):
        raise typer.BadParameter(f"write {_EXAMPLE}", param_hint=option)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _scheme(given: dict[str, object]) -> ValueScheme:
    try:
        return ValueScheme.model_validate(given)
    except ValidationError as error:
        faults = tuple(
            Fault(
                ".".join(map(str, fault["loc"])) or "scheme", fault["msg"].removeprefix("Value error, "), "correct it"
            )
            for fault in error.errors()
        )
        raise InvalidInputError("the scheme cannot be used; nothing was changed", faults) from error


def _lines(study: str, found: ValueScheme) -> Iterator[Line]:
    yield line((study, "bold"), f": bands {', '.join(found.bands)}")
    if found.class_limits_eur:
        limits = ", ".join(f"{name} from {limit} €" for name, limit in found.class_limits_eur.items())
        yield line(f"classes by lifetime value: {limits}, the next class below")
    else:
        shares = ", ".join(f"{name} {share:.0%}" for name, share in (found.class_shares or {}).items())
        yield line(f"classes by share of revenue, largest first: {shares}")
