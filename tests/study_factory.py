"""A tiny study, put into the database through the models: three people, in German, Spanish and English."""

import uuid
from dataclasses import dataclass, field
from decimal import Decimal

from pgvector import HalfVector
from sqlalchemy.orm import Session

from app.embedding import Embedder
from app.index import writing_model_id
from app.models import (
    Calibration,
    Code,
    Customer,
    Interview,
    InterviewParticipant,
    Participant,
    Passage,
    Recording,
    Segment,
    Study,
    Tagging,
    TeamMember,
    Transcript,
    Utterance,
)
from app.vocabulary import Kind, Mode, Polarity, Role


@dataclass(frozen=True)
class Turn:
    """What a participant says, or who has another role; `tagged` puts the code AX1 on the first sentence."""

    text: str
    language: str
    role: Role = Role.PARTICIPANT
    speaker: str | None = None
    tagged: Polarity | None = None


@dataclass(frozen=True)
class Person:
    """A participant with one interview: P01 in I01; `name` is what the platform calls the person."""

    code: str
    name: str
    language: str
    segment: str
    ltv_eur: int
    abcd_class: str
    turns: tuple[Turn, ...]
    quotes_allowed: bool = True


@dataclass(frozen=True)
class MadeStudy:
    """The study, with the ids of what routes are asked for."""

    slug: str
    study_id: uuid.UUID
    model_id: uuid.UUID
    utterances: dict[tuple[str, int], uuid.UUID] = field(default_factory=dict)
    transcripts: dict[str, uuid.UUID] = field(default_factory=dict)


def people(marker: str = "") -> tuple[Person, ...]:
    """Three people who were afraid, or not, to lose their money; each turn holds the marker."""
    german = (
        Turn(f"Was hat Sie zögern lassen? {marker}", "de", Role.INTERVIEWER, "Anna"),
        Turn(
            f"Ich hatte Angst, dass mein Geld weg ist, wenn die App verschwindet. {marker} Meine Bank kenne ich ja.",
            "de",
            speaker="Katrin Vogel",
            tagged=Polarity.AFFIRMED,
        ),
        Turn(f"Und wann hat es klick gemacht? {marker}", "de", Role.INTERVIEWER, "Anna"),
        Turn(f"Als ich die erste Rate automatisch gespart habe. {marker}", "de", speaker="Katrin Vogel"),
    )
    spanish = (
        Turn(f"What made you hesitate? {marker}", "en", Role.INTERVIEWER, "Owen"),
        Turn(f"¿Qué le hizo dudar? {marker}", "es", Role.INTERPRETER, "Carmen Ruiz"),
        Turn(f"Tenía miedo de perder todo mi dinero. {marker}", "es", speaker="Carmen Ruiz", tagged=Polarity.AFFIRMED),
        Turn(f"I was afraid of losing all my money. {marker}", "en", Role.INTERPRETER, "Carmen Ruiz"),
    )
    english = (
        Turn(f"What made you hesitate? {marker}", "en", Role.INTERVIEWER, "Owen"),
        Turn(f"No, losing money was never a worry for me. {marker}", "en", speaker="Joe Kerr", tagged=Polarity.DENIED),
    )
    return (
        Person("P01", "Katrin Vogel", "de", "careful", 320, "A", german),
        Person("P02", "Carmen Ruiz", "es", "starter", 40, "C", spanish),
        Person("P03", "Joe Kerr", "en", "careful", 700, "A", english),
    )


def add_study(
    session: Session, embedder: Embedder, slug: str, persons: tuple[Person, ...] | None = None, marker: str = ""
) -> MadeStudy:
    """Add a published study in which every text holds the marker."""
    study = Study(slug=slug, title=f"Why they stay {marker}", languages=["de", "es", "en"], competitors=[])
    session.add(study)
    session.flush()
    made = MadeStudy(slug, study.id, writing_model_id(session, embedder.identity))
    session.add(TeamMember(study_id=study.id, code="anna", name=f"Anna {marker}", role="researcher"))
    session.add(Calibration(study_id=study.id, model_id=made.model_id, sizes=[1], strong=[0.5], fair=[0.1]))
    segments = {
        name: Segment(study_id=study.id, slug=name, labels={"en": f"{name} {marker}"}, aliases=[], criteria=[])
        for name in ("careful", "starter")
    }
    session.add_all(segments.values())
    code = _code(made, embedder, marker)
    session.add(code)
    session.flush()
    for person in persons if persons is not None else people(marker):
        _add_person(session, embedder, made, person, segments[person.segment].id, code.id)
    session.flush()
    return made


