"""Unpacks a Parquet file: `python -m app.research.customers.parquet_child` reads it from stdin and writes CSV.

It runs as a process of its own, with little memory and time. The first line that it writes is JSON about the columns.
"""

import csv
import io
import json
import sys
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

from app.confinement import confine
from app.research.customers.parquet import UNREADABLE

MOST_ROWS = 500_000
MOST_COLUMNS = 200
MOST_UNPACKED_BYTES = 1_000_000_000
MOST_ROW_GROUPS = 10_000
MOST_CHARACTERS = 200_000_000
LONGEST_CELL = 100_000
_ROWS_AT_ONCE = 2_000
_MOST_MEMORY_BYTES = 2 * 1024**3
_MOST_CPU_S = 80


class UnreadableError(Exception):
    """The file is not read; the message says why."""


def write_table(content: bytes, target: io.TextIOBase) -> None:
    """Write a Parquet file as CSV, without the columns that hold no plain values.

    Raises:
        UnreadableError: it is larger than what is read.
        pa.ArrowException, OSError: it is damaged.
    """
    file = pq.ParquetFile(pa.BufferReader(content))
    _check(file.metadata)
    fields = list(file.schema_arrow)
    plain = [place for place, field in enumerate(fields) if _is_plain(field.type)]
    left_out = [field.name for place, field in enumerate(fields) if place not in plain]
    names = [fields[place].name for place in plain]
    head = {
        "columns": names,
        "exact": [not _is_text(fields[place].type) for place in plain],
        "notes": [f"the column {name!r} holds no plain values and was left out" for name in left_out],
    }
    target.write(json.dumps(head) + "\n")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(names)
    written = 0
    for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE, use_threads=False):
        rows = list(zip(*(_texts(batch.column(place)) for place in plain), strict=True))
        written += sum(len(cell) for row in rows for cell in row)
        if written > MOST_CHARACTERS:
            raise UnreadableError(f"unpacked it has more than {MOST_CHARACTERS // 1_000_000:,} million characters")
        writer.writerows(rows)


def _check(metadata: pq.FileMetaData) -> None:
    if metadata.num_rows > MOST_ROWS:
        raise UnreadableError(f"there are more than {MOST_ROWS:,} rows: split the file")
    if metadata.num_columns > MOST_COLUMNS:
        raise UnreadableError(f"there are more than {MOST_COLUMNS} columns")
    if metadata.num_row_groups > MOST_ROW_GROUPS:
        raise UnreadableError("there are too many row groups")
    sizes = [metadata.row_group(place).total_byte_size for place in range(metadata.num_row_groups)]
    if sum(sizes) > MOST_UNPACKED_BYTES:
        raise UnreadableError(f"unpacked it is larger than {MOST_UNPACKED_BYTES // 1_000_000:,} MB")


def _is_plain(kind: pa.DataType) -> bool:
    kind = _inner(kind)
    return not (pa.types.is_nested(kind) or pa.types.is_duration(kind) or pa.types.is_interval(kind))


def _is_text(kind: pa.DataType) -> bool:
    kind = _inner(kind)
    texts = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    return _is_binary(kind) or any(is_such(kind) for is_such in texts)


def _is_binary(kind: pa.DataType) -> bool:
    binaries = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary, pa.types.is_binary_view)
    return any(is_such(kind) for is_such in binaries)


def _inner(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _texts(column: pa.Array) -> list[str]:
    """A column as text; days and times are written by Arrow, which knows all that there are."""
    if pa.types.is_temporal(_inner(column.type)):
        column = column.cast(pa.string())
    return [_text(value) for value in column.to_pylist()]


def _text(value: object) -> str:
    """A cell as text: numbers with a decimal point; what is missing, no number or no text is empty."""
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    text = value.decode("utf-8", "ignore") if isinstance(value, bytes) else str(value)
    if len(text) > LONGEST_CELL:
        raise UnreadableError(f"a cell has more than {LONGEST_CELL:,} characters")
    return text


def main() -> int:
    """Unpack within limits; the exit code says whether that went well."""
    confine(_MOST_MEMORY_BYTES, _MOST_CPU_S)
    content = sys.stdin.buffer.read()
    target = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline="", write_through=False)
    try:
        write_table(content, target)
    except UnreadableError as error:
        sys.stderr.write(str(error))
        return UNREADABLE
    except (pa.ArrowException, OSError, ValueError, OverflowError):
        sys.stderr.write("the Parquet file is damaged")
        return UNREADABLE
    target.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
