"""What is wrong with a study folder: each mistake one message, all at once, at the right line, with a remedy."""

from pathlib import Path

import pytest
from study_sample import FILES, MANIFEST, faults_of, write_study

from ingest.manifest import ManifestError, read_study

ONE_FAULT = [
    ("study.yaml", "study: nido", "study: Nido App", "`Nido App` cannot be used", "write `nido-app`"),
    ("study.yaml", "languages: [", "langauges: [", "`langauges` is not a key", "write `languages`"),
    ("study.yaml", "[de, es, en]", "[de, es, en, xx]", "`xx` is not a language code", "ISO 639-1"),
    ("study.yaml", "[de, es, en]", "[de, es, en, DE-at]", "`DE-at` is not a language code", "write `de`"),
    ("study.yaml", "[de, es, en]", "[de, es, en, de]", "`de` is there already, in line 3", "once"),
    ("study.yaml", "product: Nido", "prodct:", "`prodct` is not a key", "write `product`"),
    ("study.yaml", "product: Nido", "title: Nido", "`title` is given twice, first in line 2", "keep one"),
    ("study.yaml", "product: Nido", "product: [Nido]", "product should be a text, and is a list", "write a text"),
    ("study.yaml", "product: Nido", 'product: "a\\0b"', "U+0000 cannot be stored", "delete"),
    ("study.yaml", "product: Nido", "product: !!python/name:os.system Nido", "the tag `tag:yaml.org", "leave the tag"),
    ("study.yaml", "product: Nido", "? [a]\n: b", "a key is not a text", "write a text"),
    ("study.yaml", "language: es\n", "language: fr\n", "`fr` is no language of the study", "add `fr` to languages"),
    (
        "study.yaml",
        "- id: P02",
        "- id: P01\n    language: es\n  - id: P02",
        "`P01` is there already, in line 12",
        "own",
    ),
    ("study.yaml", "codebook:", "  - {id: P01, name: P, role: r}\ncodebook:", "`P01` is also a participant", "rename"),
    ("study.yaml", "segment: careful", "segment: carefull", "`carefull` is no segment", "write `careful`"),
    ("study.yaml", "C-1041", "C-1047", "`C-1047` is no customer", "write `C-1042`, or add"),
    (
        "study.yaml",
        "attributes: {age: 34}",
        "attributes: [34]",
        "attributes should be keys with values",
        "{key: value}",
    ),
    (
        "study.yaml",
        "participant: P01\n",
        "participant: P03\n",
        "`P03` is no participant",
        "or add `P03` to participants",
    ),
    ("study.yaml", "participant: P01\n", "participant:\n", "`participant` is missing", "add `participant: P01`"),
    ("study.yaml", "participant: [P02, P01]", "participant: [P02, P02]", "listed twice", "once"),
    ("study.yaml", "date: 2026-03-02", "date: 02.03.2026", "`02.03.2026` is not a date", "`2026-03-02`"),
    ("study.yaml", "date: 2026-03-02", "date: 2026-02-30", "`2026-02-30` is not a date", "`2026-03-02`"),
    ("study.yaml", "interviewer: anna", "interviewer: ana", "`ana` is no member of the team", "write `anna`"),
    ("study.yaml", "mode: interpreted", "mode: interpretd", "`interpretd` is not a way", "write `interpreted`"),
    (
        "study.yaml",
        "transcripts/P01.vtt",
        "transcripts/P1.vtt",
        "no file `transcripts/P1.vtt`",
        "write `transcripts/P01.vtt`",
    ),
    ("study.yaml", "transcripts/P02.srt", "transcripts/P01.vtt", "is there already", "name each file once"),
    ("study.yaml", "audio/P01.wav", "sources/valora.html", "is not a transcript or recording", ".vtt, .srt"),
    ("study.yaml", "audio/P01.wav", "../P01.wav", "`../P01.wav` may lead out", "begins in the study folder"),
    ("study.yaml", "audio/P01.wav", "/etc/passwd.wav", "may lead out", "begins in the study folder"),
    ("study.yaml", "audio/P01.wav", "'C:\\P01.wav'", "may lead out", "begins in the study folder"),
    ("study.yaml", '"P01": participant', '"P01": particpant', "`particpant` is no role", "write `participant`"),
    ("study.yaml", '"P01": participant', '"P01": P02', "`P02` is no role, participant of this", "write `P01`"),
    ("study.yaml", "Maria: P02", "Maria: participant", "several participants", "write `P02` or `P01`"),
    ("study.yaml", "left: interviewer", "centre: interviewer", "`centre` is not a side", "`left`, `right`"),
    (
        "study.yaml",
        "recording: true",
        "recording: maybe",
        "recording should be true or false, and is `maybe`",
        "`true`",
    ),
    ("study.yaml", "until: 2028", "untill: 2028", "`untill` is not a key", "write `until`"),
    ("study.yaml", "kind: competitor", "kind: rival", "`rival` is not a kind of source", "`competitor`, `article`"),
    ("study.yaml", "title: Valora", "title: Valora, competitor: Valara", "`Valara` is no competitor", "write `Valora`"),
    ("study.yaml", "https://valora", "javascript://valora", "is not a web address", "https://"),
    ("study.yaml", "title: Valora", 'title: " "', "title is empty", "write a text"),
    ("study.yaml", "codebook: codebook", "codebook: codebok", "no file `codebok.yaml`", "write `codebook.yaml`"),
    ("codebook.yaml", "kind: aha", "kind: ahaa", "`ahaa` is not a kind of code", "write `aha`"),
    ("codebook.yaml", "de: Geld weg", "xx: Geld weg", "`xx` is not a language code", "ISO 639-1"),
    ("codebook.yaml", "code: AH1", "kode: AH1", "`kode` is not a key", "write `code`"),
    ("segments.yaml", "statement: Wants calm.\n        ", "", "`statement` is missing", "add `statement: …`"),
    ("segments.yaml", "[AX1]", "[AX9]", "`AX9` is no code", "write `AX1`"),
    ("segments.yaml", "risk_attitude", "risk", "`risk` is not a dimension", "`goals_and_motivation`, `risk_attitude`"),
    ("segments.yaml", "{de: Ist", "{xx: Ist", "`xx` is not a language code", "ISO 639-1"),
    ("segments.yaml", "at_least: 30.5", "at_least: thirty", "`thirty` is not a number", "with a decimal point"),
    ("segments.yaml", "at_least: 30.5", "from: 30.5", "`from` is not a key", "write"),
    ("segments.yaml", "[nurse, teacher]", "[]", "tests nothing", "`[nurse]`"),
    ("segments.yaml", "Decides late.", "{id: c1, statement: Late.}", "`c1` is there already, in line 7", "of its own"),
    ("customers.csv", "691.70", "-691.70", "revenue_eur: `-691.70` is negative", "0 or more"),
    ("customers.csv", "691.70", "", "`revenue_eur` is missing", "fill in the column `revenue_eur`"),
    ("customers.csv", "777.20", "€ 777", "ltv_eur: `€ 777` is not an amount", "`1234.56`"),
    ("customers.csv", "C-1041,2025-09-01", "C-1041,", "there are purchases, and no first one", "first_purchase"),
    ("customers.csv", "C-1042", "C-1041", "`C-1041` is there already, in line 2", "name of its own"),
    ("customers.csv", "customer_id,", "customer,", "`customer` is not a column here", "write `customer_id`"),
    ("taggings.csv", "I02,,81200", "I02,,", "start_ms: nothing says which words", "`quote` or `start_ms`"),
    ("taggings.csv", "I02,,81200", "I03,,81200", "`I03` is no interview", "write `I0"),
    ("taggings.csv", "AX1,denied", "AX1,dennied", "`dennied` is not a polarity", "write `denied`"),
    ("taggings.csv", "AX1,denied", "AX3,denied", "`AX3` is no code", "write `AX1`"),
    ("taggings.csv", "denied,anna", "denied,anna,x", "the row has 7 cells, the first line 6", "in quotes"),
    ("insights.csv", "N1,anna,2026-04-01", "N1,anna,April", "date: `April` is not a date", "2026-03-02"),
]


