"""Whose words a turn holds: by decisions, labels, the conversation; in one language and through an interpreter."""

from dataclasses import replace

import numpy as np
import pytest
from conversation_sample import (
    Line,
    Spoil,
    accuracy,
    attribute,
    direct,
    interpreted,
    misquoted,
    read_conversation,
    turns_of,
    unlabelled,
    unpunctuated,
)

from app.language import LanguageGuess
from app.vocabulary import Mode, Role
from ingest.roles import Attribution, Basis, RoleContext, attribute_roles
from ingest.roles.labels import known_voices
from ingest.roles.likeness import rendition_evidence

STUDY = ("de", "es", "en")


def voice(label: str, context: RoleContext) -> tuple[Role, str | None] | None:
    """What a label says by itself."""
    found = known_voices([label], context).get(label)
    return None if found is None else (found.role, found.participant)


# Labels


@pytest.mark.parametrize("label", ["Speaker 1", "  speaker   1", "SPEAKER 1:", "Speaker 1 (Guest)", "Speaker 1 | Nido"])
def test_the_manifest_maps_labels_however_they_are_written(label: str) -> None:
    """Case, spaces, closing marks and what platforms append do not matter."""
    context = direct("de", speakers={"Speaker 1": "participant"})
    assert voice(label, context) == (Role.PARTICIPANT, "P01")


def test_the_manifest_may_name_one_of_several_participants() -> None:
    """A participant's code as value says which person a label is."""
    context = replace(
        direct("de"), participants={"P01": (), "P02": ()}, speakers={"Links": "p02", "Rechts": "participant"}
    )
    assert voice("Links", context) == (Role.PARTICIPANT, "P02")
    assert voice("Rechts", context) == (Role.PARTICIPANT, None)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("P01", (Role.PARTICIPANT, "P01")),
        ("p01 (iPhone)", (Role.PARTICIPANT, "P01")),
        ("Carmen Ruiz", (Role.PARTICIPANT, "P01")),
        ("Ruiz, Carmen", (Role.PARTICIPANT, "P01")),
        ("carmen", (Role.PARTICIPANT, "P01")),
        ("Anna Brandt (Nido)", (Role.INTERVIEWER, None)),
        ("anna", (Role.INTERVIEWER, None)),
        ("Moderatorin", (Role.INTERVIEWER, None)),
        ("Entrevistadora 2", (Role.INTERVIEWER, None)),
        ("Teilnehmerin", (Role.PARTICIPANT, "P01")),
        ("Kundin", (Role.PARTICIPANT, "P01")),
        ("Intérprete", (Role.INTERPRETER, None)),
        ("Carmen Ruiz (Interpreter)", (Role.INTERPRETER, None)),
        ("P01.interviewer", (Role.INTERVIEWER, None)),
        ("P01.participant", (Role.PARTICIPANT, "P01")),
        ("Carmen (host)", (Role.INTERVIEWER, None)),
        ("Otter Notetaker", (Role.OTHER, None)),
        ("Customer Success", None),
        ("Speaker 2", None),
        ("Annabel", None),
        ("", None),
    ],
)
def test_labels_that_show_a_name_or_a_role(label: str, expected: tuple[Role, str | None] | None) -> None:
    """Names of participants and of the team, whole or in part, and words for roles in three languages."""
    context = replace(direct("es"), participants={"P01": ("Carmen Ruiz",)}, team=("anna", "Anna Brandt"))
    assert voice(label, context) == expected


def test_a_name_that_two_people_share_decides_nothing() -> None:
    """The label "Anna" is nobody's when a participant and an interviewer are called so, until it shows more."""
    context = replace(direct("de"), participants={"P01": ("Anna Krüger",)}, team=("anna", "Anna Brandt"))
    assert voice("Anna", context) is None
    assert voice("Anna Krüger", context) == (Role.PARTICIPANT, "P01")


# Conversations in one language


@pytest.mark.parametrize("name", ["en_prompts", "es_formal"])
def test_labels_of_strangers_are_attributed_by_who_asks_and_who_tells(name: str) -> None:
    """Small talk, statements as prompts and questions back do not confuse two labels."""
    lines = read_conversation(name)
    found = attribute(lines, direct(name[:2]), STUDY)
    assert accuracy(lines, found) == 1.0
    assert {attribution.basis for attribution in found} == {Basis.INFERRED}


@pytest.mark.parametrize("name", ["en_prompts", "es_formal", "de_podcast"])
@pytest.mark.parametrize("spoil", [unlabelled, unpunctuated])
def test_without_labels_nothing_of_the_interviewer_is_quoted(name: str, spoil: Spoil) -> None:
    """Turn by turn most roles are found, and what is uncertain is unknown rather than wrong."""
    lines = spoil(read_conversation(name))
    found = attribute(lines, direct(name[:2]), STUDY)
    assert accuracy(lines, found) >= 0.7
    assert misquoted(lines, found) == []


