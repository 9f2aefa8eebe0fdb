"""The tables, by aggregate. Migrations make them; these classes map them."""

from app.models.answers import Answer, AnswerCitation
from app.models.audit import AuditEvent
from app.models.base import Base
from app.models.chat import ChatUsage
from app.models.collections import AnswerFeedback, CollectedQuote, Collection
from app.models.deliveries import Delivery
from app.models.enrichment import JobRecord, JobRecordEntry, PassageGist
from app.models.identity import ApiKey, ApiKeyStudy, LoginSession
from app.models.index import Calibration, Code, EmbeddingModel, Lexeme, Lexicon, Passage, Tagging
from app.models.interviews import (
    Alignment,
    ConsentChange,
    IngestRun,
    Interview,
    InterviewParticipant,
    Recording,
    Transcript,
    Utterance,
)
from app.models.limits import RateLimit
from app.models.privacy import ErasedSubject, Erasure
from app.models.pseudonyms import Pseudonym
from app.models.research import (
    CodeChange,
    Hypothesis,
    HypothesisEvidence,
    HypothesisVerdict,
    Insight,
    InsightEvidence,
    TaggingReview,
)
from app.models.sources import Source, SourceChunk, SourceVersion
from app.models.studies import Customer, Participant, Segment, Study, TeamMember
from app.models.translations import QuoteTranslation
from app.models.uploads import UploadKey

__all__ = [
    "Alignment",
    "Answer",
    "AnswerCitation",
    "AnswerFeedback",
    "ApiKey",
    "ApiKeyStudy",
    "AuditEvent",
    "Base",
    "Calibration",
    "ChatUsage",
    "Code",
    "CodeChange",
    "CollectedQuote",
    "Collection",
    "ConsentChange",
    "Customer",
    "Delivery",
    "EmbeddingModel",
    "ErasedSubject",
    "Erasure",
    "Hypothesis",
    "HypothesisEvidence",
    "HypothesisVerdict",
    "IngestRun",
    "Insight",
    "InsightEvidence",
    "Interview",
    "InterviewParticipant",
    "JobRecord",
    "JobRecordEntry",
    "Lexeme",
    "Lexicon",
    "LoginSession",
    "Participant",
    "Passage",
    "PassageGist",
    "Pseudonym",
    "QuoteTranslation",
    "RateLimit",
    "Recording",
    "Segment",
    "Source",
    "SourceChunk",
    "SourceVersion",
    "Study",
    "Tagging",
    "TaggingReview",
    "TeamMember",
    "Transcript",
    "UploadKey",
    "Utterance",
]
