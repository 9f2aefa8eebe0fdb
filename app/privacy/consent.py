"""Consent: what the participants of an interview agreed to, use by use, and until when.

It holds from the moment it is entered: the database asks it in every search (`consents_to`, and the view `quotable`).
"""

import datetime as dt
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.days import Day
from app.errors import NotFoundError
from app.frozen import Frozen
from app.models import ConsentChange, Interview
from app.tagging.store import find_study

_DEFAULTS: dict[str, Any] = {"recording": True, "quotes": True, "marketing": False, "until": None}

_LISTED = """
SELECT interview.code AS interview, interview.consent, consents_to(consent, 'recording') AS may_play,
  consents_to(consent, 'quotes') AS may_quote, consents_to(consent, 'marketing') AS may_market,
  ARRAY(SELECT participant.code FROM interview_participant
    JOIN participant ON participant.id = interview_participant.participant_id
    WHERE interview_participant.interview_id = interview.id ORDER BY participant.code) AS participants
FROM interview WHERE study_id = :study_id AND (CAST(:code AS text) IS NULL OR interview.code = :code)
ORDER BY interview.code
"""


class Consent(Frozen):
    """What somebody agreed to; after the day `until` to nothing any more."""

    recording: bool = True
    quotes: bool = True
    marketing: bool = False
    until: dt.date | None = None


class ConsentChanges(Frozen):
    """What is to be changed of a consent; what is left out stays. `unlimited` takes the last day away."""

    recording: bool | None = None
    quotes: bool | None = None
    marketing: bool | None = None
    until: Day | None = None
    unlimited: bool = False


class ConsentEntry(Frozen):
    """The consent to one interview, and what it allows today."""

    interview: str
    participants: tuple[str, ...]
    consent: Consent
    may_play: bool
    may_quote: bool
    may_market: bool


class ConsentList(Frozen):
    """The consent to the interviews of a study; `withheld` are those of which nobody is quoted or counted today."""

    study: str
    interviews: tuple[ConsentEntry, ...]
    withheld: tuple[str, ...]


def list_consent(session: Session, study: str) -> ConsentList:
    """The consent to every interview of a study.

    Raises:
        NotFoundError: there is no such study.
    """
    study_id = find_study(session, study)
    rows = session.execute(text(_LISTED), {"study_id": study_id, "code": None}).mappings()
    entries = tuple(_entry(dict(row)) for row in rows)
    return ConsentList(
        study=study, interviews=entries, withheld=tuple(each.interview for each in entries if not each.may_quote)
    )


def change_consent(session: Session, study: str, code: str, changes: ConsentChanges, author: str) -> ConsentEntry:
    """Enter what participants agree to from now on, or withdraw.

    Raises:
        NotFoundError: there is no such study or interview.
    """
    interview = session.scalar(
        select(Interview)
        .where(Interview.study_id == find_study(session, study), Interview.code == code)
        .with_for_update()
    )
    if interview is None:
        raise NotFoundError("there is no such interview in this study")
    changed = changes.model_dump(mode="json", exclude_none=True, exclude={"unlimited"})
    consent = {**_DEFAULTS, **interview.consent, **changed, **({"until": None} if changes.unlimited else {})}
    interview.consent = consent
    session.add(ConsentChange(study_id=interview.study_id, interview_id=interview.id, consent=consent, author=author))
    session.flush()
    row = session.execute(text(_LISTED), {"study_id": interview.study_id, "code": code}).mappings().one()
    return _entry(dict(row))


def _entry(row: dict[str, Any]) -> ConsentEntry:
    return ConsentEntry.model_validate({**row, "consent": {**_DEFAULTS, **row["consent"]}})
