"""What a worker does with files that came over the web: check them, register their interviews, conclude.

A step is done again from its beginning when its process dies; nothing of it is done twice. The interviews themselves
are runs like any others.
"""

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from app.database import is_away
from app.errors import Fault, InvalidInputError
from app.kept_files import discard_unless_used
from app.models import Delivery, IngestRun, Study
from app.queue import enqueue
from app.services import Services
from app.vocabulary import DeliveryStatus
from ingest.delivered import delivered_folder
from ingest.erased import without_erased
from ingest.file_facts import FileFacts, read_facts
from ingest.manifest import read_study
from ingest.pipeline import Begun, InterviewReport, begin, conclude, register_interview
from ingest.runs import MOST_ATTEMPTS, REST, alone_with
from ingest.setbacks import Consequence, weigh
from ingest.single_file import register_file
from ingest.study import Study as StudyFolder
from ingest.study_folder import MANIFEST

KEPT_FOR = timedelta(days=7)
"""How long files are kept for which nobody asks any more."""

_NO_MANIFEST = Fault(
    MANIFEST,
    "there is none among the files, and nothing says whose conversation they are",
    f"send the folder that holds {MANIFEST}, or say study and participant",
)
_OPTION = re.compile(r"--(\w+)")
_STEPS = (DeliveryStatus.CHECKING, DeliveryStatus.STARTING)
_UNFINISHED = ("queued", "running")
_SAME_WORK = {status: {status} for status in DeliveryStatus} | {
    DeliveryStatus.STARTING: {DeliveryStatus.STARTING, DeliveryStatus.RUNNING}
}
"""As what a delivery may be found when its work is written down: a start goes over into the work itself."""

log = structlog.get_logger()


def waiting_deliveries(session: Session) -> Sequence[uuid.UUID]:
    """Deliveries of which a step is to be done: checked, started, or concluded since their interviews are through."""
    rested = or_(Delivery.attempts == 0, Delivery.updated_at < func.now() - REST)
    waiting = select(Delivery).where(Delivery.status.in_((*_STEPS, DeliveryStatus.RUNNING)), rested)
    found = session.scalars(waiting.order_by(Delivery.created_at, Delivery.id)).all()
    return [
        delivery.id
        for delivery in found
        if delivery.status in _STEPS or _run_statuses(session, delivery).isdisjoint(_UNFINISHED)
    ]


def deliver(delivery_id: uuid.UUID, services: Services) -> None:
    """Do what a delivery waits for, unless another process does; what goes wrong stands in it afterwards."""
    with alone_with(services.database.engine, delivery_id) as alone:
        with services.database.sessions() as session:
            delivery = session.get(Delivery, delivery_id)
        if not alone or delivery is None:
            return
        try:
            _do(delivery, services)
        except InvalidInputError as error:
            _write(services, delivery, status=DeliveryStatus.REFUSED, faults=_faults(error), error=None)
        except Exception as error:
            if is_away(error):
                raise
            _set_back(delivery, services, error)


def forget_old_deliveries(services: Services) -> None:
    """Keep the files of deliveries no longer that nobody started or tried again for a week."""
    idle = (Delivery.status.not_in((*_STEPS, DeliveryStatus.RUNNING)), Delivery.updated_at < func.now() - KEPT_FOR)
    with services.database.sessions.begin() as session:
        session.execute(update(Delivery).where(*idle).values(files=[]))


def _do(delivery: Delivery, services: Services) -> None:
    if delivery.status == DeliveryStatus.CHECKING:
        with delivered_folder(delivery.files, services) as root:
            plan = _plan(delivery, root, services)
        _write(services, delivery, status=DeliveryStatus.READY, **plan)
    elif delivery.status == DeliveryStatus.STARTING:
        with delivered_folder(delivery.files, services) as root:
            _start(delivery, root, services)
    if delivery.status in _SAME_WORK[DeliveryStatus.STARTING]:
        _conclude_if_through(delivery.id, services)