def test_onlookers_of_a_call_are_not_quoted_and_participants_are_told_apart() -> None:
    """Of five voices, two participants are quoted, each as the person that the study knows."""
    lines = read_conversation("en_zoom_five")
    context = replace(direct("en"), participants={"P01": ("Meredith Lowe",), "P02": ()})
    found = attribute(lines, context, STUDY)
    assert misquoted(lines, found) == []
    people = {line.label: attribution.participant for line, attribution in zip(lines, found, strict=True)}
    assert people["Meredith Lowe"] == "P01"
    assert people["iPhone von Karl"] == "P02"
    assert people["Priya (Research)"] is None


def test_a_known_interviewer_makes_the_stranger_the_participant() -> None:
    """Where the team's label is known, the other one is the participant, though she asks more than she tells."""
    lines = (
        Line(Role.PARTICIPANT, "de", "Handy von Jule", "Hören Sie mich? Ist das hier richtig für das Interview?"),
        Line(Role.INTERVIEWER, "de", "Anna Brandt", "Ja, genau richtig. Ich freue mich, dass es klappt."),
        Line(Role.PARTICIPANT, "de", "Handy von Jule", "Und was wollen Sie denn nun von mir wissen?"),
        Line(Role.INTERVIEWER, "de", "Anna Brandt", "Alles über Ihren Umzug."),
    )
    found = attribute(lines, replace(direct("de"), team=("Anna Brandt",)), STUDY)
    assert [attribution.role for attribution in found] == [line.role for line in lines]
    assert found[0].participant == "P01"


def test_one_label_for_everybody_says_nothing() -> None:
    """A transcript in which every turn has the same unknown label is treated as one without labels."""
    lines = unlabelled(read_conversation("es_formal"))
    same = tuple(replace(line, label="Speaker 1") for line in lines)
    assert attribute(same, direct("es"), STUDY) == attribute(lines, direct("es"), STUDY)


def test_another_language_for_a_moment_is_still_the_participant() -> None:
    """In a direct interview words in another language stay with who spoke them."""
    lines = (
        Line(Role.INTERVIEWER, "de", "I", "Was hat Ihr Mann dazu gesagt?"),
        Line(Role.PARTICIPANT, "en", "P01", "He said, honey, this is the best thing since sliced bread."),
        Line(Role.PARTICIPANT, "de", "P01", "Der ist ja Engländer."),
    )
    found = attribute(lines, direct("de", speakers={"I": "interviewer"}), STUDY)
    assert [attribution.role for attribution in found] == [line.role for line in lines]


def test_without_interpreter_each_may_speak_a_language_of_their_own() -> None:
    """Where the two do not share a language and nobody interprets, the language tells them apart."""
    lines = (
        Line(Role.INTERVIEWER, "en", None, "So the shop was closed that day."),
        Line(Role.PARTICIPANT, "es", None, "Sí, estaba cerrada, y eso que habíamos llamado antes."),
        Line(Role.INTERVIEWER, "en", None, "I see, and then the neighbours helped."),
        Line(Role.PARTICIPANT, "es", None, "Nos abrieron su garaje. ¿Se lo puede creer?"),
    )
    context = replace(direct("es"), interviewer_language="en")
    assert accuracy(lines, attribute(lines, context, STUDY)) == 1.0


# Interpreted conversations

INTERPRETED = [
    ("interpreted_de_from_es", "de", "es"),
    ("interpreted_es_from_de", "es", "de"),
    ("interpreted_en_from_de", "en", "de"),
]


@pytest.mark.parametrize(("name", "language", "interviewer_language"), INTERPRETED)
@pytest.mark.parametrize("spoil", [unlabelled, unpunctuated])
def test_the_interpreter_is_recognised_without_labels(
    name: str, language: str, interviewer_language: str, spoil: Spoil
) -> None:
    """In any pair of languages, in first and third person, with renditions missing and answers in pieces."""
    lines = spoil(read_conversation(name))
    found = attribute(lines, interpreted(language, interviewer_language), STUDY)
    assert accuracy(lines, found) >= 0.95
    assert misquoted(lines, found) == []


@pytest.mark.parametrize(("name", "language", "interviewer_language"), INTERPRETED)
@pytest.mark.parametrize("interpreter_label", ["of who is rendered", "of who listens", "participant", "interviewer"])
@pytest.mark.parametrize("mapped", [True, False])
def test_the_interpreter_is_recognised_under_the_label_of_another(
    name: str, language: str, interviewer_language: str, interpreter_label: str, mapped: bool
) -> None:
    """A label that covers the interpreter too is not trusted, not even when the manifest maps it to the participant."""
    lines = []
    for line in read_conversation(name):
        names = {
            Role.PARTICIPANT: "P01",
            Role.INTERVIEWER: "Owen",
            Role.INTERPRETER: {
                "of who is rendered": "Owen" if line.language == language else "P01",
                "of who listens": "P01" if line.language == language else "Owen",
                "participant": "P01",
                "interviewer": "Owen",
            }[interpreter_label],
        }
        lines.append(replace(line, label=names[line.role]))
    speakers = {"P01": "participant", "Owen": "interviewer"} if mapped else {}
    found = attribute(lines, interpreted(language, interviewer_language, speakers=speakers), STUDY)
    assert accuracy(lines, found) >= 0.95
    assert misquoted(lines, found) == []


