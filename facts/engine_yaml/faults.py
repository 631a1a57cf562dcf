"""Why a document cannot be read: the line and the fix, in the user's words instead of a parser's."""

from dataclasses import dataclass

import yaml


@dataclass(frozen=True)
class Fault:
    """One fault: `line` counts from 1; `value` is the text there."""

    line: int
    value: str
    allowed: str
    fix: str = ""


class BrokenError(Exception):
    """The engine does not read the document."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(each.allowed for each in faults))


_TAB = ("has a tab where YAML allows only spaces", "Replace it with spaces")
_INDENT = (
    "has an indentation that no line above it has",
    "Align it with the lines around it, and check quotes within quotes",
)
_OPEN = (
    "opens a list or mapping that is not closed",
    "Close the bracket, or quote a value that begins with a bracket",
)
_COLON = ("has `: ` twice, or the lines below it do not belong to a key", "Quote a value that contains `: `")
_QUOTE = ("has a quote that is not closed", "Close it")
_ESCAPE = ("has a backslash in double quotes that is not an escape sequence", "Use single quotes")
_OTHER = (
    "cannot be read as YAML",
    "Compare it with the lines around it, and quote values with special characters",
)

_WORDS = (
    ("mapping values are not allowed", _COLON),
    (
        "could not find expected ':'",
        ("is a key without its `:`, or does not belong to a key", "Write `key: value`"),
    ),
    ("unexpected end of stream", _QUOTE),
    ("unexpected document indicator", _QUOTE),
    ("escape", _ESCAPE),
    ("hexdecimal", _ESCAPE),
    ("comment or line break", ("has text after | or >", "Quote a value that begins with | or >")),
    ("tab", _TAB),
    ("',' or", _OPEN),
    ("did not find expected node content", _OPEN),
    ("block end", _INDENT),
    ("expected key", _INDENT),
    ("expected '-'", ("is not an item of the list above it", "Begin it with `- `, or indent it")),
    ("indentation", _INDENT),
    ("undefined tag handle", ("begins with an unknown tag", "Quote a value that begins with !")),
    ("tag", ("begins with an unknown tag", "Quote a value that begins with !")),
    ("alphabetic or numeric", ("has & or * without a name", "Quote a value that begins with & or *")),
    ("expected <document start>", ("does not belong to the lines above it", "Indent it, or remove it")),
)
"""Part of a libyaml message, with its meaning and the fix."""


def fault_of(error: yaml.YAMLError, text: str) -> Fault:
    """The fault that libyaml found, with its line."""
    lines = text.splitlines() or [""]
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return _unreadable(error, text)
    said = error.problem or ""
    mark = error.problem_mark
    opening = said.startswith(("found unexpected", "could not find", "did not find expected ','"))
    place = error.context_mark if opening and error.context_mark else mark
    index = min(place.line, len(lines) - 1)
    line = lines[index]
    if "cannot start any token" in said:
        return Fault(index + 1, _shown(line), *_first_character(line, mark.column))
    words = next((words for part, words in _WORDS if part in said), _OTHER)
    return Fault(index + 1, _shown(line), *words)


def _shown(line: str) -> str:
    """A line without its value, which may be a secret."""
    key, colon, value = line.rstrip().partition(":")
    return f"{key}: …" if colon and value.strip() else key + colon


def _first_character(line: str, column: int) -> tuple[str, str]:
    found = line[column : column + 1] or "\t"
    if found == "\t" or "\t" in line[: len(line) - len(line.lstrip())]:
        return _TAB
    return f"has an unquoted value that begins with {found}", "Put it in quotes"


def _unreadable(error: yaml.YAMLError, text: str) -> Fault:
    """A character that YAML does not allow."""
    position = getattr(error, "position", 0)
    line = text.count("\n", 0, position) + 1
    return Fault(line, text[position : position + 1], "is a character that YAML does not allow", "Remove it")


def encoding_fault(data: bytes, error: UnicodeDecodeError) -> Fault:
    """Bytes that are not UTF-8."""
    line = data.count(b"\n", 0, error.start) + 1
    found = "byte " + hex(data[error.start])
    return Fault(line, found, "is not UTF-8", "Save the file as UTF-8")


def os_words(error: OSError) -> tuple[str, str]:
    """Why a file cannot be opened, and how to fix it."""
    if isinstance(error, IsADirectoryError):
        return "is a folder, not a file", "Move it"
    if isinstance(error, PermissionError):
        return "you may not read it", "Give yourself permission to read it"
    if isinstance(error, FileNotFoundError):
        return "does not exist", ""
    return f"cannot be read: {error.strerror}", ""
