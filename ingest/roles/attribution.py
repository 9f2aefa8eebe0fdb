"""What role attribution takes and gives: the context that the study knows, and one attribution per turn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from app.language import primary_language
from app.vocabulary import Mode, Role

Embed = Callable[[Sequence[str]], NDArray[np.float32]]

# Below this probability an inferred role is not good enough to act on: the turn is `unknown`.
SURE = 0.75


class Basis(StrEnum):
    """What an attribution rests on, the strongest first."""

    PERSON = "person"
    MANIFEST = "manifest"
    NAME = "name"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose words a turn holds.

    `participant` is a participant's code; `None` for other roles, and where it is open which of several it was.
    `confidence` in [0, 1] is the probability of the role; of `unknown`, that of the best guess, which was not enough.
    """

    role: Role
    participant: str | None
    basis: Basis
    confidence: float


@dataclass(frozen=True)
class RoleContext:
    """What the study knows about the people of one interview.

    `participants` maps the code of each participant of this interview to the names that a transcript may show for
    them; `team` holds the ids and names of the study's team; `speakers` is the manifest's map of labels to a role or to
    a participant's code. Languages are ISO 639-1 codes, with or without a region; `None`: not known.
    """

    mode: Mode
    participants: Mapping[str, Sequence[str]]
    participant_language: str | None = None
    interviewer_language: str | None = None
    team: Sequence[str] = ()
    speakers: Mapping[str, str] = field(default_factory=dict)

    @property
    def only_participant(self) -> str | None:
        """The participant's code where the interview has exactly one."""
        return next(iter(self.participants)) if len(self.participants) == 1 else None

    def in_participant_language(self, language: str) -> bool:
        """Whether a turn in this language may be the participant's own words when somebody interprets."""
        own = self.participant_language
        return own is None or primary_language(language) == primary_language(own)


def inferred(role: Role, confidence: float, participant: str | None) -> Attribution:
    """An attribution that the conversation suggests: `unknown` unless it is sure enough."""
    if confidence < SURE:
        role = Role.UNKNOWN
    return Attribution(role, participant if role is Role.PARTICIPANT else None, Basis.INFERRED, confidence)
