"""The economics as a table and as charts: what groups pay against how much they are heard."""

from collections.abc import Iterator, Sequence

from app.evidence.economics import UNCLASSIFIED, Group
from app.library.export import write_table
from app.research.charts.bars import Bar, BarChart
from app.research.economics.schemas import Economics, Invitation
from app.research.economics.sentences import percent

COLUMNS = (
    "grouping",
    "name",
    "customers",
    "mean_purchases",
    "revenue_eur",
    "revenue_share",
    "mean_ltv_eur",
    "interviewed",
    "interview_share",
    "coverage",
    "wanting",
    "invite",
)

_PHRASES = {
    "band": {
        "en": "Share of revenue and of interviews by LTV band (€)",
        "de": "Anteil an Umsatz und Interviews nach LTV-Band (€)",
        "es": "Cuota de ingresos y de entrevistas por banda de LTV (€)",
    },
    "class": {
        "en": "Share of revenue and of interviews by class",
        "de": "Anteil an Umsatz und Interviews nach Klasse",
        "es": "Cuota de ingresos y de entrevistas por clase",
    },
    UNCLASSIFIED: {"en": "unclassified", "de": "nicht eingeordnet", "es": "sin clasificar"},
    "revenue": {"en": "share of revenue", "de": "Anteil am Umsatz", "es": "cuota de ingresos"},
    "interviews": {"en": "share of interviews", "de": "Anteil an Interviews", "es": "cuota de entrevistas"},
}


def economics_csv(found: Economics) -> str:
    """One line for each band and each class, the unclassified last."""
    return write_table(COLUMNS, _rows(found))


def economics_charts(found: Economics, language: str) -> tuple[BarChart, ...]:
    """A chart of the bands and one of the classes, with who is in none; without customers one that says so."""
    charts = (
        _chart("band", _with(found.bands, found.unclassified_bands), language),
        _chart("class", _with(found.classes, found.unclassified_classes), language),
    )
    nothing = BarChart("economics", " ".join(found.sentences), (), ())
    return tuple(chart for chart in charts if chart.bars) or (nothing,)


def _chart(grouping: str, groups: Sequence[Group], language: str) -> BarChart:
    bars = tuple(
        Bar(
            _say(group.name, language) if group.name == UNCLASSIFIED else group.name,
            (group.revenue_share, group.interview_share),
            (
                percent(group.revenue_share, language),
                f"{percent(group.interview_share, language)} ({group.interviewed})",
            ),
        )
        for group in groups
    )
    series = tuple(_say(name, language) for name in ("revenue", "interviews"))
    return BarChart(f"economics-{grouping}", _say(grouping, language), series, bars)


def _with(groups: Sequence[Group], unclassified: Group | None) -> tuple[Group, ...]:
    return (*groups, unclassified) if unclassified else tuple(groups)


def _rows(found: Economics) -> Iterator[Sequence[object]]:
    invited = {"band": found.invite_next.bands, "class": found.invite_next.classes}
    grouped = {
        "band": _with(found.bands, found.unclassified_bands),
        "class": _with(found.classes, found.unclassified_classes),
    }
    for grouping, groups in grouped.items():
        invitations = {invitation.name: invitation for invitation in invited[grouping]}
        for group in groups:
            yield _row(grouping, group, invitations.get(group.name))


def _row(grouping: str, group: Group, invitation: Invitation | None) -> list[object]:
    values = group.model_dump()
    counted = [_rounded(values[column]) for column in COLUMNS[2:-2]]
    wanting, invite = (invitation.wanting, " ".join(invitation.customers)) if invitation else (0, "")
    return [grouping, group.name, *counted, wanting, invite]


def _rounded(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else value


def _say(name: str, language: str) -> str:
    return _PHRASES[name].get(language, _PHRASES[name]["en"])
