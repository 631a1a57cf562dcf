"""The word list of CONTRIBUTING.md, held over pages, comments and texts in the code (part of `make lint`)."""

import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.component_rules import ROOT
from tools.entry import start

PAGES = ("*.md", "docs/**/*.md", "examples/*.md", "*.yaml", "examples/*.yaml")
SOURCES = (
    "facts",
    "components",
    "serving",
    "infra",
    "report",
    "sandbox",
    "genai_playground",
    "tests",
    "tools",
)
LEFT_OUT = ("tests/tools/test_words.py", "serving/weights/node/", "serving/jobs/")
"""The test names the words that it finds; the programs of pods are inputs of what stands, and a word is not worth a
restart of theirs."""

_HEADING = "## Words"
_ROW = re.compile(r"^\| (?!Write|---)(?P<write>[^|]+) \| (?P<avoid>[^|]+) \|$", re.MULTILINE)

Finding = tuple[int, str]


def word_list(page: str) -> dict[str, str]:
    """What to write instead, by the phrase to avoid, from the table under "Words"."""
    section = page.partition(f"\n{_HEADING}\n")[2].partition("\n## ")[0]
    rows = _ROW.finditer(section)
    return {avoid.strip(): row["write"].strip() for row in rows for avoid in row["avoid"].split(",")}


def check_text(text: str, words: Mapping[str, str], first_line: int = 1) -> Iterator[Finding]:
    """Every phrase of the list in a text, over line ends too."""
    for avoid, write in words.items():
        pattern = r"[\s#]+".join(map(re.escape, avoid.split()))
        for found in re.finditer(rf"(?<![\w-]){pattern}(?![\w-])", text, re.IGNORECASE):
            yield first_line + text.count("\n", 0, found.start()), f"write {write!r}, not {avoid!r}"


def check_source(source: str, words: Mapping[str, str]) -> Iterator[Finding]:
    """Every phrase of the list in the comments and texts of a Python file; its names are free."""
    block: list[tokenize.TokenInfo] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            block.append(token)
        elif token.type == tokenize.STRING:
            yield from check_text(token.string, words, token.start[0])
        elif token.type != tokenize.NL and block:
            yield from _check_comments(block, words)
            block = []
    yield from _check_comments(block, words)


def _check_comments(block: list[tokenize.TokenInfo], words: Mapping[str, str]) -> Iterator[Finding]:
    if block:
        yield from check_text("\n".join(token.string for token in block), words, block[0].start[0])


def main() -> int:
    """Print what the files have of the list; 1 if they have any."""
    page = ROOT / "CONTRIBUTING.md"
    words = word_list(page.read_text(encoding="utf-8"))
    if not words:
        print(f"{page.name}: no table of words under {_HEADING!r}")
        return 1
    wrong = 0
    for file in _files():
        text = file.read_text(encoding="utf-8")
        if file == page:
            text = _ROW.sub("", text)
        check = check_source if file.suffix == ".py" else check_text
        for line, finding in check(text, words):
            print(f"{file.relative_to(ROOT)}:{line}: {finding}")
            wrong += 1
    return 1 if wrong else 0


def _files() -> Iterator[Path]:
    pages = {page for pattern in PAGES for page in ROOT.glob(pattern)}
    sources = {file for folder in SOURCES for file in (ROOT / folder).rglob("*.py")}
    yield from sorted(
        each for each in pages | sources if not str(each.relative_to(ROOT)).startswith(LEFT_OUT)
    )


if __name__ == "__main__":
    start(main)
