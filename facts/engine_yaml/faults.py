"""What keeps a document from being read: the line and the cure, in a user's words, never a parser's."""

from dataclasses import dataclass

import yaml


@dataclass(frozen=True)
class Fault:
    """One thing wrong: `line` from 1; `value` is what stands there."""

    line: int
    value: str
    allowed: str
    fix: str = ""


class BrokenError(Exception):
    """A document that the engine does not read."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(each.allowed for each in faults))


_TAB = ("has a tab where YAML allows only blanks", "Put blanks in its place")
_INDENT = (
    "is indented like no line above it",
    "Line it up with its neighbours, and mind quotes within quotes",
)
_OPEN = (
    "begins a list or mapping that is not closed",
    "Close its bracket, or quote a value that begins with one",
)
_COLON = ("has `: ` twice, or lines below it that belong to no key", "Quote a value that holds `: `")
_QUOTE = ("has a quote that is not closed", "Close it")
_ESCAPE = ("has a backslash in double quotes that begins no escape", "Use single quotes")
_OTHER = (
    "cannot be read as YAML",
    "Compare it with the lines around it, and quote values with special characters",
)

_WORDS = (
    ("mapping values are not allowed", _COLON),
    ("could not find expected ':'", ("is a key without its `:`, or belongs to no key", "Write `key: value`")),
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
    ("expected '-'", ("is no item of the list above it", "Begin it with `- `, or indent it")),
    ("indentation", _INDENT),
    ("undefined tag handle", ("begins with a tag that is not known", "Quote a value that begins with !")),
    ("tag", ("begins with a tag that is not known", "Quote a value that begins with !")),
    ("alphabetic or numeric", ("has & or * without a name", "Quote a value that begins with & or *")),
    ("expected <document start>", ("does not belong to what stands above it", "Indent it, or take it out")),
)
"""A part of what libyaml says, and what that means."""


def fault_of(error: yaml.YAMLError, text: str) -> Fault:
    """What libyaml found, said with the line that it found it in."""
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
    """A character that no YAML holds."""
    position = getattr(error, "position", 0)
    line = text.count("\n", 0, position) + 1
    return Fault(
        line, text[position : position + 1], "is a character that YAML does not allow", "Take it out"
    )


def encoding_fault(data: bytes, error: UnicodeDecodeError) -> Fault:
    """Bytes that are no UTF-8."""
    line = data.count(b"\n", 0, error.start) + 1
    found = "byte " + hex(data[error.start])
    return Fault(line, found, "is no UTF-8", "Save the file as UTF-8")


def os_words(error: OSError) -> tuple[str, str]:
    """Why a file cannot be opened, and what to do."""
    if isinstance(error, IsADirectoryError):
        return "is a folder where a file is needed", "Move it away"
    if isinstance(error, PermissionError):
        return "may not be read by you", "Give yourself the right to read it"
    if isinstance(error, FileNotFoundError):
        return "is not there", ""
    return f"cannot be read: {error.strerror}", ""
