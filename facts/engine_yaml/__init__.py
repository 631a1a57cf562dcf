"""YAML as Pulumi's engine reads it: the only loader for YAML documents in this project.

`no`, `on` and `10:30` are text. A key that occurs twice is refused. Only the first of several documents is read.
`tests/engine/test_yaml_as_the_engine.py` compares every value and every refusal with the pinned engine.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml

from facts.problem import InvalidInput, Problem

from .faults import BrokenError, Fault, encoding_fault, fault_of, os_words
from .nodes import Node, split
from .scalars import EngineDate as EngineDate
from .values import value_in

BOM = b"\xef\xbb\xbf"
"""Some editors write it at the start of a file. The engine skips it."""

_INVISIBLE = "\ufeff"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""The first bytes of UTF-16, which the engine also reads."""


@dataclass(frozen=True)
class YamlText:
    """A parsed document: the value, the tree, and the line of a second document, if there is one."""

    value: object
    root: Node | None
    second_line: int | None


def read_yaml(path: Path) -> YamlText:
    """The document in a file. Raises InvalidInput with the file, the line and the fix."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InvalidInput([Problem(str(path), path.name, *os_words(error))], path.name) from None
    return parse_yaml(data, path.name)


def parse_yaml(text: str | bytes, name: str) -> YamlText:
    """The document in a text. Raises InvalidInput, which calls the file `name`."""
    data = (text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text).removeprefix(BOM)
    try:
        document = split(data, _decoded(data))
        return YamlText(value_in(document.root), document.root, document.second_line)
    except BrokenError as error:
        faults = error.faults
    except yaml.YAMLError as error:
        faults = (fault_of(error, _decoded(data)),)
    raise InvalidInput([_problem(fault, name) for fault in faults], name)


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-16" if data[:2] in _WIDE_MARKS else "utf-8")
    except UnicodeDecodeError as error:
        raise BrokenError(encoding_fault(data, error)) from None
    if _INVISIBLE in text:
        line = text.count("\n", 0, text.index(_INVISIBLE)) + 1
        raise BrokenError(Fault(line, "U+FEFF", "is a byte order mark, which is invisible", "Remove it"))
    return text


def _problem(fault: Fault, name: str) -> Problem:
    return Problem(f"{name}, line {fault.line}", fault.value, fault.allowed, fault.fix)
