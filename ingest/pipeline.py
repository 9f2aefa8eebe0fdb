"""From a study folder to published interviews: register what is new, then process each interview on its own."""

import hashlib
import json
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import structlog

from app.calibration import is_calibrated, save_calibration
from app.database import is_away
from app.errors import Fault
from app.index import writing_model_id
from app.lexicon import count_words
from app.pseudonyms.presidio import load_presidio
from app.pseudonyms.registered import private_of
from app.services import Services
from app.tagging.features import Said, embed_said
from app.tagging.store import read_codes
from app.tagging.tagger import Tagger
from app.vault import Vault
from app.vocabulary import Role
from ingest.aligned import align_if_needed, requeue_unheard
from ingest.catalogue import find_interview, save_study
from ingest.enrichment.enrich import NOT_ENRICHED, EnrichmentReport, enrich_study
from ingest.erased import REMEDY, without_erased
from ingest.given_taggings import save_taggings
from ingest.insights import InsightReport, store_insights
from ingest.manifest import read_study
from ingest.passages import questions_before, with_questions
from ingest.reading import read_utterances
from ingest.recorded import UNSET_MODEL, keep_recordings, transcribe_if_needed
from ingest.retag import retag_if_outdated
from ingest.runs import Lease, LeaseLostError, advance, alone_with, claim_run, follow, run_status
from ingest.setbacks import weigh
from ingest.sources import SourceReport, store_sources
from ingest.speech.recordings import SpeechProcess
from ingest.store import (
    AttributedUtterance,
    NewPassage,
    PlaceholdersTakenError,
    Publication,
    publish,
    read_source,
    register_recordings,
    register_transcript,
)
from ingest.study import Interview as InterviewEntry
from ingest.study import Study
from ingest.vector_index import build_vector_index

PIPELINE = "verbatim-import/1"
_POLL_S = 0.5

log = structlog.get_logger()

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class InterviewReport:
    """What became of one interview."""

    interview: str
    status: Literal["published", "unchanged", "waiting", "failed", "erased"]
    problem: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class IngestReport:
    """What became of a study folder."""

    study: str
    interviews: tuple[InterviewReport, ...]
    faults: tuple[Fault, ...]
    enriched: EnrichmentReport = NOT_ENRICHED
    sources: tuple[SourceReport, ...] = ()
    insights: tuple[InsightReport, ...] = ()

    @property
    def succeeded(self) -> bool:
        """Whether everything that could be published is published."""
        statuses = [report.status for report in self.interviews] + [report.status for report in self.sources]
        return not self.faults and "failed" not in statuses


@dataclass(frozen=True)
class Begun:
    """A study that is stored, without who or what of it was erased, and what became of its sources."""

    study: Study
    study_id: uuid.UUID
    sources: tuple[SourceReport, ...]
    left_out: tuple[InterviewReport, ...]


def ingest_study(path: Path, services: Services, progress: Progress) -> IngestReport:
    """Ingest a study folder: only what is missing or changed; a broken transcript fails its interview alone.

    Args:
        path: the folder with `study.yaml`.
        progress: called with (file or interview, done, total) before each source and each interview.

    Raises:
        ManifestError: the manifest is wrong; nothing was stored.
    """
    return ingest(read_study(path), services, progress)


def ingest(study: Study, services: Services, progress: Progress) -> IngestReport:
    """Ingest a study that has been read and checked."""
    begun = begin(study, services, progress)
    study, reports = begun.study, list(begun.left_out)
    with SpeechProcess() as speech:
        for done, entry in enumerate(study.interviews):
            progress(entry.id, done, len(study.interviews))
            registered = register_interview(study, entry, services)
            if isinstance(registered, uuid.UUID):
                registered = process_run(registered, entry.id, services, speech)
            reports.append(registered)
    progress("", len(study.interviews), len(study.interviews))
    changed = any(report.status == "published" for report in reports)
    concluded = conclude(begun, services, progress, changed=changed)
    return replace(concluded, interviews=tuple(reports))