def _code(made: MadeStudy, embedder: Embedder, marker: str) -> Code:
    label = f"Fear of losing the money {marker}".strip()
    return Code(
        study_id=made.study_id,
        code="AX1",
        kind=Kind.ANXIETY,
        labels={"en": label},
        about="",
        examples=[],
        model_id=made.model_id,
        embedding=HalfVector(embedder.embed_passages([label])[0]),
    )


def _add_person(
    session: Session, embedder: Embedder, made: MadeStudy, person: Person, segment_id: uuid.UUID, code_id: uuid.UUID
) -> None:
    customer = Customer(
        study_id=made.study_id,
        code=f"C-{person.code}",
        ltv_eur=Decimal(person.ltv_eur),
        band="200-500" if 200 <= person.ltv_eur < 500 else "other",
        abcd_class=person.abcd_class,
        attributes={},
    )
    session.add(customer)
    session.flush()
    participant = Participant(
        study_id=made.study_id,
        code=person.code,
        customer_id=customer.id,
        customer_code=customer.code,
        segment_id=segment_id,
        language=person.language,
        attributes={"name": person.name, "age": "40"},
    )
    interview = Interview(
        study_id=made.study_id,
        code=f"I{person.code[1:]}",
        mode=Mode.INTERPRETED if any(turn.role is Role.INTERPRETER for turn in person.turns) else Mode.DIRECT,
        interviewer="anna",
        speakers={},
        consent={"recording": True, "quotes": person.quotes_allowed},
    )
    session.add_all([participant, interview])
    session.flush()
    session.add(InterviewParticipant(interview_id=interview.id, participant_id=participant.id))
    session.add(
        Recording(study_id=made.study_id, interview_id=interview.id, sha256="0" * 64, name="call.wav", size_bytes=1)
    )
    add_version(session, embedder, made, interview, participant.id, person, code_id)


def add_version(
    session: Session,
    embedder: Embedder,
    made: MadeStudy,
    interview: Interview,
    participant_id: uuid.UUID,
    person: Person,
    code_id: uuid.UUID,
    version: int = 1,
) -> None:
    """Publish a transcript version of an interview in place of the former one."""
    transcript = Transcript(
        id=uuid.uuid4(),
        study_id=made.study_id,
        interview_id=interview.id,
        version=version,
        maker="test",
        source_name="call.vtt",
        source_sha256="0" * 64,
        source=b"",
        fingerprint=str(version),
    )
    session.add(transcript)
    session.flush()
    made.transcripts[interview.code] = transcript.id
    session.query(Passage).filter(Passage.interview_id == interview.id).delete()
    question_id = None
    for index, turn in enumerate(person.turns):
        utterance = _utterance(transcript, interview, participant_id, index, turn)
        session.add(utterance)
        session.flush()
        made.utterances[interview.code, index] = utterance.id
        if turn.role is Role.INTERVIEWER:
            question_id = utterance.id
        if turn.role is Role.PARTICIPANT and person.quotes_allowed:
            session.add(_passage(made, embedder, utterance, question_id))
        if turn.tagged:
            session.add(_tagging(made, utterance, code_id, turn.tagged))
    interview.transcript_id = transcript.id
    session.flush()


def _utterance(
    transcript: Transcript, interview: Interview, participant_id: uuid.UUID, index: int, turn: Turn
) -> Utterance:
    return Utterance(
        id=uuid.uuid4(),
        study_id=interview.study_id,
        interview_id=interview.id,
        transcript_id=transcript.id,
        participant_id=participant_id if turn.role is Role.PARTICIPANT else None,
        index=index,
        speaker=turn.speaker,
        role=turn.role,
        role_basis="test",
        role_confidence=1.0,
        language=turn.language,
        language_confidence=1.0,
        text=turn.text,
        start_ms=index * 10_000,
        end_ms=index * 10_000 + 8_000,
        cues=[],
    )


def _passage(made: MadeStudy, embedder: Embedder, utterance: Utterance, question_id: uuid.UUID | None) -> Passage:
    return Passage(
        utterance_id=utterance.id,
        study_id=made.study_id,
        interview_id=utterance.interview_id,
        participant_id=utterance.participant_id,
        question_id=question_id,
        language=utterance.language,
        model_id=made.model_id,
        embedding=HalfVector(embedder.embed_passages([utterance.text])[0]),
    )


def _tagging(made: MadeStudy, utterance: Utterance, code_id: uuid.UUID, polarity: Polarity) -> Tagging:
    return Tagging(
        study_id=made.study_id,
        utterance_id=utterance.id,
        code_id=code_id,
        start=0,
        end=len(utterance.text.split(".")[0]) + 1,
        polarity=polarity,
        author="anna",
        basis="person",
        confidence=1.0,
    )
