"""A stack file of a release still passes, or the changelog names each setting that must change."""

import re
from pathlib import Path

import pytest

from infra.project.stackfile import read_stack_file
from infra.settings import examine
from infra.upgrading.releases import CHANGES
from tests.support.baselines import baselines
from tests.support.sandbox_project import ROOT
from tools.baseline import FOLDER

FILES = sorted(file for file in FOLDER.glob("*/*.yaml") if file.name != CHANGES)
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def since(release: str) -> str:
    """The changelog's text about everything after a release."""
    return CHANGELOG.partition(f"\n## {release}")[0]


def unnamed(file: Path, said: str) -> list[str]:
    """The refused settings that the text does not name by their path or last key."""
    content = read_stack_file(file.stem, file)
    problems = examine(content.sections, file.stem, encrypted=content.encrypted).problems
    paths = [re.sub(r"\[\d+\]", "[]", problem.path) for problem in problems]
    named = {code.split(":")[0] for code in said.split("`")[1::2]}
    return [path for path in paths if not {path, path.rsplit(".", 1)[-1]} & named]


def test_each_baseline_has_the_stack_file_that_it_was_made_with() -> None:
    assert {path.with_name(f"{path.name.split('.')[0]}.yaml") for path in baselines()} == set(FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_changelog_names_every_setting_that_a_released_stack_file_must_change(file: Path) -> None:
    assert unnamed(file, since(file.parent.name)) == []


def test_a_setting_that_no_line_names_is_found() -> None:
    assert any(unnamed(file, "") for file in FILES), "otherwise nothing shows that the test can fail"
