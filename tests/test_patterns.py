"""No pattern of the program accepts digits or letters of other scripts by accident."""

import ast
import re
from collections.abc import Iterator

import pytest

from tools.make_lint import ROOT, tracked

FOLDERS = ("components", "facts", "infra", "policies", "report", "sandbox", "serving")
LEFT_OUT = ("facts/data/", "infra/schema/choices.py")
"""Programs that read the source of an SDK, and patterns of a JSON schema, where ECMAScript's `\\d` is ASCII."""

FILES = [name for name in tracked("*.py") if name.startswith(FOLDERS) and not name.startswith(LEFT_OUT)]


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Calls of functions of `re`."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=attribute)) if (
                attribute != "escape"
            ):
                yield node
            case _:
                pass


def open_patterns(source: str) -> list[int]:
    """Lines of texts with `\\d` or `\\w` that are not arguments of a call with re.ASCII or re.UNICODE."""
    tree = ast.parse(source)
    said = {
        id(inner)
        for call in calls(tree)
        if any(
            isinstance(each, ast.Attribute) and each.attr in ("ASCII", "UNICODE") for each in ast.walk(call)
        )
        for inner in ast.walk(call)
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
        if re.search(r"\\[dDwW]", node.value)
    ]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('import re\nre.compile(r"\\d+")', [2]),
        ('FORM = r"[\\w.-]+"', [1]),
        ('import re\nre.fullmatch(r"\\d", text, re.ASCII)', []),
        ('import re\nre.sub(r"\\w", "", text, flags=re.I | re.UNICODE)', []),
        ('FORM = r"[0-9]+"', []),
    ],
)
def test_a_pattern_without_a_decision_is_found(source, lines):
    assert open_patterns(source) == lines


def test_each_pattern_says_whether_other_scripts_count():
    found = {name: open_patterns((ROOT / name).read_text(encoding="utf-8")) for name in FILES}
    assert {name: lines for name, lines in found.items() if lines} == {}
