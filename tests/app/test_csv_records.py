"""CSV is read record by record, and each says in which line it begins."""

import pytest

from app.csv_records import NotCsvError, read_records


def test_records_know_their_lines() -> None:
    """Also after cells that have line breaks; white space and the empty cells at the end go."""
    text = 'code; about ;;\r\nAX1;"two\r\nlines";\r\n\r\nAX2;"so ""called"""\r\n'
    assert list(read_records(text)) == [
        (1, ["code", "about"]),
        (2, ["AX1", "two\r\nlines"]),
        (4, []),
        (5, ["AX2", 'so "called"']),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_that_of_the_header(delimiter: str) -> None:
    """Whatever the other rows are full of."""
    assert list(read_records(f"a{delimiter}b\n1.5{delimiter}x\n"))[1] == (2, ["1.5", "x"])


def test_what_is_no_csv_is_told_with_its_line() -> None:
    """A quote that never ends began somewhere."""
    with pytest.raises(NotCsvError) as refused:
        list(read_records('a,b\n1,2\n"3,4\n'))
    assert refused.value.line == 3
