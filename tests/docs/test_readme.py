"""The commands and links in the README work."""

import re
import subprocess
from pathlib import Path

import pytest

from tools.system_tools import BIN, ROOT

README = (ROOT / "README.md").read_text()
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("command", sorted(set(re.findall(r"\bplayground ([a-z]+)", README))))
def test_every_playground_command_that_is_named_exists(command: str) -> None:
    helped = subprocess.run([str(BIN / "playground"), command, "--help"], capture_output=True, check=False)
    assert helped.returncode == 0


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z]+)\b", README)) - {"it"}))
def test_every_make_target_that_is_named_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_a_preview_ends_in_the_cost() -> None:
    asked = subprocess.run(
        ["make", "--dry-run", "preview", "STACK=prod"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert asked.stdout.index("sandbox preview --stack prod") < asked.stdout.index("playground report prod")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_have_a_target(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target