def test_another_language_is_never_the_participants_when_somebody_interprets() -> None:
    """Not by the manifest, not by the code as label, not by a person's decision."""
    lines = (
        Line(Role.INTERVIEWER, "en", "Owen", "How did you find the flat?"),
        Line(Role.PARTICIPANT, "es", "Rosa", "Por mi prima, que vive en el mismo portal."),
        Line(Role.INTERPRETER, "en", "Rosa", "Through my cousin, who lives in the same building."),
    )
    context = interpreted(
        "es", "en", speakers={"Rosa": "participant", "Owen": "interviewer", "Dolmetscher": "interpreter"}
    )
    languages = [LanguageGuess(line.language, 1.0) for line in lines]
    decided = {2: Attribution(Role.PARTICIPANT, "P01", Basis.PERSON, 1.0)}
    found = attribute_roles(turns_of(lines), languages, context, decided=decided)
    assert [attribution.role for attribution in found] == [line.role for line in lines]


def test_an_interpreter_with_a_label_leaves_the_other_labels_alone() -> None:
    """Where the interpreter's own label is known, an answer that sounds like a question stays the participant's."""
    lines = (
        Line(Role.INTERVIEWER, "en", "Owen", "Is there anything you want to ask me?"),
        Line(Role.INTERPRETER, "es", "Interpreter", "¿Quiere preguntarme algo?"),
        Line(Role.PARTICIPANT, "es", "P01", "¿Y usted, qué quiere preguntarme?"),
        Line(Role.INTERPRETER, "en", "Interpreter", "And you, what do you want to ask me?"),
    )
    assert accuracy(lines, attribute(lines, interpreted("es", "en"), STUDY)) == 1.0


def test_onlookers_are_left_out_of_the_chain() -> None:
    """A technician between question and answer keeps his role and does not break the order of the others."""
    lines = list(read_conversation("interpreted_es_from_de"))
    lines.insert(8, Line(Role.OTHER, "de", "Techniker", "Kurze Störung, das Bild ist gleich wieder da."))
    assert accuracy(lines, attribute(lines, interpreted("es", "de"), STUDY)) == 1.0


def test_the_participants_language_is_heard_where_the_study_does_not_say_it() -> None:
    """Without it, the language that is not the interviewer's is the participant's."""
    lines = read_conversation("interpreted_de_from_es")
    context = replace(interpreted("de", "es"), participant_language=None)
    assert accuracy(lines, attribute(lines, context, ("de", "es"))) >= 0.9


def test_an_embedder_tells_renditions_from_originals() -> None:
    """What is like the words before it renders them; what is like the words after it is rendered."""
    meaning = {"question": (1.0, 0.0), "pregunta": (1.0, 0.0), "respuesta": (0.0, 1.0), "answer": (0.0, 1.0)}
    texts = ["question", "pregunta", "respuesta", "answer"]
    evidence = rendition_evidence(
        texts,
        np.array([True, False, False, True]),
        np.full(4, 20.0),
        lambda these: np.array([meaning[text] for text in these], dtype=np.float32),
    )
    assert (evidence > 0).tolist() == [False, True, False, True]


# Decisions


def test_a_persons_decision_stands() -> None:
    """What a person decided about a turn is kept as it is, whatever the label and the words say."""
    lines = read_conversation("en_prompts")
    languages = [LanguageGuess("en", 1.0)] * len(lines)
    decision = Attribution(Role.OTHER, None, Basis.PERSON, 1.0)
    found = attribute_roles(turns_of(lines), languages, direct("en"), decided={3: decision})
    assert found[3] is decision
    assert [attribution.role for attribution in found[:3]] == [line.role for line in lines[:3]]


@pytest.mark.parametrize("mode", Mode)
def test_an_empty_transcript_has_no_roles(mode: Mode) -> None:
    """Nothing in, nothing out."""
    assert attribute_roles((), (), RoleContext(mode, {"P01": ()}, "de")) == ()


def test_languages_must_match_the_turns() -> None:
    """One language per turn, or the caller is wrong."""
    with pytest.raises(ValueError, match="one language per turn"):
        attribute_roles(turns_of([Line(Role.UNKNOWN, "de", None, "Ja.")]), (), direct("de"))
