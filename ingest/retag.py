"""Tagging published interviews anew: after persons tagged others, or with a new tagger."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from app.calibration import save_calibration
from app.index import active_model_id
from app.services import Services
from app.tagging.store import (
    delete_outdated,
    find_study,
    is_outdated,
    published_interviews,
    read_codes,
    read_talk,
    replace_taggings,
    studies,
)
from app.tagging.tagger import Tagger, author_of
from ingest.enrichment.enrich import NOT_ENRICHED, EnrichmentReport, enrich_study

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class RetagReport:
    """What was tagged: how many interviews, and how many taggings they have of the tagger now.

    `enriched` is what a chat model made anew beside that.
    """

    study: str
    interviews: int
    taggings: int
    enriched: EnrichmentReport = NOT_ENRICHED


def retag_study(services: Services, study_slug: str, progress: Progress) -> RetagReport:
    """Tag all published interviews of a study anew, each in a short transaction of its own, and calibrate its scores.

    What persons tagged stays, and serves as example for the other interviews. With a chat model, that tags them too,
    and notes their gists and stories anew.

    Args:
        services: the opened services.
        study_slug: the name of the study.
        progress: called with (interview, done, total) before each interview, and at the end.

    Raises:
        NotFoundError: there is no such study.
        MixedIndexError: the stored vectors were made by another embedder.
    """
    with services.database.sessions.begin() as session:
        study_id = find_study(session, study_slug)
        active_model_id(session, services.embedder.identity)
    counts = _retag(study_id, services, progress)
    enriched = enrich_study(study_id, services, progress, anew=True)
    _calibrate(study_id, services)
    return RetagReport(study_slug, len(counts), sum(counts), enriched)


def retag_outdated(services: Services, progress: Progress) -> tuple[RetagReport, ...]:
    """Tag anew the studies that another tagger tagged, or in which persons tagged since; the chat model's part stays.

    Raises:
        MixedIndexError: the stored vectors were made by another embedder.
    """
    author = author_of(services.embedder.identity)
    with services.database.sessions.begin() as session:
        active_model_id(session, services.embedder.identity)
        outdated = {slug: each for slug, each in studies(session).items() if is_outdated(session, each, author)}
    reports = []
    for slug, study_id in outdated.items():
        counts = _retag(study_id, services, progress)
        _calibrate(study_id, services)
        reports.append(RetagReport(slug, len(counts), sum(counts)))
    return tuple(reports)


def retag_if_outdated(study_id: uuid.UUID, services: Services) -> None:
    """Tag a study anew if persons tagged in it since it was tagged, or if another tagger did it."""
    with services.database.sessions.begin() as session:
        outdated = is_outdated(session, study_id, author_of(services.embedder.identity))
    if outdated:
        _retag(study_id, services, lambda *_: None)


def _calibrate(study_id: uuid.UUID, services: Services) -> None:
    with services.database.sessions.begin() as session:
        model_id = active_model_id(session, services.embedder.identity)
        if model_id is not None:
            save_calibration(session, study_id, model_id, services.embedder)


def _retag(study_id: uuid.UUID, services: Services, progress: Progress) -> list[int]:
    """Tag each published interview of a study; how many taggings each has got."""
    sessions = services.database.sessions
    with sessions.begin() as session:
        codes = read_codes(session, study_id)
        interviews = published_interviews(session, study_id)
    tagger = Tagger.of(codes, services.embedder)
    counts = []
    for done, (interview, interview_id) in enumerate(interviews.items()):
        progress(interview, done, len(interviews))
        with sessions.begin() as session:
            talk = read_talk(session, interview_id)
        if talk is None:
            continue
        taggings = tagger.tag(talk.said, interview_id)
        with sessions.begin() as session:
            put = replace_taggings(session, study_id, interview_id, talk, taggings)
        if put is not None:
            counts.append(put)
    progress("", len(interviews), len(interviews))
    with sessions.begin() as session:
        delete_outdated(session, study_id, author_of(services.embedder.identity))
    return counts
