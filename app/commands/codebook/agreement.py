"""`verbatim codebook agreement`: how well coders agree."""

from collections.abc import Iterator
from typing import Annotated

import typer

from app.commands import options
from app.commands.opening import opened
from app.commands.output import Line, line, write, write_json
from app.commands.studies import choose_study
from app.research.codebook.agreement_schemas import Agreement, CodeAgreement, CoderAgreement
from app.research.codebook.read_agreement import By, WantedAgreement, read_agreement

app = typer.Typer()

_UNDEFINED = {
    "nothing_shared": "undefined, nobody else coded the same utterances",
    "no_variation": "undefined, everything is coded alike",
}


@app.command()
def agreement(
    author: Annotated[
        list[str] | None, typer.Option(help="Who coded, or verbatim-tagger; unset, all persons. Repeatable.")
    ] = None,
    by: Annotated[By, typer.Option(help="Whether single codes are compared, or their kinds.")] = "code",
    study: options.StudyName = None,
    as_json: options.AsJson = False,
) -> None:
    """Show how well coders agree: Cohen's kappa for each two, Krippendorff's alpha for all.

    Compared are the utterances that both coded, code by code: affirmed, denied, or not there.
    """
    with opened() as services:
        slug = choose_study(services.database, study)
        found = read_agreement(services, slug, WantedAgreement(tuple(author or ()), by))
    if as_json:
        write_json(found)
    else:
        write(_lines(found))


def _lines(found: CoderAgreement) -> Iterator[Line]:
    overall = found.overall
    yield line((f"{', '.join(found.coders)}: {overall.utterances} utterances, {overall.units} units", "bold"))
    yield line(f"alpha {_said(overall.alpha)}", indent=2)
    for pair in overall.pairs:
        alike = "" if pair.observed is None else f" · {pair.observed:.1%} alike"
        yield line(f"{' and '.join(pair.coders)}: kappa {_said(pair.kappa)}{alike}", indent=2)
    for code in found.codes:
        yield _code_line(code)


def _code_line(code: CodeAgreement) -> Line:
    kappas = " · ".join(f"{' and '.join(pair.coders)} {_said(pair.kappa)}" for pair in code.pairs)
    return line((f"{code.code:<18}", "bold"), f"alpha {_said(code.alpha)}", (f"  kappa {kappas}", "dim"))


def _said(agreement: Agreement) -> str:
    return _UNDEFINED[agreement.undefined] if agreement.undefined else f"{agreement.value:.3f}"
