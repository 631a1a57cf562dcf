"""`python -m tools.release`: a release has one version, an entry, baselines and a tag."""

import subprocess
import sys

import pytest

from tools.baseline import STACKS
from tools.release import entries, release_problems
from tools.system_tools import ROOT

CHANGELOG = (
    "# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-12-01)\n\n- New.\n\n## 0.1.0 (2026-11-01)\n\n- First.\n"
)
KEPT = [f"0.2.0/{stack}{end}" for stack in STACKS for end in (".tar.xz", ".yaml")]
HEAD = "a" * 40


def problems(
    version: str = "0.2.0",
    changelog: str = CHANGELOG,
    baselines: list[str] = KEPT,
    tags: dict[str, str] | None = None,
) -> list[str]:
    return [str(each) for each in release_problems(version, changelog, baselines, tags or {}, HEAD)]


def test_a_complete_release_has_no_problems() -> None:
    assert problems() == []
    assert problems(tags={"v0.2.0": HEAD, "v0.1.0": "b" * 40}) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"version": "0.2"}, "pyproject.toml: version: '0.2'; must be three numbers"),
        (
            {"version": "0.3.0", "baselines": [each.replace("0.2", "0.3") for each in KEPT]},
            "the first entry must be",
        ),
        (
            {"changelog": CHANGELOG.replace("Unreleased\n", "Unreleased\n\n- x\n")},
            "must be empty in a release",
        ),
        (
            {"changelog": CHANGELOG.replace("- New.\n", "")},
            "CHANGELOG.md: 0.2.0: 'empty'; must say what changed",
        ),
        (
            {"changelog": CHANGELOG.replace(" (2026-12-01)", "")},
            "the first entry must be `## 0.2.0 (YYYY-MM-DD)`",
        ),
        (
            {"changelog": CHANGELOG.replace("0.1.0", "0.3.0")},
            "the entries must be in order, the newest first",
        ),
        ({"changelog": "# Changelog\n"}, "CHANGELOG.md: 'no entry'"),
        ({"baselines": KEPT[1:]}, f"tests/baselines: '{KEPT[0]}'; must exist"),
        ({"tags": {"v0.2.0": "b" * 40}}, "tag: 'v0.2.0'; already names another commit, bbbbbbbbbbbb"),
    ],
)
def test_a_release_that_lacks_something_is_refused(given: dict[str, object], says: str) -> None:
    assert [each for each in problems(**given) if says in each], problems(**given)  # type: ignore[arg-type]


def test_the_changelog_of_the_project_begins_with_what_is_not_released() -> None:
    assert next(iter(entries((ROOT / "CHANGELOG.md").read_text(encoding="utf-8")))) == "Unreleased"


def test_the_command_prints_the_tag_only_without_problems() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.release"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    assert ("git tag --annotate v" in done.stdout) == (done.returncode == 0)
    assert done.stdout
