"""The way of insights into a study: their evidence is looked for in what participants said, and linked."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.evidence.insights.given import GivenEvidence, NewInsight
from app.evidence.insights.links import relink
from app.evidence.insights.places import NoPlace, Place, Said, locate, read_said
from app.evidence.insights.store import Outcome, links_of, put_insight, save_links
from app.index import writing_model_id
from app.services import Services
from app.vault import Vault
from app.vocabulary import Stance


@dataclass(frozen=True)
class Missing:
    """Evidence that is not linked, and why; `number` is its place among the evidence of its insight, from 0."""

    number: int
    given: GivenEvidence = field(repr=False)
    reason: NoPlace


@dataclass(frozen=True)
class Located:
    """An insight with the places of its evidence, each once, and the evidence that has none."""

    insight: NewInsight
    places: tuple[tuple[Place, Stance], ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True)
class Saved:
    """What became of an insight: `kept` is one that a person wrote or edited here, and no file changes."""

    code: str
    outcome: Outcome
    linked: int
    missing: tuple[Missing, ...]


def locate_all(insights: Sequence[NewInsight], said: Said) -> tuple[Located, ...]:
    """Find the evidence of insights in what is said."""
    found = iter(locate([given for insight in insights for given in insight.evidence], said))
    return tuple(_located(insight, [next(found) for _ in insight.evidence]) for insight in insights)


def save_insights(
    services: Services,
    study_id: uuid.UUID,
    origin: str,
    insights: Sequence[NewInsight],
    vault: Vault | None = None,
) -> tuple[Saved, ...]:
    """Add insights to a study or bring them up to date, all or none, and link them with their evidence.

    With a vault, evidence may have the names in it that placeholders stand for.

    Raises:
        MixedIndexError: the stored vectors were made by another embedder.
    """
    with services.database.sessions.begin() as session:
        said = read_said(session, study_id, vault)
    located = locate_all(insights, said)
    vectors = services.embedder.embed_passages([insight.statement for insight in insights])
    with services.database.sessions.begin() as session:
        model_id = writing_model_id(session, services.embedder.identity)
        saved = []
        for each, vector in zip(located, vectors, strict=True):
            insight, outcome = put_insight(session, study_id, model_id, origin, each.insight, vector)
            if outcome != "kept":
                links = links_of(session, study_id, [insight.id])[insight.id]
                given = len(each.places) + len(each.missing)
                unfound = [missing.given.words for missing in each.missing]
                relinked = relink(links, insight.evidence_linked, each.places, unfound, given)
                if save_links(session, insight, relinked, given) and outcome == "unchanged":
                    outcome = "changed"
            saved.append(Saved(insight.code, outcome, len(each.places), each.missing))
        return tuple(saved)


def _located(insight: NewInsight, found: Sequence[Place | NoPlace]) -> Located:
    pairs = list(zip(insight.evidence, found, strict=True))
    places = {place: given.stance for given, place in pairs if isinstance(place, Place)}
    missing = [
        Missing(number, given, place) for number, (given, place) in enumerate(pairs) if isinstance(place, NoPlace)
    ]
    return Located(insight, tuple(places.items()), tuple(missing))