@pytest.mark.parametrize(("file", "right", "wrong", "problem", "remedy"), ONE_FAULT)
def test_one_fault_is_one_message_at_its_line(
    tmp_path: Path, file: str, right: str, wrong: str, problem: str, remedy: str
) -> None:
    """A single mistake is reported once, in its line, with what to write instead."""
    before, after = FILES[file].split(right, 1)
    (fault,) = faults_of(write_study(tmp_path, **{file.replace(".", "_"): before + wrong + after}))
    line = before.count("\n") + 1
    assert fault.place == f"{file}:{line}"
    assert problem in fault.problem
    assert remedy in fault.remedy


MANY_FAULTS = """\
study: nido
titel: Nido                                                          # fault
languages: [de, es]
team:
  - {id: anna, name: Anna, role: researcher}
  - {id: anna, name: Anna, role: product}                            # fault
codebook: codebook.yaml
segments: segments.yml                                               # fault
participants:
  - {id: P01, language: german, segment: careful}                    # fault
  - {id: P02, language: es}
interviews:
  - id: I01
    participant: P11                                                 # fault
    date: yesterday                                                  # fault
    mode: interpreted
    interviewer_language: en                                         # fault
    files:
      - transcripts/P01.vtt
      - transcripts/P99.mp3                                          # fault
    speakers:
      Anna: interviewr                                               # fault
  - id: I02
    participant: P02
    files: [transcripts/P02.srt]
    consent: {quotes: perhaps}                                       # fault
"""


