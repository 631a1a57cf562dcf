"""Every command that a page or a message tells a reader to type, with its place."""

import ast
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tools.component_rules import ROOT

CHECKED = ("make", "playground", "python", "sandbox", "pulumi")
"""Programs that the tests use to parse their own command lines."""

RUN = ("cd", "cp", "curl", "eval", "export", "git", "openssl", "sed", "ssh-keygen")
"""Programs of every machine. tests/docs/test_shell_commands.py runs their command lines."""

ELSEWHERE = {
    "crane": "asks a registry",
    "docker": "asks a registry",
    "fn": "needs Docker and a registry",
    "kubectl": "needs kubectl and a cluster with running pods",
    "oci": "needs an account; tests/docs/test_oci_commands.py asks the CLI itself for each",
    "pip": "needs a registry",
    "skopeo": "asks a registry",
    "uv": "needs a registry",
}
"""Programs whose commands a test cannot run here, with the reason."""

PAGES = sorted(
    page
    for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md"))
    if page.name != "CHANGELOG.md" and "components" not in page.relative_to(ROOT).parts
)
SOURCES = sorted(
    file
    for folder in ("components", "facts", "infra", "report", "sandbox", "serving", "tools")
    for file in (ROOT / folder).rglob("*.py")
)

_PROGRAMS = "|".join(sorted({*CHECKED, *RUN, *ELSEWHERE}))
_START = rf"(?:\$ )?(?:\.venv/bin/|\{{bin\}})?(?P<program>{_PROGRAMS})(?: (?P<rest>[^`\n]+))?"
_INLINE = re.compile(rf"`{_START}`")
_LINE = re.compile(rf"^ *{_START}$", re.MULTILINE)
_MENTION = re.compile(rf"`(?:\$ )?(?:\.venv/bin/|\{{bin\}})?(?:{_PROGRAMS})")
_SEAM = re.compile(r"""["'](?:\s|\\\n)*[rf]?["']""")
"""The place in the source where a text continues in the next quotes."""
_FENCED = re.compile(r"```(?:sh|text|bash)[^\n]*\n(.*?)```", re.DOTALL)
_HOLE = "HOLE"
"""The place of a value in a message."""


@dataclass(frozen=True)
class Command:
    """A recommended command. `words` are the words after the program."""

    place: str
    program: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.place}: {' '.join((self.program, *self.words))}"


@cache
def all_commands() -> tuple[Command, ...]:
    """All commands on the pages and in the texts of the code."""
    found = [each for page in PAGES for each in _of_page(page)]
    return (*found, *(each for file in SOURCES for each in _of_source(file)))


def _of_page(page: Path) -> Iterator[Command]:
    text, place = page.read_text(encoding="utf-8"), str(page.relative_to(ROOT))
    for block in _FENCED.findall(text):
        yield from _commands(place, _LINE.finditer(block))
    yield from _commands(place, _INLINE.finditer(_FENCED.sub("", text).replace("\n", " ")))


def _of_source(file: Path) -> Iterator[Command]:
    place, source = str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")
    if not _MENTION.search(_SEAM.sub("", source)):
        return  # parsing all files takes seconds, and few name a command
    for node in ast.walk(ast.parse(source)):
        text = _text(node)
        if text:
            yield from _commands(place, _INLINE.finditer(text.replace("\n", " ")))


def _text(node: ast.AST) -> str:
    """A text of the code, with HOLE for each value."""
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else _HOLE for part in node.values)  # type: ignore[misc]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _commands(place: str, matches: Iterator[re.Match[str]]) -> Iterator[Command]:
    for match in matches:
        rest = re.split(r" [|>&] ?|\s#|;| … | …$", match["rest"] or "")[0]
        try:
            words = shlex.split(rest)
        except ValueError:
            continue
        yield Command(place, match["program"], tuple(words))
