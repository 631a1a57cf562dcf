"""`python -m tools.release`: check that a release is complete, and print the commands that tag it.

The version is in pyproject.toml and nowhere else. A release has an entry in CHANGELOG.md, a baseline of each stack, and
a tag of the same name with `v` before it.
"""

import re
import subprocess
import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import date

from facts.problem import Problem
from tools.baseline import FOLDER, STACKS
from tools.entry import start
from tools.system_tools import ROOT

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)", re.ASCII)
_HEADING = re.compile(r"^## (?P<title>.+)$", re.MULTILINE)
UNRELEASED = "Unreleased"


def entries(changelog: str) -> Mapping[str, str]:
    """The sections of a changelog by title, newest first."""
    found = list(_HEADING.finditer(changelog))
    ends = [*(each.start() for each in found[1:]), len(changelog)]
    return {
        each["title"].strip(): changelog[each.end() : end].strip()
        for each, end in zip(found, ends, strict=False)
    }


def release_problems(
    version: str, changelog: str, baselines: Collection[str], tags: Mapping[str, str], head: str
) -> Iterator[Problem]:
    """What a release lacks. `baselines`: file names as RELEASE/FILE. `tags`: commits by tag. `head`: the commit."""
    if not _VERSION.fullmatch(version):
        yield Problem("pyproject.toml: version", version, "must be three numbers, e.g. 0.2.0")
        return
    yield from _entry_problems(version, entries(changelog))
    wanted = {f"{version}/{stack}{end}" for stack in STACKS for end in (".tar.xz", ".yaml")}
    missing = sorted(wanted - set(baselines))
    if missing:
        fix = f"`.venv/bin/python -m tools.baseline {version}` writes them"
        yield Problem("tests/baselines", ", ".join(missing), "must exist", fix)
    tag = f"v{version}"
    if tags.get(tag, head) != head:
        fix = "Change the version: a tag never moves"
        yield Problem("tag", tag, f"already names another commit, {tags[tag][:12]}", fix)


def _entry_problems(version: str, found: Mapping[str, str]) -> Iterator[Problem]:
    if found.get(UNRELEASED):
        fix = f"Move its lines below `## {version} ({date.today().isoformat()})`"
        yield Problem(f"CHANGELOG.md: {UNRELEASED}", "not empty", "must be empty in a release", fix)
    released = [title for title in found if title != UNRELEASED]
    form = re.compile(rf"{re.escape(version)} \(\d{{4}}-\d\d-\d\d\)", re.ASCII)
    if not released or not form.fullmatch(released[0]):
        first = released[0] if released else "no entry"
        yield Problem("CHANGELOG.md", first, f"the first entry must be `## {version} (YYYY-MM-DD)`")
    elif not found[released[0]]:
        yield Problem(f"CHANGELOG.md: {version}", "empty", "must say what changed")
    numbers = [_numbers(title) for title in released]
    if numbers != sorted(set(numbers), reverse=True):
        yield Problem("CHANGELOG.md", ", ".join(released), "the entries must be in order, the newest first")


def _numbers(title: str) -> tuple[int, ...]:
    found = _VERSION.match(title)
    return tuple(map(int, found.groups())) if found else ()


def _git(*words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


def main() -> int:
    """Print the problems, or the commands that tag the release. Returns 1 if there are problems."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    commits = {tag: _git("rev-list", "-n", "1", tag) for tag in _git("tag").splitlines()}
    baselines = [str(path.relative_to(FOLDER)) for path in FOLDER.glob("*/*")]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = [*release_problems(version, changelog, baselines, commits, _git("rev-parse", "HEAD"))]
    if _git("status", "--porcelain"):
        found.append(Problem("git", "uncommitted changes", "a tag names a commit: commit them first"))
    for problem in found:
        print(problem)
    if not found:
        print(f"git tag --annotate v{version} --message 'Release {version}'")
        print(f"git push origin v{version}")
    return 1 if found else 0


if __name__ == "__main__":
    start(main)
