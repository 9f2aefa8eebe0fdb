"""The audit: who read, exported, changed and erased what, in a chain of hashes that shows what was tampered with.

Events hold identifiers of keys, names of operations, and codes; never a quote, a question, a name or a key.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import Connection, insert, select, text
from sqlalchemy.orm import Session

from app.database import Database
from app.frozen import Frozen
from app.models import AuditEvent

LONGEST_OBJECT = 300


class Action(StrEnum):
    """What was done; `refuse` is what somebody asked for whose role allows less, and did not get."""

    READ = "read"
    ASK = "ask"
    EXPORT = "export"
    CHANGE = "change"
    ERASE = "erase"
    SIGN_IN = "sign_in"
    ADMINISTER = "administer"
    REFUSE = "refuse"


_OPERATIONS: dict[Action, str] = {
    Action.READ: """
        read_transcript read_utterance read_audio read_job_story read_answer list_quotes read_collection read_insight
        read_hypothesis read_segment list_matrix_quotes list_taggings list_review_queue list_reviews read_themes
        read_originals show_interview show_answer show_quotes show_collection show_insight show_hypothesis show_segment
        show_cell show_news qualify_customer show_qualification
        get_quote_context search_quotes read_artefact""",
    Action.ASK: "create_answer create_chat_completion ask ask_interviews",
    Action.EXPORT: "export_codebook export_project export_taggings export_participant read_report export",
    Action.ERASE: "erase_participant erase_interview erase_on_page",
    Action.ADMINISTER: "make_key end_key",
    Action.SIGN_IN: "sign_in return_from_provider",
}
_COMMANDS: dict[Action, tuple[str, ...]] = {
    Action.READ: (
        *(
            "quotes",
            "story",
            "reveal",
            "insights show",
            "hypotheses show",
            "segments show",
            "segments qualify",
            "codebook themes",
        ),
        *("taggings review", "taggings verdicts"),
    ),
    Action.ASK: ("ask",),
    Action.EXPORT: ("export", "report", "backup"),
    Action.CHANGE: (
        *("import", "ingest", "retag", "reembed", "consent set", "economics import"),
        *(f"codebook {each}" for each in ("add", "edit", "merge", "split", "retire", "restore", "name-theme")),
        *(f"taggings {each}" for each in ("add", "remove", "accept", "correct", "reject", "undo")),
        *(f"insights {each}" for each in ("add", "edit", "link", "unlink", "import")),
        *(f"hypotheses {each}" for each in ("add", "test", "remove", "import")),
        *(f"sources {each}" for each in ("add", "refresh", "remove")),
    ),
    Action.ERASE: ("erase",),
    Action.ADMINISTER: ("keys", "sessions end", "restore", "retention set"),
}
ACTIONS: Mapping[str, Action] = MappingProxyType(
    {name: action for action, names in _OPERATIONS.items() for name in names.split()}
    | {f"verbatim {name}": action for action, names in _COMMANDS.items() for name in names}
)
"""What the operations of REST, the pages, MCP and the command line are; others are changes, or do not count."""
UNSAID = frozenset({"keep_preferences", "post_message", "end_session"})
"""Operations that are sent, and change nothing of a study."""


@dataclass(frozen=True)
class Deed:
    """What somebody is about to do."""

    actor: str
    action: Action
    operation: str
    study: str | None = None
    object: str | None = None
    request_id: str | None = None


class AuditEntry(Frozen):
    """One event of the audit."""

    id: int
    at: dt.datetime
    actor: str
    action: Action
    operation: str
    study: str | None
    object: str | None
    request_id: str | None
    hash: str


class ExportMade(Frozen):
    """An export, by the number of its event in the audit: when, by whom, and what it was."""

    event: int
    at: dt.datetime
    actor: str
    operation: str


class AuditCheck(Frozen):
    """Whether the chain holds: the number of events, the hash of the last, the first that does not fit."""

    events: int
    head: str | None
    broken_at: int | None

    @property
    def is_whole(self) -> bool:
        """Whether every event is as it was written, and none is missing before the last."""
        return self.broken_at is None


@dataclass(frozen=True)
class Wanted:
    """Which events are wanted; `studies` are those that the reader administers, `None` is all.

    `actor` is who it was as an event says it, or the identifier of a key alone.
    """

    study: str | None = None
    actor: str | None = None
    action: Action | None = None
    since: dt.datetime | None = None
    studies: Collection[str] | None = None
    hash: str | None = None


def action_of(operation: str, *, changes: bool, as_file: bool = False) -> Action | None:
    """What an operation counts as; what is read as a file is exported, `None` is not written down."""
    if operation in UNSAID:
        return None
    action = ACTIONS.get(operation, Action.CHANGE if changes else None)
    return Action.EXPORT if as_file and action is Action.READ else action


def record(database: Database, deed: Deed) -> None:
    """Write a deed down, before it is done: the one place where the audit is written."""
    values = {
        "id": 0,  # the database numbers the events
        "actor": deed.actor,
        "action": deed.action,
        "operation": deed.operation,
        "study": deed.study,
        "object": deed.object[:LONGEST_OBJECT] if deed.object else None,
        "request_id": deed.request_id,
    }
    with database.sessions.begin() as session:
        session.execute(insert(AuditEvent).inline().values(values))


def list_events(session: Session, wanted: Wanted, before: int | None, limit: int) -> tuple[AuditEntry, ...]:
    """Events, the newest first, from the one before a number on."""
    statement = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(limit)
    for column, value in ((AuditEvent.study, wanted.study), (AuditEvent.hash, wanted.hash)):
        if value is not None:
            statement = statement.where(column == value)
    if wanted.actor is not None:
        statement = statement.where(AuditEvent.actor.in_((wanted.actor, f"key {wanted.actor}")))
    if wanted.action is not None:
        statement = statement.where(AuditEvent.action == wanted.action)
    if wanted.since is not None:
        statement = statement.where(AuditEvent.at >= wanted.since)
    if wanted.studies is not None:
        statement = statement.where(AuditEvent.study.in_(wanted.studies))
    if before is not None:
        statement = statement.where(AuditEvent.id < before)
    return tuple(AuditEntry.model_validate(event, from_attributes=True) for event in session.scalars(statement))


def exports_since(
    connection: Connection, study: str, since: dt.datetime, participants: Collection[str]
) -> tuple[ExportMade, ...]:
    """The exports since a time that may hold words of a study, the newest first.

    Archives of one participant count if it is one of these; codebooks hold nobody's words. Commands that name no study
    count for all.
    """
    of_people = [f"code {code}" for code in participants]
    rows = connection.execute(text(_EXPORTS), {"study": study, "since": since, "of_people": of_people}).mappings()
    return tuple(ExportMade.model_validate(dict(row)) for row in rows)


def verify_chain(session: Session) -> AuditCheck:
    """Compute the chain anew. Events taken from its end show only against a head that was noted elsewhere."""
    row = session.execute(text(_VERIFY)).one()
    return AuditCheck(events=row.events, head=row.head, broken_at=row.broken_at)


_EXPORTS = """
SELECT id AS event, at, actor, operation FROM audit_event
WHERE action = 'export' AND at >= :since AND (study IS NULL OR :study = ANY(string_to_array(study, ', ')))
  AND operation !~ 'codebook$' AND (operation !~ 'participant$' OR object = ANY(:of_people))
ORDER BY id DESC
"""

_VERIFY = """
SELECT count(*) AS events, (array_agg(hash ORDER BY id DESC))[1] AS head,
  min(id) FILTER (WHERE hash <> audit_hash(event) OR previous <> before OR id <> number) AS broken_at
FROM (
  SELECT audit_event AS event, id, hash, previous, coalesce(lag(hash) OVER (ORDER BY id), '') AS before,
    row_number() OVER (ORDER BY id) AS number
  FROM audit_event) AS chain
"""
