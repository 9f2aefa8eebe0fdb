"""The list of a workshop: columns in three languages, every fault with its line, hostile files refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidInputError
from app.research.hypotheses.beliefs import KnownNames, WrittenBelief, read_beliefs, same_statement
from app.vocabulary import Polarity

KNOWN = KnownNames.of(["AX1", "CR4"], {"careful": ("Vorsichtige", "die Vorsichtigen"), "starter": ("Novatos",)})


def faults_of(content: str | bytes) -> list[tuple[str, str]]:
    """Place and problem of every fault."""
    raw = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(InvalidInputError) as refused:
        read_beliefs(raw, "list.csv", KNOWN)
    assert all(fault.remedy for fault in refused.value.faults)
    return [(fault.place, fault.problem) for fault in refused.value.faults]


@pytest.mark.parametrize(
    "table",
    [
        "ID,Statement,Author,Segment,Code,Polarity\nB1,Fees matter,Owen,careful,AX1|CR4,denied\n",
        "\ufeffNr;Annahme;Autorin;Segmente;Codes;Polarität\r\nB1;Fees  matter;Owen;VORSICHTIGE;AX1, CR4;verneint\r\n",
        "número\thipótesis\tquién\tsegmento\tcódigo\tpolaridad\nB1\tFees matter\tOwen\tdie vorsichtigen\tAX1 CR4\t-\n",
    ],
)
def test_columns_are_called_in_three_languages(table: str) -> None:
    """With comma, semicolon or tab, with or without a byte order mark, in any order and case."""
    (belief,) = read_beliefs(table.encode(), "list.csv", KNOWN)
    assert belief == WrittenBelief(2, "Fees matter", "B1", "Owen", ("AX1", "CR4"), ("careful",), Polarity.DENIED)


def test_only_the_statement_is_needed() -> None:
    """Columns that mean nothing here are left alone, empty lines are skipped, formulas are only words."""
    beliefs = read_beliefs(b"votes,belief\n12,=SUM(A1) matters\n\n,Fees matter\n", "list.csv", KNOWN)
    assert [(each.line, each.statement) for each in beliefs] == [(2, "=SUM(A1) matters"), (4, "Fees matter")]
    assert beliefs[0] == WrittenBelief(2, "=SUM(A1) matters")


def test_all_faults_come_at_once() -> None:
    """Each with its line: unknown names, wrong words, what is empty, too long or there twice."""
    table = (
        "id,belief,segment,code,polarity\n"
        "B 1,Fees matter,rich,AX9,maybe\n"
        "B2,   ,careful,,\n"
        f"B3,{'x' * 1001},,,\n"
        "B3,fees MATTER.,,,\n"
    )
    assert faults_of(table) == [
        ("list.csv:2", "the id `B 1` cannot be used"),
        ("list.csv:2", "`maybe` is no polarity"),
        ("list.csv:2", "`AX9` is no code of the study"),
        ("list.csv:2", "`rich` is no segment of the study"),
        ("list.csv:3", "the belief is empty"),
        ("list.csv:4", "the belief has more than 1000 characters"),
        ("list.csv:5", "the id is there already, in line 4"),
        ("list.csv:5", "the belief is there already, in line 2"),
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "no column holds the beliefs"),
        (b"foo,bar\n1,2\n", "no column holds the beliefs"),
        (b"belief,hypothesis\n1,2\n", "`hypothesis` and `belief` mean the same"),
        (b"belief\n", "no belief is listed"),
        (b"belief\n\xff\xfe\n", "the byte 0xFF is not UTF-8"),
        (b'belief\n"open\n', "this is not CSV"),
        (b"belief\n" + b"x\n" * 501, "there are more than 500 beliefs"),
        (b"belief\n" + b"x" * 1_000_001, "larger than 1 MB"),
        (b'belief\n"' + b"x" * 200_000 + b'"\n', "this is not CSV"),
    ],
)
def test_what_is_no_list_is_refused(content: bytes, problem: str) -> None:
    """With one message that says what to do."""
    ((_, found),) = faults_of(content)
    assert problem in found


def test_one_statement_is_known_in_other_wordings() -> None:
    """Case, white space and the mark at the end do not make another statement."""
    assert same_statement("Fees  matter!") == same_statement("fees matter")
    assert same_statement("Fees matter") != same_statement("Fees do not matter")


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"belief,code\n{text}".encode()))
def test_nothing_breaks_the_reader(content: bytes) -> None:
    """Whatever bytes come, they are a list or refused with faults."""
    refused = None
    try:
        beliefs = read_beliefs(content, "list.csv", KNOWN)
    except InvalidInputError as error:
        refused = error
    assert refused.faults if refused else all(belief.statement for belief in beliefs)
