"""The sample study says in every file what its gold says."""

import csv
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from app.vocabulary import Kind
from ingest.importers import parse_transcript
from ingest.manifest import read_study
from ingest.transcript import Cue
from ingest.utterances import merge_cues

ROOT = Path(__file__).parents[2]
NIDO = ROOT / "examples" / "nido"
DIMENSIONS = [
    "goals_and_motivation",
    "risk_attitude",
    "experience",
    "discipline",
    "routines_and_rituals",
    "learning_and_decision_style",
]
BANDS_EUR = [0, 50, 100, 200, 500, 1000]
SHARED_LABEL = ["I18", "I22"]
UNTAGGED = {"I02", "I05", "I07", "I10", "I14", "I17", "I18", "I23"}


class GoldTurn(NamedTuple):
    """One line of a gold file."""

    role: str
    language: str
    codes: str
    text: str


def read_yaml(name: str) -> Any:
    """Read a YAML file of the study folder."""
    return yaml.safe_load((NIDO / name).read_text(encoding="utf-8"))


def read_table(name: str) -> list[dict[str, str]]:
    """Read a CSV file of the study folder."""
    with (NIDO / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def read_gold(participant: str) -> list[GoldTurn]:
    """Read what was said in an interview, turn by turn."""
    lines = (NIDO / "gold" / f"{participant}.tsv").read_text(encoding="utf-8").splitlines()
    return [GoldTurn(*line.split("\t")) for line in lines]


def read_cues(interview: dict[str, Any]) -> tuple[Cue, ...]:
    """Parse the transcript of an interview."""
    path = NIDO / interview["files"][0]
    return parse_transcript(path.read_bytes(), path.name).cues


STUDY = read_yaml("study.yaml")
PARTICIPANTS = {participant["id"]: participant for participant in STUDY["participants"]}
INTERVIEWS = {interview["id"]: interview for interview in STUDY["interviews"]}
GOLD = {participant: read_gold(participant) for participant in PARTICIPANTS}
CODES = {code["code"]: code for code in read_yaml("codebook.yaml")["codes"]}
each_interview = pytest.mark.parametrize("interview", INTERVIEWS.values(), ids=INTERVIEWS.keys())


def test_rendering_again_gives_the_same_bytes(tmp_path: Path) -> None:
    """The rendered files are what the sources make, to the byte."""
    subprocess.run([sys.executable, "-m", "examples.render_nido", "--output", tmp_path], cwd=ROOT, check=True)
    rendered = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len(rendered) == 23 + 4
    assert [path for path, content in rendered.items() if (NIDO / path).read_bytes() != content] == []


def test_the_study_folder_has_no_fault() -> None:
    """The reader of study folders takes all of it."""
    study = read_study(NIDO)
    assert (len(study.interviews), len(study.customers), len(study.sources)) == (23, 1000, 5)


def test_there_are_sixteen_german_and_seven_interpreted_spanish_interviews() -> None:
    """The study has the shape of the case: 23 people, 574 of their turns."""
    held = Counter(
        (interview["mode"], interview["interviewer_language"], PARTICIPANTS[interview["participant"]]["language"])
        for interview in INTERVIEWS.values()
    )
    assert held == {("direct", "de", "de"): 16, ("interpreted", "en", "es"): 7}
    assert sum(turn.role == "participant" for turns in GOLD.values() for turn in turns) == 574


@pytest.mark.parametrize("interview", sorted(INTERVIEWS.keys() - SHARED_LABEL))
def test_a_transcript_gives_back_every_turn(interview: str) -> None:
    """Parsed and merged, a transcript has the turns of the gold file, in order and to the character."""
    turns = merge_cues(read_cues(INTERVIEWS[interview]))
    assert [turn.text for turn in turns] == [turn.text for turn in GOLD[INTERVIEWS[interview]["participant"]]]


@pytest.mark.parametrize("interview", SHARED_LABEL)
def test_an_interpretation_under_the_participants_name_is_there_word_for_word(interview: str) -> None:
    """Where the platform shows the English rendition under the participant's label, no word is lost and none moves."""
    gold = GOLD[INTERVIEWS[interview]["participant"]]
    label = next(name for name, role in INTERVIEWS[interview]["speakers"].items() if role == "participant")
    turns = merge_cues(read_cues(INTERVIEWS[interview]))
    shown = " ".join(turn.text for turn in turns if turn.speaker == label)
    covered = [
        turn for turn in gold if turn.role == "participant" or (turn.role, turn.language) == ("interpreter", "en")
    ]
    assert " ".join(turn.text for turn in turns) == " ".join(turn.text for turn in gold)
    assert shown == " ".join(turn.text for turn in covered)


@each_interview
def test_every_label_is_known_to_the_manifest(interview: dict[str, Any]) -> None:
    """Each speaker label is in the map of the interview, or is the participant's code or a name of the team."""
    known = {interview["participant"], *(member["name"] for member in STUDY["team"]), *interview.get("speakers", {})}
    assert {cue.speaker for cue in read_cues(interview)} - {None} <= known


@pytest.mark.parametrize("interview", [i for i in INTERVIEWS.values() if not i["files"][0].endswith((".txt", ".docx"))])
def test_people_talk_at_a_human_pace(interview: dict[str, Any]) -> None:
    """Cues take about a second for 2.4 words, begin in order, and none is too long to read."""
    cues = read_cues(interview)
    starts_ms = [cue.start_ms or 0 for cue in cues]
    durations_ms = [(cue.end_ms or 0) - (cue.start_ms or 0) for cue in cues]
    words = sum(len(cue.text.split()) for cue in cues)
    assert starts_ms == sorted(starts_ms)
    assert 2.2 < 1000 * words / sum(durations_ms) < 2.6


def test_the_middle_band_brings_56_per_cent_of_the_revenue() -> None:
    """A thousand customers over seven months; those with an LTV of 200 to 500 euros bring the larger half."""
    customers = read_table("customers.csv")
    revenue_eur: dict[int, float] = dict.fromkeys(BANDS_EUR, 0.0)
    for customer in customers:
        revenue_eur[max(low for low in BANDS_EUR if low <= float(customer["ltv_eur"]))] += float(
            customer["revenue_eur"]
        )
    assert len({customer["customer_id"] for customer in customers}) == 1000
    assert {customer["first_purchase"][:7] for customer in customers} == {
        *(f"2025-{month:02}" for month in range(9, 13)),
        *(f"2026-{month:02}" for month in range(1, 4)),
    }
    assert revenue_eur[200] / sum(revenue_eur.values()) == pytest.approx(0.56, abs=0.003)
    assert all(revenue_eur[low] > 0 for low in BANDS_EUR)
    assert all(float(customer["revenue_eur"]) <= float(customer["ltv_eur"]) for customer in customers)


def test_the_interviewed_are_customers() -> None:
    """Each participant is a row of the customer base, with the value and the purchases of the bible."""
    customers = {customer["customer_id"]: customer for customer in read_table("customers.csv")}
    for wanted in read_yaml("source/bible.yaml")["participants"]:
        customer = customers[PARTICIPANTS[wanted["id"]]["customer_id"]]
        assert (float(customer["ltv_eur"]), int(customer["purchases"])) == (wanted["ltv_eur"], wanted["purchases"])


def test_taggings_quote_what_the_participant_said() -> None:
    """Each tagged quote is in one turn of the participant, which has that code with that polarity."""
    for tagging in read_table("taggings.csv"):
        code = ("!" if tagging["polarity"] == "denied" else "") + tagging["code"]
        turns = GOLD[INTERVIEWS[tagging["interview"]]["participant"]]
        assert [code in turn.codes.split(",") for turn in turns if tagging["quote"] in turn.text] == [True]


def test_eight_interviews_of_every_kind_are_left_untagged() -> None:
    """Both languages and all segments are among the tagged interviews and among the others."""
    tagged = {tagging["interview"] for tagging in read_table("taggings.csv")}
    assert INTERVIEWS.keys() - tagged == UNTAGGED
    for interviews in (tagged, UNTAGGED):
        people = [PARTICIPANTS[INTERVIEWS[interview]["participant"]] for interview in interviews]
        assert {person["language"] for person in people} == {"de", "es"}
        assert {person["segment"] for person in people} == {"careful", "optimiser", "starter"}


def test_the_codebook_has_every_code_of_the_gold() -> None:
    """Codes of the gold files and of the codebook are the same; their kinds are kinds of the vocabulary."""
    used = {code.removeprefix("!") for turns in GOLD.values() for turn in turns for code in turn.codes.split(",")}
    assert used - {"-"} == CODES.keys()
    assert {code["kind"] for code in CODES.values()} <= set(Kind)


def test_segments_are_described_in_six_dimensions() -> None:
    """Each segment has a criterion in every dimension; people of the segment give evidence for its indicators."""
    for segment in read_yaml("segments.yaml")["segments"]:
        members = [person["id"] for person in PARTICIPANTS.values() if person["segment"] == segment["id"]]
        said = {code for member in members for turn in GOLD[member] for code in turn.codes.split(",")}
        assert [criterion["dimension"] for criterion in segment["criteria"]] == DIMENSIONS
        for criterion in segment["criteria"]:
            assert set(criterion["indicators"]["speaks_for"]) <= said
            assert set(criterion["indicators"]["speaks_against"]) <= CODES.keys()


def test_insights_rest_on_quotes() -> None:
    """The evidence of each insight is word for word in participants' turns; authors and segments are known."""
    said = [turn.text for turns in GOLD.values() for turn in turns if turn.role == "participant"]
    for insight in read_table("insights.csv"):
        assert insight["author"] in {member["id"] for member in STUDY["team"]}
        assert insight["segment"] in {"", "careful", "optimiser", "starter"}
        assert date.fromisoformat(insight["date"]).year == 2026
        for quote in insight["evidence"].split(" | "):
            assert sum(quote in text for text in said) == 1


def test_gold_questions_point_at_evidence() -> None:
    """Relevant participants of each question give evidence for one of its codes, or deny it where that is asked."""
    questions = read_yaml("gold.yaml")["questions"]
    assert len({question["id"] for question in questions}) == 75
    for question in questions:
        assert question.get("unanswerable", False) == ("relevant_codes" not in question)
        mark = "!" if question.get("denied") else ""
        wanted = {mark + code for code in question.get("relevant_codes", [])}
        for participant in question.get("relevant_participants", []):
            assert any(wanted & set(turn.codes.split(",")) for turn in GOLD[participant])


def test_the_planted_personal_data_was_said() -> None:
    """Each string of the `.pii` files is in that interview, once as its participant says it at least."""
    for participant, turns in GOLD.items():
        said = " ".join(turn.text for turn in turns if turn.role == "participant")
        for line in (NIDO / "gold" / f"{participant}.pii").read_text(encoding="utf-8").splitlines():
            text, kind = line.split("\t")
            assert kind in {"person", "employer", "email", "phone", "place"}
            assert text in said


def test_sources_are_there() -> None:
    """Every external source of the manifest is a file of the study folder, and nothing else lies there."""
    named = {NIDO / source["file"] for source in STUDY["sources"]}
    assert named == set((NIDO / "sources").iterdir())
