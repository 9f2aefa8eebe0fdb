"""`verbatim economics`: which customers bring the money, and who of them was interviewed."""

from collections.abc import Iterator, Sequence

import typer

from app.commands import options
from app.commands.opening import opened_database
from app.commands.output import Line, line, write, write_json
from app.commands.studies import choose_study
from app.evidence.economics import Group
from app.research.economics.read import read_economics
from app.research.economics.schemas import Economics

app = typer.Typer()

_HEADER = (
    f"{'':<14}{'customers':>10}{'purchases':>11}{'revenue €':>14}{'share':>8}{'mean LTV €':>12}{'interviewed':>13}"
)


@app.command()
def economics(study: options.StudyName = None, as_json: options.AsJson = False) -> None:
    """Show which customers bring the money, who of them was interviewed, and whom to invite next."""
    with opened_database() as database:
        slug = choose_study(database, study)
        with database.sessions() as session:
            found = read_economics(session, slug)
    if as_json:
        write_json(found)
    else:
        write(_lines(found))


def _lines(found: Economics) -> Iterator[Line]:
    if not found.customers:
        yield line(
            f"{found.study} has no customers: name a CSV file as `customers:` in study.yaml and ingest it again."
        )
        return
    yield line((found.study, "bold"), f": {found.customers} customers, {found.revenue_eur:,.2f} € in all")
    yield from _table("LTV band", found.bands, found.unclassified_bands)
    yield from _table("class", found.classes, found.unclassified_classes)
    if found.interviewed_without_customer:
        yield line(f"interviewed and no known customers: {found.interviewed_without_customer}")
    for invitation in found.invite_next:
        named = f", such as {', '.join(invitation.customers)}" if invitation.customers else ""
        yield line(("invite next: ", "bold"), f"{invitation.wanting} of band {invitation.band}{named}")


def _table(name: str, groups: Sequence[Group], unclassified: Group | None) -> Iterator[Line]:
    yield line()
    yield line((name + _HEADER[len(name) :], "dim"))
    for group in (*groups, *([unclassified] if unclassified else [])):
        purchases = "–" if group.mean_purchases is None else f"{group.mean_purchases:.1f}"
        ltv = "–" if group.mean_ltv_eur is None else f"{group.mean_ltv_eur:,.2f}"
        yield line(
            f"{group.name:<14}{group.customers:>10}{purchases:>11}{group.revenue_eur:>14,.2f}"
            f"{group.revenue_share:>8.1%}{ltv:>12}{group.interviewed:>13}"
        )
