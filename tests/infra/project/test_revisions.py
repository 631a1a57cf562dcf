"""The project's files at a revision of git."""

import subprocess
from pathlib import Path

import pytest

from facts.problem import InvalidInput
from infra.project.revisions import at_revision


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    ran = subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True)
    return ran.stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in a folder of a repository, with two commits."""
    folder = tmp_path / "repository" / "project"
    folder.mkdir(parents=True)
    git(folder.parent, "init", "-q")
    for text in ("one", "two"):
        (folder / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
        git(folder.parent, "add", ".")
        git(folder.parent, "commit", "-qm", text)
    return folder


def test_the_files_are_those_of_the_revision_and_the_work_tree_stays(project: Path):
    (project / "Pulumi.dev.yaml").write_text("not committed", encoding="utf-8")
    before = git(project, "status", "--porcelain")
    with at_revision(project, "HEAD~1", "--before") as found:
        assert (found.folder / "Pulumi.dev.yaml").read_text(encoding="utf-8") == "one"
        assert git(project, "rev-parse", "HEAD~1").startswith(found.commit)
    assert not found.folder.exists()
    assert git(project, "status", "--porcelain") == before
    assert (project / "Pulumi.dev.yaml").read_text(encoding="utf-8") == "not committed"


@pytest.mark.parametrize("name", ["v9", "--help", "HEAD:project", ""])
def test_an_unknown_revision_is_a_problem(project: Path, name: str):
    with (
        pytest.raises(InvalidInput, match="must be a revision of the git repository"),
        at_revision(project, name, "--before"),
    ):
        pass


def test_a_folder_without_a_repository_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("GIT_DIR", "elsewhere")
    with (
        pytest.raises(InvalidInput, match=r"needs a git repository; git says .*not a git repository"),
        at_revision(tmp_path, "HEAD", "--before"),
    ):
        pass


def test_a_machine_without_git_is_a_problem(project: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")
    with (
        pytest.raises(InvalidInput, match="git, which is not installed"),
        at_revision(project, "HEAD", "--before"),
    ):
        pass