def _plan(delivery: Delivery, root: Path, services: Services) -> dict[str, Any]:
    """What the check finds; raises `InvalidInputError` with everything that is wrong."""
    if delivery.facts:
        facts = _facts(delivery.facts, root)
        slug, counts = facts.study, {"participants": 1, "interviews": 1, "recordings": len(facts.recordings)}
        title, languages = slug, [facts.language] if facts.language else []
    else:
        study = _study(root)
        slug, title, languages, counts = study.slug, study.title, list(study.languages), _counts(study)
    with services.database.sessions() as session:
        known = session.scalar(select(Study.id).where(Study.slug == slug))
    if delivery.study_id not in (None, known):
        fault = Fault(MANIFEST, f"`study`: {slug} is not the study that the files were sent to", "choose that study")
        raise InvalidInputError("these files are of another study", (fault,))
    plan = {"study": slug, "title": title, "is_new": known is None, "languages": languages, **counts}
    return {"plan": plan, "study_id": known}


def _facts(given: Mapping[str, Any], root: Path) -> FileFacts:
    """Read the facts of a conversation; options of the command line are fields of the form here."""
    try:
        return read_facts(sorted(path for path in root.rglob("*") if path.is_file()), given)
    except InvalidInputError as error:
        raise InvalidInputError(error.message, tuple(_in_form(fault, root) for fault in error.faults)) from error


def _in_form(fault: Fault, root: Path) -> Fault:
    place = fault.place.removeprefix(f"{root}/").replace("the command line", "form")
    problem, remedy = (_OPTION.sub(r"\1", text) for text in (fault.problem, fault.remedy))
    return Fault(place, problem, remedy)


def _study(root: Path) -> StudyFolder:
    if not (root / MANIFEST).exists():
        raise InvalidInputError("this is no study folder", (_NO_MANIFEST,))
    return read_study(root)


def _counts(study: StudyFolder) -> dict[str, int]:
    return {
        "participants": len(study.participants),
        "interviews": len(study.interviews),
        "recordings": sum(len(entry.recordings) for entry in study.interviews),
        "codes": len(study.codebook),
        "sources": len(study.sources),
        "taggings": len(study.taggings),
        "insights": len(study.insights),
    }


def _start(delivery: Delivery, root: Path, services: Services) -> None:
    """Register everything; the interviews are queued when all of it stands in the delivery."""
    if delivery.facts:
        filed = register_file(_facts(delivery.facts, root), services)
        study_id, runs, notes = filed.study_id, [_run(filed.interview, filed.outcome)], list[str]()
    else:
        begun = begin(_study(root), services, _in_silence)
        study_id, notes = begun.study_id, list(_source_notes(begun))
        left_out = [_run(report.interview, report) for report in begun.left_out]
        entries = begun.study.interviews
        runs = left_out + [_run(entry.id, register_interview(begun.study, entry, services)) for entry in entries]
    ids = [uuid.UUID(entry["run"]) for entry in runs if entry["run"]]
    report = {"notes": notes}
    values = {"status": DeliveryStatus.RUNNING, "study_id": study_id, "runs": runs, "report": report, "faults": []}
    with services.database.sessions.begin() as session:
        if _written(session, delivery, **values):
            enqueue(session, ids)
        else:  # somebody gave it up meanwhile
            cancelled = update(IngestRun).where(IngestRun.id.in_(ids), IngestRun.status == "queued")
            session.execute(cancelled.values(status="cancelled", updated_at=func.now()))


def _run(interview: str, outcome: uuid.UUID | InterviewReport) -> dict[str, str | None]:
    if isinstance(outcome, InterviewReport):
        return {"interview": interview, "run": None, "status": outcome.status, "problem": outcome.problem}
    return {"interview": interview, "run": str(outcome), "status": "queued", "problem": None}


