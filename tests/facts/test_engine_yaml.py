"""YAML has the same values as in the engine. A fault is reported with its line and its fix.

`tests/engine/test_yaml_as_the_engine.py` compares the same loader with the engine itself.
"""

from pathlib import Path

import pytest

from facts.engine_yaml import EngineDate, parse_yaml, read_yaml
from facts.problem import InvalidInput


def read(text: str) -> object:
    return parse_yaml(text, "file.yaml").value


def refusal(text: str | bytes) -> str:
    with pytest.raises(InvalidInput) as refused:
        parse_yaml(text, "file.yaml")
    return "\n".join(str(problem) for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("10:30", "10:30"),
        ("1e3", 1000),
        ("1.0", 1),
        ("0777", 511),
        ("0o17", 15),
        ("0x1F", 31),
        ("08", 8),
        ("1_000", 1000),
        ("TRUE", True),
        ("~", None),
        ("", None),
        ("9223372036854775807", 9223372036854775807),
        ("9223372036854775808", 9223372036854776000),
        ("1234567890123456789012345678901234567890", 1.2345678901234568e39),
        ("1" * 5_000, "1" * 5_000),
        ("2026-07-07", "2026-07-07 00:00:00 +0000 UTC"),
        ("2026-7-7 1:2:3.50", "2026-07-07 01:02:03.5 +0000 UTC"),
        ("2026-07-07T01:02:03-05:00", "2026-07-07 01:02:03 -0500 -0500"),
        ("2026-13-01", "2026-13-01"),
        ("'1'", "1"),
        ("!!str 1", "1"),
        ("!own 1", "1"),
        ("{-0.0: a}", {"0": "a"}),
        ("{1: a, ~: b, true: c}", {"1": "a", "<nil>": "b", "true": "c"}),
        ("{secure: 1}", {"secure": 1}),
    ],
)
def test_a_word_means_what_the_engine_makes_of_it(written: str, meant: object) -> None:
    assert read(f"key: {written}\n") == {"key": meant}


def test_a_date_keeps_its_written_form() -> None:
    found = read("2026-07-07")
    assert isinstance(found, EngineDate)
    assert found.written == "2026-07-07"


def test_existing_keys_override_merged_keys_and_the_first_mapping_wins() -> None:
    assert read("a: &a {x: 1, y: 1}\nb: &b {x: 2, z: 2}\nc: {<<: [*b, *a], z: 3}")["c"] == {  # pyright: ignore
        "z": 3,
        "x": 2,
        "y": 1,
    }


def test_only_the_first_document_is_read_and_the_line_of_the_second_is_known() -> None:
    found = parse_yaml("a: 1\n---\nb: 2\n", "file.yaml")
    assert (found.value, found.second_line) == ({"a": 1}, 2)
    assert parse_yaml("", "file.yaml").value is None


def test_every_duplicate_key_is_reported_with_both_lines() -> None:
    said = refusal("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n")
    assert "file.yaml, line 5: 'a'; already occurs in line 1" in said
    assert "file.yaml, line 4: 'c'; already occurs in line 3" in said


@pytest.mark.parametrize(
    ("text", "line", "cure"),
    [
        ("a:\n\tb: 1\n", 2, "has a tab where YAML allows only spaces"),
        ("a:\n  b: 1\n\tc: 1\n", 3, "has a tab where YAML allows only spaces"),
        (b"a: 1\nb: \xe4\n", 2, "is not UTF-8. Save the file as UTF-8"),
        ("a: 1\nb: *x\n", 2, "refers to an anchor &x that does not exist above it"),
        ("a: &x [*x]\n", 1, "is inside its own anchor"),
        ("a: [1,\n", 1, "is not closed"),
        ("a: 'x\nb: 1\n", 1, "has a quote that is not closed"),
        ("a: b: c\n", 1, "has `: ` twice"),
        ("a:\n  b: 1\n c: 2\n", 3, "has an indentation that no line above it has"),
        ("a: @x\n", 1, "has an unquoted value that begins with @"),
        ("%YAML 1.2\n---\na: 1\n", 1, "the engine reads only version 1.1"),
        ("a: .inf\n", 1, "is a number that the engine cannot pass on"),
        ("a: {u: http://x/?q=1}\n", 1, "has an unquoted ? within brackets"),
        ("a: \x01\n", 1, "is a character that YAML does not allow"),
        ("a: 1\n# \ufeff\n", 2, "is a byte order mark"),
        ("a: " + "[" * 2000 + "]" * 2000, 1, "nests more than"),
        ("[a]: 1\n", 1, "is a key that is a list or a mapping"),
    ],
)
def test_a_fault_is_reported_with_its_line_and_its_fix(text: str | bytes, line: int, cure: str) -> None:
    said = refusal(text)
    assert said.startswith(f"file.yaml, line {line}: ")
    assert cure in said


def test_a_broken_line_is_shown_without_its_value() -> None:
    assert "hunter2" not in refusal("password: hunter2: x\n"), "it may be a secret"


def test_aliases_cannot_fill_the_memory() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "repeats too much through aliases" in refusal("\n".join(lines))


def test_a_byte_order_mark_and_utf_16_are_read_as_the_engine_reads_them() -> None:
    assert parse_yaml(b"\xef\xbb\xbfa: 1\n", "file.yaml").value == {"a": 1}
    assert parse_yaml("a: ä\n".encode("utf-16"), "file.yaml").value == {"a": "ä"}


def test_a_file_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(InvalidInput, match=r"folder\.yaml'; is a folder, not a file"):
        read_yaml(tmp_path / "folder.yaml")
    with pytest.raises(InvalidInput, match="does not exist"):
        read_yaml(tmp_path / "none.yaml")