def begin(study: Study, services: Services, progress: Progress) -> Begun:
    """Store what a study is and its sources; its interviews come next, each on its own."""
    with services.database.sessions.begin() as session:
        study, left_out = without_erased(session, services.vault, study)
        study_id = save_study(session, study, services.embedder, services.vault)
    sources = store_sources(study, study_id, services, progress)
    return Begun(study, study_id, sources, tuple(InterviewReport(code, "erased", REMEDY) for code in left_out))


def conclude(begun: Begun, services: Services, progress: Progress, *, changed: bool) -> IngestReport:
    """Store what rests on published interviews: the researcher's taggings, stories, calibration, insights.

    Args:
        begun: what `begin` gave.
        services: opened by the caller.
        progress: as `ingest_study` has it.
        changed: whether interviews were published since.
    """
    study, study_id = begun.study, begun.study_id
    with services.database.sessions.begin() as session:
        faults = save_taggings(session, study, services.vault)
        calibrated = is_calibrated(session, study_id)
    retag_if_outdated(study_id, services)
    enriched = enrich_study(study_id, services, progress)
    if not calibrated or enriched.changed or changed:
        round_off(study_id, services)
    insights = store_insights(study, study_id, services)
    return IngestReport(study.slug, begun.left_out, faults, enriched, begun.sources, insights)


def round_off(study_id: uuid.UUID, services: Services) -> None:
    """Do what a study needs once interviews of it were published: index vectors, count words, calibrate scores."""
    embedder = services.embedder
    with services.database.sessions.begin() as session:
        build_vector_index(session, embedder.identity.dimension, services.settings.exact_scan_rows)
        count_words(session, study_id)
        save_calibration(session, study_id, writing_model_id(session, embedder.identity), embedder)


def register_interview(study: Study, entry: InterviewEntry, services: Services) -> uuid.UUID | InterviewReport:
    """Register the files of an interview: the run that is queued for it, or why there is none."""
    recordings = keep_recordings(entry.recordings, services.blobs)
    with services.database.sessions.begin() as session:
        interview = find_interview(session, study.slug, entry.id)
        if entry.transcript is None and services.settings.whisper_model is None:
            known = interview.transcript_id is not None
            return (
                InterviewReport(entry.id, "unchanged") if known else InterviewReport(entry.id, "waiting", UNSET_MODEL)
            )
        if entry.transcript is None:
            heard_by = [*recordings, services.settings.whisper_model]
            run_id = register_recordings(session, interview, _fingerprint(study, entry, heard_by, services.vault))
        else:
            source = entry.transcript.path.read_bytes()
            sha256 = hashlib.sha256(source).hexdigest()
            fingerprint = _fingerprint(study, entry, sha256, services.vault)
            name = entry.transcript.name
            sealed = services.vault.seal(source, sha256)
            run_id = register_transcript(session, interview, name, sealed, sha256, fingerprint, PIPELINE)
            run_id = run_id or requeue_unheard(session, interview, services.settings)
    return run_id or InterviewReport(entry.id, "unchanged")


def process_run(run_id: uuid.UUID, interview: str, services: Services, speech: SpeechProcess) -> InterviewReport:
    """Bring one registered transcript to its published interview, or wait until who holds it has done so."""
    sessions = services.database.sessions
    while True:
        with alone_with(services.database.engine, run_id) as alone:
            with sessions.begin() as session:
                lease = claim_run(session, run_id, orphaned=alone)
                status = run_status(session, run_id)
            if lease is not None:
                return _report(run_id, interview, lease, services, speech)
        if status != "running":
            return InterviewReport(interview, "published" if status == "published" else "failed", None)
        time.sleep(_POLL_S)


def _report(
    run_id: uuid.UUID, interview: str, lease: Lease, services: Services, speech: SpeechProcess
) -> InterviewReport:
    try:
        warnings = _process(run_id, lease, services, speech)
    except LeaseLostError as error:
        return InterviewReport(interview, "waiting", error.message)
    except Exception as error:
        if is_away(error):
            raise
        return _set_back(run_id, interview, lease, services, error)
    return InterviewReport(interview, "published", warnings=warnings)


