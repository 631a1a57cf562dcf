"""Enforces the word list of CONTRIBUTING.md for pages, comments and texts in the code (part of `make lint`)."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from functools import cache

from tools.component_rules import ROOT
from tools.entry import start
from tools.make_lint import tracked

FILES = ("*.py", "*.md", "*.yaml", "*.yml", "*.toml", "*.sh", "*.j2", "Makefile", ".ci/run")
LEFT_OUT = (
    "tests/tools/test_words.py",
    "serving/weights/node/",
    "serving/jobs/",
    "components/cluster/boot/node-boot.sh.j2",
    "facts/data/oci-sentences.yaml",
    "tests/baselines/",
)
"""Files that the check skips. The test names the words that it finds. The programs and scripts of pods and nodes are
inputs of existing resources: a changed word would restart them. The sentences are Oracle's. The baselines are the stack
files of released versions."""

_HEADING = "## Words"
_ROW = re.compile(r"^\| (?!Write|---)(?P<write>[^|]+) \| (?P<avoid>[^|]+) \|$", re.MULTILINE)

Finding = tuple[int, str]


def word_list(page: str) -> dict[str, str]:
    """The replacement of each phrase to avoid, from the table under "Words"."""
    section = page.partition(f"\n{_HEADING}\n")[2].partition("\n## ")[0]
    rows = _ROW.finditer(section)
    return {avoid.strip(): row["write"].strip() for row in rows for avoid in row["avoid"].split(",")}


def contained(text: str, words: Mapping[str, str]) -> dict[str, str]:
    """The phrases that the text may contain: every part of them is in it. The search for a part is much faster."""
    text = text.casefold()
    return {avoid: write for avoid, write in words.items() if all(part in text for part in _parts(avoid))}


@cache
def _parts(phrase: str) -> tuple[str, ...]:
    return tuple(phrase.casefold().split())


def check_text(text: str, words: Mapping[str, str], first_line: int = 1) -> Iterator[Finding]:
    """Every phrase of the list in a text, also where a line ends within it."""
    for avoid, write in contained(text, words).items():
        pattern = r"[\s#]+".join(map(re.escape, avoid.split()))
        for found in re.finditer(rf"(?<![\w-]){pattern}(?![\w-])", text, re.IGNORECASE):
            yield first_line + text.count("\n", 0, found.start()), f"write {write!r}, not {avoid!r}"


def check_source(source: str, words: Mapping[str, str]) -> list[Finding]:
    """Every phrase of the list in the comments and texts of a Python file. Names are not checked."""
    words = contained(source, words)
    if not words:
        return []
    # Tokens take the longest. A comment's phrase is also in the source as it stands, a joined text's need not be.
    comments = _comments(source) if any(check_text(source, words)) else ()
    found = [each for line, comment in comments for each in check_text(comment, words, line)]
    for line, last, text in _texts(ast.parse(source)):
        # A text of several literals has fewer line ends than lines, and one with \\n has more.
        found += [(min(at, last), finding) for at, finding in check_text(text, words, line)]
    return sorted(found)


def _comments(source: str) -> Iterator[tuple[int, str]]:
    """Comments with their first lines; those on consecutive lines are one text."""
    block: list[tokenize.TokenInfo] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            block.append(token)
        elif token.type != tokenize.NL and block:
            yield block[0].start[0], "\n".join(each.string for each in block)
            block = []


def _texts(tree: ast.AST) -> Iterator[tuple[int, int, str]]:
    """Texts with their first and last lines. Adjacent literals are one text, a value in an f-string is `{}`."""
    parts: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts.update(node.values)
            text = "".join(
                str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in parts:
            text = node.value
        else:
            continue
        yield node.lineno, node.end_lineno or node.lineno, text


def main() -> int:
    """Print where the files use a phrase of the list. 1 if any file does."""
    page = ROOT / "CONTRIBUTING.md"
    words = word_list(page.read_text(encoding="utf-8"))
    if not words:
        print(f"{page.name}: no table of words under {_HEADING!r}")
        return 1
    wrong = 0
    for name in tracked(*FILES):
        if name.startswith(LEFT_OUT):
            continue
        text = (ROOT / name).read_text(encoding="utf-8")
        if name == page.name:
            text = _ROW.sub("", text)
        check = check_source if name.endswith(".py") else check_text
        for line, finding in check(text, words):
            print(f"{name}:{line}: {finding}")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    start(main)
