"""Reading a study folder: a right one gives everything it holds, any other is refused and nothing else happens."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from study_sample import FILES, MANIFEST, faults_of, write_study

from app.vocabulary import Dimension, Kind, Mode, Polarity, Role
from ingest.manifest import ManifestError, read_study
from ingest.study import Speaker, Study

NIDO = Path(__file__).parents[2] / "examples" / "nido"


@pytest.fixture(name="study")
def _study(tmp_path: Path) -> Study:
    return read_study(write_study(tmp_path))


def test_a_study_is_read_whole(study: Study) -> None:
    """Every part of a right study folder arrives, typed."""
    assert (study.slug, study.title, study.languages) == ("nido", "Nido: why customers stay", ("de", "es", "en"))
    assert study.competitors == ("Valora", "Hausbank")
    assert study.participants[0].attributes == {"age": "34"}
    assert [code.kind for code in study.codebook] == [Kind.AHA, Kind.ANXIETY]
    assert study.codebook[0].labels == {"und": "First plan ran"}
    assert study.codebook[1].labels == {"en": "Money gone", "de": "Geld weg"}
    assert study.segments[0].criteria[0].indicators.speaks_for == ("AX1",)
    tests = {name: test.model_dump() for name, test in study.segments[0].criteria[0].attributes.items()}
    assert tests["age"] == {"at_least": 30.5, "at_most": 45, "one_of": ()}
    assert (tests["job"]["one_of"], tests["kids"]["one_of"]) == (("nurse", "teacher"), ("yes",))
    assert study.segments[0].criteria[0].dimension is Dimension.RISK_ATTITUDE
    assert study.segments[0].criteria[0].ask == {"de": "Ist Ihnen Ruhe wichtig?"}
    assert study.segments[0].criteria[1].statement == "Decides late."
    assert study.sources[0].file.path == study.root / "sources" / "valora.html"
    assert study.insights[0].evidence == ("Es lief einfach.", "u-17")


def test_an_interview_knows_its_files_and_speakers(study: Study) -> None:
    """Transcript and recordings are told apart; labels resolve to roles, participants and colleagues."""
    direct, interpreted = study.interviews
    assert direct.transcript is not None
    assert direct.transcript.name == "transcripts/P01.vtt"
    assert [file.name for file in direct.recordings] == ["audio/P01.wav"]
    assert (direct.date, direct.mode) == (date(2026, 3, 2), Mode.DIRECT)
    assert (direct.consent.quotes, direct.consent.marketing, direct.consent.until) == (True, True, date(2028, 1, 1))
    assert direct.speakers["Anna B."] == Speaker(Role.INTERVIEWER, team="anna")
    assert direct.speakers["P01"] == Speaker(Role.PARTICIPANT, participant="P01")
    assert interpreted.participants == ("P02", "P01")
    assert interpreted.speakers == {
        "Maria": Speaker(Role.PARTICIPANT, participant="P02"),
        "Voice": Speaker(Role.INTERPRETER),
    }


def test_tables_are_read_typed(study: Study) -> None:
    """Amounts are decimal, a missing lifetime value is nothing, further columns are attributes, places are kept."""
    first, second = study.customers
    assert (first.purchases, first.revenue_eur, first.ltv_eur) == (31, Decimal("691.70"), Decimal("777.20"))
    assert first.attributes == {"country": "DE"}
    assert (second.first_purchase, second.ltv_eur) == (None, None)
    assert [(tagging.polarity, tagging.start_ms, tagging.place) for tagging in study.taggings] == [
        (Polarity.AFFIRMED, None, "taggings.csv:2"),
        (Polarity.DENIED, 81200, "taggings.csv:4"),
    ]


def test_a_study_needs_four_keys(tmp_path: Path) -> None:
    """The smallest manifest has no team, codebook, segments or tables; references to those then pass."""
    write_study(
        tmp_path,
        study_yaml="study: small\nlanguages: [de]\nparticipants: [{id: P01, language: de, segment: any}]\n"
        "interviews: [{id: I01, participant: P01, interviewer: who, files: [transcripts/P01.vtt]}]\n",
    )
    assert read_study(tmp_path).title == "small"


def test_text_stays_as_written(tmp_path: Path) -> None:
    """An id of digits, a Norwegian and a byte order mark survive; texts come in NFC."""
    changed = (
        MANIFEST.replace("P02", "007")
        .replace("007.srt", "P02.srt")
        .replace("[de, es, en]", "[de, es, en, no]")
        .replace("Anna B.", "Jo\u0308rdis")
    )
    study = read_study(write_study(tmp_path, study_yaml="\ufeff" + changed))
    assert study.participants[1].id == "007"
    assert study.languages[-1] == "no"
    assert "J\u00f6rdis" in study.interviews[0].speakers


@pytest.mark.parametrize(
    ("content", "place", "problem", "remedy"),
    [
        (b"", "", "`study.yaml` is empty", "leave it out"),
        (b"# nothing yet\n", "study.yaml:1", "holds nothing", "write its keys"),
        (b"- study: nido\n", "study.yaml:1", "should be keys with values, and is a list", "key: value"),
        (b"study: nido\ntitle: K\xf6ln\n", "study.yaml:2", "0xF6 is not UTF-8", "encoding UTF-8"),
        ("study: nido".encode("utf-16"), "study.yaml:1", "0xFF is not UTF-8", "encoding UTF-8"),
        (b"study: nido\ntitle: a\x00b\n", "study.yaml:2", "U+0000", "delete"),
        (b"study: nido\ntitle: [a\nteam: b\n", "study.yaml:3", "this is not YAML", "close quotes and brackets"),
        (b"study: nido\n\ttitle: a\n", "study.yaml:2", "this is not YAML", "indent with spaces"),
        (b'title: "\\U00110000"\n', "study.yaml:1", "this is not YAML", "quote"),
        (b"study: nido\n---\nstudy: two\n", "study.yaml:2", "second document", "delete"),
        (b"a: " + b"[" * 100_000, "study.yaml:1", "nested more than 12 deep", "flatter"),
        (b"a: " + b"x" * 2_000_000, "", "larger than 2 MB", "2 MB at most"),
    ],
)
def test_an_unreadable_manifest_is_one_clear_message(
    tmp_path: Path, content: bytes, place: str, problem: str, remedy: str
) -> None:
    """Whatever stands in study.yaml that is no manifest, one message says what and where."""
    (tmp_path / "study.yaml").write_bytes(content)
    fault = faults_of(tmp_path)[0]
    assert fault.place == (place or str(tmp_path))
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_a_path_that_is_no_study_folder_is_one_clear_message(tmp_path: Path) -> None:
    """A folder that is not there, a file, and a folder without a manifest are each named as such."""
    transcript = tmp_path / "call.vtt"
    transcript.write_text("WEBVTT\n")
    for path, problem in (
        (tmp_path / "none", "no such folder"),
        (Path("a\0b"), "no such folder"),
        (transcript, "a file, not a folder"),
        (tmp_path, "there is no study.yaml in this folder"),
    ):
        (fault,) = faults_of(path)
        assert fault.place == str(path)
        assert problem in fault.problem


def test_a_link_out_of_the_study_folder_is_refused(tmp_path: Path) -> None:
    """A link inside the folder may be followed, one that leads out of it, or to itself, may not."""
    folder = write_study(tmp_path / "study")
    outside = tmp_path / "secret.vtt"
    outside.write_text("WEBVTT\n")
    transcript = folder / "transcripts" / "P01.vtt"
    for target, problem in ((outside, "link out of the study folder"), (transcript, "no file")):
        transcript.unlink()
        transcript.symlink_to(target)
        (fault,) = faults_of(folder)
        assert problem in fault.problem
    transcript.unlink()
    transcript.symlink_to(folder / "audio" / "P01.wav")
    assert read_study(folder).interviews[0].transcript is not None


def test_a_file_must_hold_something(tmp_path: Path) -> None:
    """An empty table, a folder in a file's place and what is too large are refused before anything is read.

    An empty transcript is a matter of its interview alone.
    """
    folder = write_study(tmp_path)
    transcript = folder / "transcripts" / "P01.vtt"
    transcript.write_text("")
    assert read_study(folder).interviews[0].transcript is not None
    customers = folder / "customers.csv"
    content = customers.read_text(encoding="utf-8")
    customers.write_text("")
    assert "is empty" in faults_of(folder)[0].problem
    customers.write_text(content, encoding="utf-8")
    with transcript.open("r+b") as file:
        file.truncate(50_000_001)
    assert "larger than 50 MB" in faults_of(folder)[0].problem
    transcript.unlink()
    transcript.mkdir()
    assert "is not a file" in faults_of(folder)[0].problem


def test_a_mapping_cannot_pose_as_a_checked_value(tmp_path: Path) -> None:
    """What a validator makes, a file or a speaker, cannot be written out in the manifest to get round the check."""
    posing = "{name: x.vtt, path: /etc/passwd, kind: {noun: transcript, suffixes: [.vtt], max_bytes: 9}}"
    changed = MANIFEST.replace("transcripts/P01.vtt", posing).replace('anna, "P01"', '{role: participant}, "P01"')
    assert [fault.problem for fault in faults_of(write_study(tmp_path, study_yaml=changed))] == [
        "files 1 should be a text, and is a group of keys",
        "Anna B. should be a text, and is a group of keys",
    ]


def test_the_sample_study_is_right() -> None:
    """The study in examples/ has its 23 interviews, 7 of them interpreted, and its thousand customers."""
    study = read_study(NIDO)
    assert len(study.interviews) == 23
    assert sum(interview.mode is Mode.INTERPRETED for interview in study.interviews) == 7
    assert len(study.customers) == 1000


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_study(tmp_path_factory.mktemp("study"))


def read_or_refuse(folder: Path, file: str, content: bytes) -> None:
    """Read a study one file of which has this content; anything but a study or its faults is a failure."""
    (folder / file).write_bytes(content)
    try:
        with suppress(ManifestError):
            read_study(folder)
    finally:
        (folder / file).write_text(FILES[file], encoding="utf-8")


TEXT_FILES = st.sampled_from([name for name in FILES if name.endswith((".yaml", ".csv"))])
YAML_TEXT = st.text(st.sampled_from("ab01 \n\t:-,#?|>&*!%@`'\"[]{}~\\\ufeff\u2028é😀"))
ENDS = st.tuples(st.integers(0, 2_000), st.integers(0, 40))


@given(file=TEXT_FILES, content=st.one_of(YAML_TEXT, st.text()).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_text_is_read_or_refused(folder: Path, file: str, content: bytes) -> None:
    """Arbitrary text in any file of the folder raises nothing but the manifest error."""
    read_or_refuse(folder, file, content)


@given(file=TEXT_FILES, ends=ENDS, patch=st.one_of(YAML_TEXT, st.text(), st.just("null"), st.just("{}")))
def test_any_damage_is_read_or_refused(folder: Path, file: str, ends: tuple[int, int], patch: str) -> None:
    """A right study with any piece cut out and anything put in its place raises nothing but the manifest error."""
    start, length = ends[0] % len(FILES[file]), ends[1]
    damaged = FILES[file][:start] + patch + FILES[file][start + length :]
    read_or_refuse(folder, file, damaged.encode("utf-8", "surrogatepass"))