def _set_back(run_id: uuid.UUID, interview: str, lease: Lease, services: Services, error: Exception) -> InterviewReport:
    setback = weigh(error)
    if not setback.is_expected:
        log.error("interview failed unexpectedly", interview=interview, run=str(run_id), exc_info=error)
    waits = True
    with suppress(LeaseLostError), services.database.sessions.begin() as session:
        waits = follow(session, lease, setback)
    log.warning("an attempt failed", interview=interview, run=str(run_id), again=waits)
    return InterviewReport(interview, "waiting" if waits else "failed", setback.problem)


def _process(run_id: uuid.UUID, lease: Lease, services: Services, speech: SpeechProcess) -> tuple[str, ...]:
    transcribe_if_needed(run_id, lease, services, speech)
    unheard = align_if_needed(run_id, lease, services, speech)
    while True:
        with suppress(PlaceholdersTakenError):  # another interview of the participant came first: this one is read anew
            return _read_and_publish(run_id, lease, services, unheard)


def _read_and_publish(run_id: uuid.UUID, lease: Lease, services: Services, unheard: tuple[str, ...]) -> tuple[str, ...]:
    sessions = services.database.sessions

    def enter(stage: str) -> None:
        with sessions.begin() as session:
            advance(session, lease, stage)

    with sessions.begin() as session:
        source = read_source(session, run_id, services.vault)
        codes = read_codes(session, source.study_id)
    models = services.settings.presidio_models
    finders = (load_presidio(models),) if models and source.pseudonyms else ()
    reading = read_utterances(source, services.embedder, finders)
    utterances, warnings = reading.utterances, (*unheard, *reading.warnings)
    passages = _passages(utterances)
    enter("tag")
    said = _said(utterances, passages)
    vectors = embed_said(said, services.embedder)
    taggings = Tagger.of(codes, services.embedder).tag(said, source.interview_id, vectors)
    enter("embed")
    of_passages = with_questions(vectors.own, vectors.questions)
    publication = Publication(utterances, passages, of_passages, services.embedder.identity, taggings, warnings)
    with sessions.begin() as session:
        return publish(session, source, lease, publication, services.vault)


def _passages(utterances: Sequence[AttributedUtterance]) -> list[NewPassage]:
    questions = questions_before(
        [utterance.attribution.role for utterance in utterances], [utterance.turn.text for utterance in utterances]
    )
    return [
        NewPassage(index, questions[index])
        for index, utterance in enumerate(utterances)
        if utterance.attribution.role is Role.PARTICIPANT
    ]


def _said(utterances: Sequence[AttributedUtterance], passages: Sequence[NewPassage]) -> list[Said]:
    return [
        Said(
            passage.index,
            utterances[passage.index].turn.text,
            utterances[passage.index].language,
            None if passage.question_index is None else utterances[passage.question_index].turn.text,
        )
        for passage in passages
    ]


def _fingerprint(study: Study, entry: InterviewEntry, made_from: object, vault: Vault) -> str:
    """Identify a transcript by what it is made from and by everything in the manifest that decides how it is read.

    Who takes part goes in as a keyed hash: all else is stored beside it, so that names could be tried out.
    """
    people = [person for person in study.participants if person.id in entry.participants]
    names = [person.attributes.get("name") for person in people]
    is_replaced = entry.transcript is not None and study.privacy.pseudonyms
    private = [private_of(person.attributes) for person in people] if is_replaced else None
    decides = {
        "pipeline": PIPELINE,
        "file": made_from,
        "name": entry.transcript.name if entry.transcript else None,
        "languages": study.languages,
        "mode": entry.mode,
        "interviewer_language": entry.interviewer_language,
        "participants": [[person.id, person.language] for person in people],
        "private": vault.keyed_hash("private", json.dumps([names, private], sort_keys=True, default=str)),
        "speakers": {label: str(voice) for label, voice in entry.speakers.items()},
        **({"channels": {str(side): str(voice) for side, voice in entry.channels.items()}} if entry.channels else {}),
        "quotes": entry.consent.quotes,
        "team": [[member.id, member.name] for member in study.team],
    }
    return hashlib.sha256(json.dumps(decides, sort_keys=True, default=str).encode()).hexdigest()
