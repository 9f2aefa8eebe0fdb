"""Access and portability (Art. 15 and 20 GDPR): everything that is held of a participant, as one archive.

It holds what the person said, with what was asked; nothing that other participants said, and no names of others.
"""

import json
import shutil
import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.frozen import Frozen
from app.media import suffix_of
from app.privacy.access_queries import MADE_OF_IT, interviews_of, made_of, person_of, recordings_of, said_in
from app.privacy.erasure import Premises
from app.privacy.originals import read_originals
from app.pseudonyms.replace import revealed
from app.pseudonyms.store import marks_of, read_placeholders
from app.vault import Vault
from app.vocabulary import Role

ABOUT = """This archive holds what is kept of participant {code} in the study {study} (Art. 15 and 20 GDPR).

participant.json   the person: attributes, segment, and what the customer base says, where it is linked
interviews/*.txt   what was said, to be read
interviews/*.json  the same with languages and times; every version of what you said, and the consent that was given
made.json          what was made of it: codes and verdicts on them, one-line summaries and translations by a machine,
                   insights, hypotheses, lists of quotes with notes, citations; what was asked of you alone or among
                   others; what was entered here of your consent, and when; files that were sent in under your code
recordings/        the recordings in which nobody else was interviewed

Words of other participants are not in it. Names, numbers and addresses that were spoken stand as placeholders, because
they may be those of others; your own name does not. Vectors, which machines compare your words by, are left out, and so
is what a machine heard in a recording only to find when your words were said. Times are in milliseconds.
"""


class ArchiveFacts(Frozen):
    """What an archive holds; `left_out` counts recordings of several people, and lost ones."""

    participant: str
    study: str
    interviews: int
    utterances: int
    recordings: int
    left_out: int


@dataclass(frozen=True)
class _Conversation:
    """An interview with what the person said in it."""

    interview: RowMapping
    said: Sequence[dict[str, Any]]
    recordings: Sequence[RowMapping]


@dataclass(frozen=True)
class _Held:
    """All rows that are held of a person."""

    person: dict[str, Any]
    conversations: Sequence[_Conversation]
    made: Mapping[str, Sequence[RowMapping]]


def export_participant(premises: Premises, study: str, code: str, target: Path) -> ArchiveFacts:
    """Write everything that is held of a participant as a zip archive: JSON, readable text, audio.

    Args:
        premises: the database and the kept files.
        study: slug of the study.
        code: code of the participant.
        target: the file to write.

    Raises:
        NotFoundError: there is no such participant in such a study.
    """
    with premises.database.sessions() as session:
        held = _read(session, premises.vault, study, code)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about.txt", ABOUT.format(code=code, study=study))
        archive.writestr("participant.json", _json(_described(held)))
        archive.writestr("made.json", _json({name: _plain(rows) for name, rows in held.made.items()}))
        for conversation in held.conversations:
            name = f"interviews/{conversation.interview['code']}"
            archive.writestr(f"{name}.json", _json(_told(conversation, code)))
            archive.writestr(f"{name}.txt", "\n".join(_lines(conversation, code)) + "\n")
        written = sum(_add_recordings(archive, premises, each) for each in held.conversations)
    total = sum(len(each.recordings) for each in held.conversations)
    return ArchiveFacts(
        participant=code,
        study=study,
        interviews=len(held.conversations),
        utterances=sum(row["role"] == "participant" for each in held.conversations for row in each.said),
        recordings=written,
        left_out=total - written,
    )


def _read(session: Session, vault: Vault, study: str, code: str) -> _Held:
    person = person_of(session, study, code)
    person_id: uuid.UUID = person["id"]
    identity = read_originals(session, vault, study, code).identity
    own = read_placeholders(session, vault, person_id).of_participant(code)
    conversations = tuple(
        _Conversation(
            interview,
            _revealed(session, vault, said_in(session, interview, person_id), own),
            recordings_of(session, interview["id"]),
        )
        for interview in interviews_of(session, person_id)
    )
    made = {name: made_of(session, name, person_id) for name in MADE_OF_IT}
    return _Held({**person, "identity": identity}, conversations, made)


def _revealed(session: Session, vault: Vault, said: Sequence[RowMapping], own: str | None) -> list[dict[str, Any]]:
    """What was said, with the person's own name where its placeholder stood; offsets count in the text with it."""
    marks = marks_of(session, vault, [row["id"] for row in said]) if own else {}
    told = [dict(row) for row in said]
    for row in told:
        if row["id"] in marks:
            row["original"] = revealed(row["text"], marks[row["id"]], own)
    return told


def _described(held: _Held) -> dict[str, Any]:
    hidden = {"id", "study_id"}
    return {name: value for name, value in held.person.items() if name not in hidden} | {
        "interviews": [each.interview["code"] for each in held.conversations]
    }


def _told(conversation: _Conversation, code: str) -> dict[str, Any]:
    is_shared, speakers = conversation.interview["is_shared"], conversation.interview["speakers"]
    own = {code} if is_shared else {code, Role.PARTICIPANT}
    shown = ("code", "date", "mode", "consent", "published_at")
    # A name or a label may name somebody else who was there.
    of_recording = ("sha256", "media_type", "size_bytes", "duration_ms", *(() if is_shared else ("name", "label")))
    return {name: conversation.interview[name] for name in shown} | {
        "with_other_participants": is_shared,
        "labels": [label for label, voice in speakers.items() if voice in own],
        "utterances": list(conversation.said),
        "recordings": [{name: row[name] for name in of_recording} for row in conversation.recordings],
    }


def _lines(conversation: _Conversation, code: str) -> Iterator[str]:
    """The newest version as a conversation, one turn a line."""
    newest = max((row["version"] for row in conversation.said), default=0)
    for row in conversation.said:
        if row["version"] == newest:
            speaker = code if row["role"] == "participant" else row["role"].capitalize()
            yield f"{speaker}: {row.get('original', row['text'])}"


def _add_recordings(archive: zipfile.ZipFile, premises: Premises, conversation: _Conversation) -> int:
    """Add the recordings that are of this person alone; gives how many those are."""
    if conversation.interview["is_shared"]:
        return 0
    added = 0
    for number, row in enumerate(conversation.recordings, start=1):
        name = f"recordings/{conversation.interview['code']}-{number}{suffix_of(row['name'])}"
        try:
            with premises.blobs.open(row["sha256"]) as stream, archive.open(name, "w", force_zip64=True) as entry:
                shutil.copyfileobj(stream, entry)
        except NotFoundError:
            continue
        added += 1
    return added


def _plain(rows: Sequence[RowMapping]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]


def _json(value: object) -> str:
    return json.dumps(to_jsonable_python(value), ensure_ascii=False, indent=2) + "\n"
