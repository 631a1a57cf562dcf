"""A stack file of a release still passes, or the changelog names each setting that has to change."""

import re
from pathlib import Path

import pytest

from infra.project.stackfile import read_stack_file
from infra.settings import examine
from tests.support.sandbox_project import ROOT
from tools.baseline import FOLDER, baselines

FILES = sorted(FOLDER.glob("*/*.yaml"))
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def since(release: str) -> str:
    """What the changelog says of all that came after a release."""
    return CHANGELOG.partition(f"\n## {release}")[0]


def unnamed(file: Path, said: str) -> list[str]:
    """The settings that are refused today and that the text does not name by their path or last key."""
    content = read_stack_file(file.stem, file)
    problems = examine(content.sections, file.stem, encrypted=content.encrypted).problems
    paths = [re.sub(r"\[\d+\]", "[]", problem.path) for problem in problems]
    named = {code.split(":")[0] for code in said.split("`")[1::2]}
    return [path for path in paths if not {path, path.rsplit(".", 1)[-1]} & named]


def test_each_baseline_has_the_stack_file_that_it_was_made_with() -> None:
    assert {path.with_name(f"{path.name.split('.')[0]}.yaml") for path in baselines()} == set(FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_a_released_stack_file_has_to_change_is_named_in_the_changelog(file: Path) -> None:
    assert unnamed(file, since(file.parent.name)) == []


def test_a_setting_that_no_line_names_is_found() -> None:
    assert any(unnamed(file, "") for file in FILES), "else nothing shows that the test can fail"
