"""The words of the field that all parts share: roles, polarities, codebook kinds, languages."""

from enum import StrEnum


class Role(StrEnum):
    """Who speaks an utterance; only a participant is ever quoted."""

    PARTICIPANT = "participant"
    INTERVIEWER = "interviewer"
    INTERPRETER = "interpreter"
    OTHER = "other"
    UNKNOWN = "unknown"


class Mode(StrEnum):
    """How an interview was held."""

    DIRECT = "direct"
    INTERPRETED = "interpreted"


class Polarity(StrEnum):
    """Whether a tagged span affirms a code or denies it."""

    AFFIRMED = "affirmed"
    DENIED = "denied"


class TaggingBasis(StrEnum):
    """What a tagging is by: a person, a rule over words, a model."""

    PERSON = "person"
    RULE = "rule"
    MODEL = "model"


class Kind(StrEnum):
    """The kinds of the codebook; push, pull, anxiety and habit are the four forces of progress (Moesta, Spiek)."""

    PROFILE = "profile"
    CONTEXT = "context"
    TRIGGER = "trigger"
    JOB_FUNCTIONAL = "job_functional"
    JOB_EMOTIONAL = "job_emotional"
    JOB_SOCIAL = "job_social"
    PUSH = "push"
    PULL = "pull"
    ANXIETY = "anxiety"
    HABIT = "habit"
    ALTERNATIVE = "alternative"
    CRITERION = "criterion"
    TRADEOFF = "tradeoff"
    DECISION = "decision"
    AHA = "aha"
    SUCCESS = "success"
    PROBLEM = "problem"
    DISAPPOINTMENT = "disappointment"
    ROUTINE = "routine"
    COMPETITOR_REASON = "competitor_reason"


class Dimension(StrEnum):
    """The dimensions on which the criteria of a segment lie."""

    GOALS_AND_MOTIVATION = "goals_and_motivation"
    RISK_ATTITUDE = "risk_attitude"
    EXPERIENCE = "experience"
    DISCIPLINE = "discipline"
    ROUTINES_AND_RITUALS = "routines_and_rituals"
    LEARNING_AND_DECISION_STYLE = "learning_and_decision_style"


class Stance(StrEnum):
    """Whether words speak for a conclusion or against it."""

    FOR = "for"
    AGAINST = "against"


class DeliveryStatus(StrEnum):
    """How far files are that came over the web: a worker checks them, somebody starts them, a worker registers them."""

    CHECKING = "checking"
    REFUSED = "refused"
    READY = "ready"
    STARTING = "starting"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobField(StrEnum):
    """What the story of a job consists of: the four forces, the timeline of the decision, who was hired and fired.

    Source: Moesta, Spiek, "The Jobs-to-be-Done Handbook", 2014 (timeline and forces).
    """

    PUSH = "push"
    PULL = "pull"
    ANXIETY = "anxiety"
    HABIT = "habit"
    FIRST_THOUGHT = "first_thought"
    PASSIVE_LOOKING = "passive_looking"
    ACTIVE_LOOKING = "active_looking"
    DECIDING = "deciding"
    FIRST_USE = "first_use"
    HIRED = "hired"
    FIRED = "fired"
    CONSIDERED = "considered"


class SourceKind(StrEnum):
    """What an external document is."""

    COMPETITOR = "competitor"
    ARTICLE = "article"
    REPORT = "report"
    REVIEW = "review"
    OTHER = "other"


TRANSCRIPTION_NAME = "recording.transcription.json"
"""What the source of a transcript version is called that was made from recordings."""
