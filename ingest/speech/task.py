"""What is asked of the transcriber: the recordings, what is known about their languages, the limits."""

from dataclasses import dataclass, field
from pathlib import Path

SAMPLE_HZ = 16_000
"""What Whisper and the voice activity detection listen to."""


@dataclass(frozen=True, slots=True)
class Track:
    """One recording; `label` names its only speaker where each speaker has a recording of their own."""

    path: Path
    label: str | None = None


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """What a recording may be and may cost; one that goes beyond is refused."""

    size_bytes: int = 4 * 1024**3
    duration_s: int = 6 * 3600
    streams: int = 16
    memory_bytes: int = 1_500_000_000
    """Beside the models; not enforced while a GPU works, whose driver maps more than any limit."""
    decode_cpu_s: int = 1_800
    """Processor seconds to decode the recordings of an interview, and to load models."""
    cpu_per_audio: int = 100
    """Processor seconds that a second of audio may take to transcribe."""
    stall_s: int = 900
    """Longest time without any news of the work."""


@dataclass(frozen=True, slots=True)
class SpeechTask:
    """How to transcribe the recordings of one interview.

    `interview_languages` are the participant's and the interviewer's; where they are `alternating`, the language is
    told for each stretch of speech, else only checked. Languages are ISO 639-1 codes. `device` and `compute_type` may
    be `auto`; `threads` 0 takes half of the cores, so that whoever asks meanwhile is answered. `diarizer` names what
    tells the voices of one track apart, with its models in the folder `diarizer_models`; `speakers` is how many are
    expected, `None`: not known.
    """

    languages: tuple[str, ...]
    interview_languages: tuple[str, ...]
    alternating: bool
    split_channels: bool
    model: str
    device: str = "auto"
    compute_type: str = "auto"
    threads: int = 0
    diarizer: str | None = None
    diarizer_models: Path | None = None
    speakers: int | None = None
    limits: MediaLimits = field(default_factory=MediaLimits)

    @property
    def models(self) -> tuple[object, ...]:
        """What decides which models are loaded, and how."""
        return (self.model, self.device, self.compute_type, self.threads, self.diarizer, self.diarizer_models)

    @property
    def candidates(self) -> tuple[str, ...]:
        """The languages that a stretch of speech may be in, the participant's first."""
        spoken = tuple(dict.fromkeys(self.interview_languages))
        if not spoken or (self.alternating and len(spoken) == 1):
            return tuple(dict.fromkeys((*spoken, *self.languages)))
        return spoken if self.alternating else spoken[:1]
