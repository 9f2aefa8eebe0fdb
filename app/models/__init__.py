"""The tables, by aggregate. Migrations make them; these classes map them."""

from app.models.answers import Answer, AnswerCitation, ApiKey
from app.models.base import Base
from app.models.index import Calibration, Code, EmbeddingModel, Passage, Tagging
from app.models.interviews import IngestRun, Interview, InterviewParticipant, Recording, Transcript, Utterance
from app.models.studies import Customer, Participant, Segment, Study, TeamMember
from app.models.uploads import UploadKey

__all__ = [
    "Answer",
    "AnswerCitation",
    "ApiKey",
    "Base",
    "Calibration",
    "Code",
    "Customer",
    "EmbeddingModel",
    "IngestRun",
    "Interview",
    "InterviewParticipant",
    "Participant",
    "Passage",
    "Recording",
    "Segment",
    "Study",
    "Tagging",
    "TeamMember",
    "Transcript",
    "UploadKey",
    "Utterance",
]