def test_ten_faults_are_ten_messages(tmp_path: Path) -> None:
    """All that is wrong with a manifest is said at once, each at its own line, and nothing else."""
    marked = [f"study.yaml:{number}" for number, line in enumerate(MANY_FAULTS.split("\n"), 1) if "# fault" in line]
    assert len(marked) == 10
    assert [fault.place for fault in faults_of(write_study(tmp_path, study_yaml=MANY_FAULTS))] == marked


def test_faults_of_all_files_come_together(tmp_path: Path) -> None:
    """The manifest's faults come first, then those of the files that it names, each with its own lines."""
    changed = {
        "study_yaml": MANIFEST.replace("mode: interpreted", "mode: live"),
        "codebook_yaml": FILES["codebook.yaml"].replace("kind: anxiety", "kind: fear"),
        "customers_csv": FILES["customers.csv"] + "C-1043,2025-13-01,-1,1.234,,\n",
        "taggings_csv": FILES["taggings.csv"] + "I09,hm,,AH1,,anna\n",
    }
    assert [fault.place for fault in faults_of(write_study(tmp_path, **changed))] == [
        "study.yaml:26",
        "codebook.yaml:4",
        "customers.csv:4",
        "customers.csv:4",
        "customers.csv:4",
        "taggings.csv:5",
    ]


def test_very_many_faults_are_cut_short(tmp_path: Path) -> None:
    """A table that is wrong throughout gives a hundred messages, the last of which says that there are more."""
    faults = faults_of(write_study(tmp_path, customers_csv=FILES["customers.csv"] + "X,,-1,-1,,\n" * 5_000))
    assert len([fault for fault in faults if fault.place.startswith("customers.csv")]) == 100
    assert "more faults" in faults[-1].problem


def test_the_message_counts_the_faults(tmp_path: Path) -> None:
    """The error itself is one line; every fault reads place, problem, remedy."""
    with pytest.raises(ManifestError, match="has 10 faults; nothing of it was used") as caught:
        read_study(write_study(tmp_path, study_yaml=MANY_FAULTS))
    assert str(caught.value.faults[0]) == "study.yaml:2: `titel` is not a key here → write `title`"