def conclude_deliveries(study_id: uuid.UUID, services: Services) -> None:
    """Store what rests on the interviews of deliveries, as soon as none of theirs is on its way any more."""
    running = select(Delivery.id).where(Delivery.study_id == study_id, Delivery.status == DeliveryStatus.RUNNING)
    with services.database.sessions() as session:
        ids = session.scalars(running.order_by(Delivery.created_at, Delivery.id)).all()
    for delivery_id in ids:
        deliver(delivery_id, services)


def _conclude_if_through(delivery_id: uuid.UUID, services: Services) -> None:
    with services.database.sessions() as session:
        delivery = session.get(Delivery, delivery_id)
        if delivery is None or delivery.status != DeliveryStatus.RUNNING:
            return
        statuses = _run_statuses(session, delivery)
    if not statuses.isdisjoint(_UNFINISHED):
        return
    notes = list(delivery.report.get("notes", []))
    if delivery.study_id is not None and not delivery.facts:
        with delivered_folder(delivery.files, services) as root:
            notes += _conclude(_study(root), delivery.study_id, services)
    through = statuses <= {"published"}
    files = [] if through else delivery.files
    _write(services, delivery, status=DeliveryStatus.FINISHED, report={"notes": notes}, files=files, error=None)
    if through:
        for sha256 in sorted({str(file["sha256"]) for file in delivery.files}):
            with services.database.sessions.begin() as session:
                discard_unless_used(session, services.blobs, sha256)


def _conclude(study: StudyFolder, study_id: uuid.UUID, services: Services) -> Iterator[str]:
    with services.database.sessions() as session:
        study, _ = without_erased(session, services.vault, study)
    report = conclude(Begun(study, study_id, (), ()), services, _in_silence, changed=False)
    yield from map(str, report.faults)
    for insight in report.insights:
        yield from (f"{insight.insight}: {warning}" for warning in insight.warnings)


def _source_notes(begun: Begun) -> Iterator[str]:
    for source in begun.sources:
        yield from (f"{source.file}: {told}" for told in (*filter(None, [source.problem]), *source.warnings))


def _run_statuses(session: Session, delivery: Delivery) -> set[str]:
    ids = [uuid.UUID(entry["run"]) for entry in delivery.runs if entry["run"]]
    return set(session.scalars(select(IngestRun.status).where(IngestRun.id.in_(ids))))


def _set_back(delivery: Delivery, services: Services, error: Exception) -> None:
    """Let a delivery wait, be tried again, or fail after the fifth attempt or for good."""
    setback = weigh(error)
    if not setback.is_expected:
        log.error("a delivery failed unexpectedly", delivery=str(delivery.id), exc_info=error)
    attempts = delivery.attempts + 1
    waits = setback.consequence is Consequence.WAIT
    if waits or (setback.consequence is Consequence.TRY_AGAIN and attempts < MOST_ATTEMPTS):
        _write(services, delivery, error=setback.problem, attempts=attempts)
    else:
        _write(services, delivery, status=DeliveryStatus.FAILED, error=setback.problem, attempts=attempts)


def _write(services: Services, delivery: Delivery, **values: object) -> None:
    with services.database.sessions.begin() as session:
        _written(session, delivery, **values)


def _written(session: Session, delivery: Delivery, **values: object) -> bool:
    """Write to a delivery whose status nobody changed meanwhile; tells whether that is so."""
    unchanged = (Delivery.id == delivery.id, Delivery.status.in_(_SAME_WORK[DeliveryStatus(delivery.status)]))
    changed = update(Delivery).where(*unchanged).values(updated_at=func.now(), **values).returning(Delivery.id)
    return session.scalar(changed) is not None


def _faults(error: InvalidInputError) -> list[dict[str, str]]:
    return [
        asdict(fault) for fault in error.faults or (Fault(MANIFEST, error.message, "correct it and send it again"),)
    ]


def _in_silence(*_: object) -> None:
    """Tell nobody how far it is: that is seen in the runs."""
