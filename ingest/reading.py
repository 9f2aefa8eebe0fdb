"""From the bytes of a transcript to its utterances: who says what, in which language, when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.embedding import Embedder
from app.pseudonyms.find import Finder
from app.vocabulary import Role
from ingest.aligned import at_heard_times
from ingest.corrected import with_words
from ingest.decisions import carry_over
from ingest.importers import parse_transcript
from ingest.pseudonymise import Spoken, pseudonymise
from ingest.roles import Attribution, RoleContext, attribute_speech
from ingest.store import AttributedUtterance, InterviewSource
from ingest.transcript import Turn
from ingest.utterances import merge_cues

_ASKING = {Role.INTERVIEWER, Role.INTERPRETER}


@dataclass(frozen=True)
class Reading:
    """The utterances of a transcript, and what whoever reads them should know."""

    utterances: tuple[AttributedUtterance, ...]
    warnings: tuple[str, ...]


def read_utterances(source: InterviewSource, embedder: Embedder, finders: tuple[Finder, ...] = ()) -> Reading:
    """Read a transcript: each utterance with its language and its role; whom nobody can name is not quoted.

    Raises:
        TranscriptError: the transcript cannot be read.
    """
    parsed = parse_transcript(source.source, source.source_name)
    turns = merge_cues(parsed.cues)
    spoken = attribute_speech(turns, _languages(source), _context(source), embedder.embed_passages)
    placed, doubts = at_heard_times([said.turn for said in spoken], source.heard)
    corrected = with_words(placed, source.corrected_words)
    marked = pseudonymise(
        [
            Spoken(turn, said.language.language, said.attribution.role, said.attribution.participant)
            for said, turn in zip(spoken, corrected, strict=True)
        ],
        source.pseudonyms,
        finders,
    )
    decided, losses = _decisions(source, [each.turn for each in marked])
    utterances = tuple(
        AttributedUtterance(
            each.turn,
            decided.get(each.turn.index, _nameable(said.attribution)),
            said.language.language,
            said.language.confidence,
            each.marks,
        )
        for said, each in zip(spoken, marked, strict=True)
    )
    return Reading(utterances, (*parsed.warnings, *doubts, *losses, *_only_one_voice(source, utterances)))


def _only_one_voice(source: InterviewSource, utterances: Sequence[AttributedUtterance]) -> tuple[str, ...]:
    """What to say of a text that need not be a conversation at all."""
    roles = {each.attribution.role for each in utterances}
    if Role.PARTICIPANT not in roles or roles & _ASKING or any(each.turn.speaker for each in utterances):
        return ()
    problem = "nobody is named, and nobody seems to ask: what is taken for words of the participant may be none"
    return (f"{problem}; see `verbatim speakers {source.interview}`",)


def _decisions(source: InterviewSource, turns: Sequence[Turn]) -> tuple[dict[int, Attribution], tuple[str, ...]]:
    """Who speaks where a person said so, of this version or else of the one before."""
    carried = carry_over(source.former, turns)
    if not carried.lost:
        return {**carried.decided, **source.decided}, ()
    noun = "correction" if carried.lost == 1 else "corrections"
    problem = f"{carried.lost} {noun} of who speaks could not be carried over: those words are gone or no longer unique"
    return {**carried.decided, **source.decided}, (f"{problem}; see `verbatim speakers {source.interview}`",)


def _languages(source: InterviewSource) -> list[str]:
    return [*source.study_languages, *([source.interviewer_language] if source.interviewer_language else [])]


def _context(source: InterviewSource) -> RoleContext:
    return RoleContext(
        mode=source.mode,
        participants={code: names for code, (_, names) in source.participants.items()},
        participant_language=source.participant_language,
        interviewer_language=source.interviewer_language,
        team=source.team_names,
        speakers=source.speakers,
    )


def _nameable(attribution: Attribution) -> Attribution:
    """One of several participants, nobody knows which, is nobody's quote."""
    if attribution.role is Role.PARTICIPANT and attribution.participant is None:
        return replace(attribution, role=Role.UNKNOWN)
    return attribution
