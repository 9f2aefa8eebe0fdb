"""The agreement of persons with each other, and with the tagger, read from what is stored and published."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Fault, InvalidInputError, suggest_name
from app.library.queries import find_study
from app.research.codebook.agreement_schemas import CodeAgreement, CoderAgreement
from app.research.codebook.coders import Compared, Said, compare, gather
from app.services import Services
from app.tagging.store import TAGGER, PublishedTalk, read_codes, read_talk
from app.tagging.tagger import Tagger
from app.tagging.taggings import NewTagging
from app.tagging.targets import TagCode

By = Literal["code", "kind"]

_CODED = """
SELECT tagging.author AS coder, tagging.utterance_id, passage.interview_id, code.code, code.kind, tagging.polarity
FROM tagging JOIN code ON code.id = tagging.code_id AND code.retired_at IS NULL
  JOIN quotable AS passage ON passage.utterance_id = tagging.utterance_id
WHERE tagging.study_id = :study_id AND tagging.basis = 'person' AND tagging.author = ANY(:coders)
"""

_CODERS = """
SELECT DISTINCT author FROM tagging JOIN quotable AS passage USING (utterance_id)
WHERE tagging.study_id = :study_id AND basis = 'person' ORDER BY author
"""


@dataclass(frozen=True)
class WantedAgreement:
    """Whose agreement is wanted, on what; without coders that of all persons."""

    coders: tuple[str, ...] = ()
    by: By = "code"


def read_agreement(services: Services, study: str, wanted: WantedAgreement) -> CoderAgreement:
    """How well coders agree. The tagger, if it is one of them, tags anew, without knowing what persons did there.

    Raises:
        NotFoundError: there is no such study.
        InvalidInputError: a coder is unknown, or there is only one.
    """
    with services.database.sessions.begin() as session:
        study_id = find_study(session, study)
        coders = _coders(session, study_id, wanted.coders)
        persons = [coder for coder in coders if coder != TAGGER]
        rows = session.execute(text(_CODED), {"study_id": study_id, "coders": persons}).all()
    said = list(_said(rows, wanted.by))
    read: dict[str, list[str]] = {coder: [] for coder in coders}
    if TAGGER in coders:
        tagged = list(_tag(services, study_id, sorted({row.interview_id for row in rows}), wanted.by))
        said += [each for _, talk in tagged for each in talk]
        read[TAGGER] = [utterance for utterances, _ in tagged for utterance in utterances]
    overall, *by_code = compare(gather(said, read))
    return CoderAgreement(
        study=study, by=wanted.by, coders=coders, overall=_told(overall), codes=tuple(map(_told, by_code))
    )


def _coders(session: Session, study_id: uuid.UUID, named: Sequence[str]) -> tuple[str, ...]:
    """The coders who are named, or else all persons."""
    persons = session.scalars(text(_CODERS), {"study_id": study_id}).all()
    known = [*persons, TAGGER]
    faults = tuple(
        Fault("query.author", f"{name!r} coded nothing", suggest_name(name, known))
        for name in named
        if name not in known
    )
    if faults:
        raise InvalidInputError("some of these coded nothing", faults)
    coders = tuple(dict.fromkeys(named or persons))
    if len(coders) < 2:
        remedy = f"name another: {', '.join(name for name in known if name not in coders)}"
        raise InvalidInputError("it takes two to agree", (Fault("query.author", "there is only one coder", remedy),))
    return coders


def _said(rows: Sequence[Row[tuple[str, uuid.UUID, uuid.UUID, str, str, str]]], by: By) -> Iterator[Said]:
    for row in rows:
        yield Said(row.coder, str(row.utterance_id), row.kind if by == "kind" else row.code, row.polarity)


def _tag(
    services: Services, study_id: uuid.UUID, interviews: Sequence[uuid.UUID], by: By
) -> Iterator[tuple[list[str], list[Said]]]:
    """What the tagger says of interviews: the utterances that it reads, and its codes."""
    with services.database.sessions.begin() as session:
        codes = read_codes(session, study_id)
    tagger = Tagger.of(codes, services.embedder)
    by_id = {code.id: code for code in codes}
    for interview_id in interviews:
        with services.database.sessions.begin() as session:
            talk = read_talk(session, interview_id, whole=True)
        if talk is not None:
            said = [
                _heard(tagging, talk, by_id[tagging.code_id], by) for tagging in tagger.tag(talk.said, interview_id)
            ]
            yield [str(each) for each in talk.utterance_ids.values()], [each for each in said if each]


def _heard(tagging: NewTagging, talk: PublishedTalk, code: TagCode, by: By) -> Said | None:
    """What a tagging comes to; codes that the tagger gives beside those of the study say nothing but the kind."""
    if by == "code" and code.is_general:
        return None
    name = str(code.kind) if by == "kind" else code.code
    return Said(TAGGER, str(talk.utterance_ids[tagging.index]), name, tagging.polarity)


def _told(compared: Compared) -> CodeAgreement:
    return CodeAgreement.model_validate(asdict(compared))
