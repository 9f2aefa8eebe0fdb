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

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class RetagReport:
    """What was tagged: how many interviews, and how many taggings they have of the tagger now."""

    study: str
    interviews: int
    taggings: int


def retag_study(services: Services, study_slug: str, progress: Progress) -> RetagReport:
    """Tag all published interviews of a study anew, each in a short transaction of its own, and calibrate its scores.

    What persons tagged stays, and serves as example for the other interviews.

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
        model_id = active_model_id(session, services.embedder.identity)
    counts = _retag(study_id, services, progress)
    if model_id is not None:
        with services.database.sessions.begin() as session:
            save_calibration(session, study_id, model_id, services.embedder)
    return RetagReport(study_slug, len(counts), sum(counts))


def retag_outdated(services: Services, progress: Progress) -> tuple[RetagReport, ...]:
    """Tag anew the studies that another tagger tagged, or in which persons tagged since; raises `MixedIndexError`."""
    author = author_of(services.embedder.identity)
    with services.database.sessions.begin() as session:
        outdated = [slug for slug, study_id in studies(session).items() if is_outdated(session, study_id, author)]
    return tuple(retag_study(services, slug, progress) for slug in outdated)


def retag_if_outdated(study_id: uuid.UUID, services: Services) -> None:
    """Tag a study anew if persons tagged in it since it was tagged, or if another tagger did it."""
    with services.database.sessions.begin() as session:
        outdated = is_outdated(session, study_id, author_of(services.embedder.identity))
    if outdated:
        _retag(study_id, services, lambda *_: None)


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
