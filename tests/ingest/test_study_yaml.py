"""YAML with lines: the values of a plain YAML parser, and the line that each key or item begins in."""

import tempfile
from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as st

from ingest.study_faults import FaultLog
from ingest.study_files import YAML, StudyFile
from ingest.study_yaml import Node, Plain, Tree, read_tree

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff\ufeff"), max_size=12)
VALUES: st.SearchStrategy[Plain] = st.recursive(
    st.none() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=9,
)


def read(text: str) -> tuple[Tree | None, FaultLog]:
    """Read a YAML text from a file of its own."""
    faults = FaultLog()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.yaml"
        path.write_text(text, encoding="utf-8")
        return read_tree(StudyFile("study.yaml", path, YAML), faults), faults


@given(content=st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4), flow=st.booleans())
def test_values_survive(content: dict[str, Plain], flow: bool) -> None:
    """What PyYAML writes, in block or in flow style, is read back the same."""
    tree, faults = read(yaml.safe_dump(content, allow_unicode=True, default_flow_style=flow))
    assert faults.in_order("") == ()
    assert tree is not None
    assert tree.root.plain() == content


def lines_of(node: Node) -> list[int]:
    """List the lines of all values below a node."""
    below = node.value.values() if isinstance(node.value, dict) else node.items()
    return [line for inner in below for line in (inner.line, *lines_of(inner))]


@given(depth=st.integers(1, 5), comments=st.lists(st.integers(0, 3), min_size=5, max_size=5))
def test_each_value_knows_its_line(depth: int, comments: list[int]) -> None:
    """However many comments stand between, the line of a value is that of its key, of an item its own."""
    text, expected = "", []
    for level, above in zip(range(depth), comments, strict=False):
        text += "# comment\n" * above + "  " * level + f"key{level}:\n"
        expected.append(text.count("\n"))
    text += "  " * depth + "- item\n"
    tree, _ = read(text)
    assert tree is not None
    assert lines_of(tree.root) == [*expected, text.count("\n")]


def test_scalars_are_not_interpreted() -> None:
    """Octal numbers, dates, Norwegian and yes stay text; only an empty value or null is none."""
    tree, _ = read("a: 007\nb: 2026-03-02\nc: no\nd: yes\ne: 1e3\nf: null\ng:\nh: ~\ni: 'null'\nj: ''\n")
    assert tree is not None
    texts = {"a": "007", "b": "2026-03-02", "c": "no", "d": "yes", "e": "1e3", "i": "null", "j": ""}
    assert tree.root.plain() == texts | {"f": None, "g": None, "h": None}


def test_aliases_are_refused_so_that_nothing_grows() -> None:
    """Each alias of a billion laughs is a fault, and stands for nothing."""
    laughs = "a: &a [ha, ha]\n" + "".join(
        f"{name}: &{name} [*{inner}, *{inner}]\n" for inner, name in zip("abcdef", "bcdefg", strict=True)
    )
    tree, faults = read(laughs)
    assert tree is not None
    assert tree.root.plain() == {"a": ["ha", "ha"]} | {name: [None, None] for name in "bcdefg"}
    assert len(faults.in_order("")) == 12


def test_a_fault_that_is_known_spoils_its_place() -> None:
    """What stands below a refused tag is not judged again; its neighbours are."""
    tree, faults = read("a: !!python/object/apply:os.system\n  - ls\nb: c\n")
    assert tree is not None
    assert len(faults.in_order("")) == 1
    assert tree.locate(["a", 0]).spoiled
    assert not tree.locate(["b"]).spoiled
