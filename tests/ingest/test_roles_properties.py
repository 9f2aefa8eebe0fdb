"""What role attribution never does, for any conversation."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.language import LanguageGuess
from app.vocabulary import Mode, Role
from ingest.roles import Attribution, Basis, RoleContext, attribute_roles
from ingest.roles.labels import known_voices
from ingest.transcript import Turn

LABELS = ("P01", "Owen Hale", "Interpreter", "Speaker 1", "Speaker 2", "Speaker 3")
TEXTS = (
    "¿Y qué fue lo primero que hizo?",
    "Pedir hora en la sucursal, un martes a las nueve.",
    "I asked for an appointment at the branch.",
    "What did you do first?",
    "Erzählen Sie mal.",
    "ja also ich hab dann da angerufen",
    "Ok",
    "",
)

Spoken = tuple[str | None, str, LanguageGuess]

spoken_lists = st.lists(
    st.tuples(
        st.none() | st.sampled_from(LABELS) | st.text(max_size=6),
        st.sampled_from(TEXTS) | st.text(max_size=30),
        st.builds(LanguageGuess, st.sampled_from(["de", "es", "en"]), st.floats(0.0, 1.0)),
    ),
    max_size=9,
)
contexts = st.builds(
    RoleContext,
    mode=st.sampled_from(Mode),
    participants=st.sampled_from([{}, {"P01": ("Rosa",)}, {"P01": (), "P02": ("Hale",)}]),
    participant_language=st.sampled_from([None, "es", "es-MX", "de"]),
    interviewer_language=st.sampled_from([None, "en", "es"]),
    team=st.sampled_from([(), ("Owen Hale", "owen")]),
    speakers=st.dictionaries(st.sampled_from(LABELS), st.sampled_from([*Role, "P01", "nobody"]), max_size=3),
)
decisions = st.dictionaries(
    st.integers(0, 8), st.builds(Attribution, st.sampled_from(Role), st.none(), st.just(Basis.PERSON), st.just(1.0))
)


def attribute(
    spoken: list[Spoken], context: RoleContext, decided: Mapping[int, Attribution] | None = None
) -> tuple[Attribution, ...]:
    """Attribute what was spoken, two seconds a turn."""
    turns = [
        Turn(index, label, text, 2_000 * index, 2_000 * index + 1_500, None, None, ())
        for index, (label, text, _) in enumerate(spoken)
    ]
    return attribute_roles(turns, [guess for _, _, guess in spoken], context, decided=decided)


@given(spoken_lists, contexts, decisions)
def test_every_turn_is_attributed_once_and_always_alike(
    spoken: list[Spoken], context: RoleContext, decided: dict[int, Attribution]
) -> None:
    """One attribution per turn, a probability, a participant's code only for participants, and deterministic."""
    found = attribute(spoken, context, decided)
    assert len(found) == len(spoken)
    assert found == attribute(spoken, context, decided)
    for attribution in found:
        assert 0.0 <= attribution.confidence <= 1.0
        assert attribution.participant is None or attribution.role is Role.PARTICIPANT
        assert attribution.participant is None or attribution.participant in context.participants


@given(spoken_lists, contexts, decisions)
def test_in_an_interpreted_interview_another_language_is_never_the_participants(
    spoken: list[Spoken], context: RoleContext, decided: dict[int, Attribution]
) -> None:
    """Whatever labels, manifest, names or people say."""
    if context.mode is not Mode.INTERPRETED or context.participant_language is None:
        return
    for (_, _, guess), attribution in zip(spoken, attribute(spoken, context, decided), strict=True):
        assert attribution.role is not Role.PARTICIPANT or context.in_participant_language(guess.language)


@given(spoken_lists, contexts, decisions)
def test_a_persons_decision_is_overridden_by_the_language_alone(
    spoken: list[Spoken], context: RoleContext, decided: dict[int, Attribution]
) -> None:
    """A decided turn keeps its attribution, unless it would be a participant in another language."""
    found = attribute(spoken, context, decided)
    for index, decision in decided.items():
        if index < len(found) and not (
            decision.role is Role.PARTICIPANT and context.mode is Mode.INTERPRETED and _foreign(spoken[index], context)
        ):
            assert found[index] is decision


@given(spoken_lists, contexts)
def test_what_labels_say_is_overridden_by_the_language_and_the_interpreter_alone(
    spoken: list[Spoken], context: RoleContext
) -> None:
    """A known label decides; only while no label is the interpreter's may a turn under it be the interpreter's."""
    voices = known_voices({label for label, _, _ in spoken if label}, context)
    interpreter_has_label = any(voice.role is Role.INTERPRETER for voice in voices.values())
    for each, attribution in zip(spoken, attribute(spoken, context), strict=True):
        voice = voices.get(each[0] or "")
        if voice is None or (context.mode is Mode.INTERPRETED and _foreign(each, context)):
            continue
        if context.mode is Mode.DIRECT or interpreter_has_label:
            assert attribution == voice
        else:
            assert attribution.role in {voice.role, Role.INTERPRETER, Role.UNKNOWN}


@given(spoken_lists, contexts, st.permutations(["Speaker 1", "Speaker 2", "Speaker 3"]))
def test_the_names_of_unknown_labels_do_not_matter(
    spoken: list[Spoken], context: RoleContext, names: list[str]
) -> None:
    """Renaming the strangers among each other changes no role."""
    renamed = dict(zip(["Speaker 1", "Speaker 2", "Speaker 3"], names, strict=True))
    strangers = [(label if label in renamed else None, text, guess) for label, text, guess in spoken]
    others = [(label and renamed[label], text, guess) for label, text, guess in strangers]
    plain = RoleContext(context.mode, context.participants, context.participant_language)
    for before, after in zip(attribute(strangers, plain), attribute(others, plain), strict=True):
        assert (before.role, before.participant) == (after.role, after.participant)
        assert before.confidence == pytest.approx(after.confidence)


def _foreign(spoken: Spoken, context: RoleContext) -> bool:
    """Whether a turn may be in another language than the participant's, also where the study does not know that."""
    return context.participant_language is None or not context.in_participant_language(spoken[2].language)
