"""`make lint` reads the files that exist."""

import subprocess
from pathlib import Path

import pytest

from tools import make_lint


def test_a_file_that_is_deleted_but_not_committed_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("kept.py", "deleted.py", "ignored.py"):
        (tmp_path / name).touch()
    (tmp_path / ".gitignore").write_text("ignored.py\n")
    for words in (["init", "--quiet"], ["add", "."]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    (tmp_path / "deleted.py").unlink()
    (tmp_path / "new.py").touch()
    monkeypatch.setattr(make_lint, "ROOT", tmp_path)
    assert sorted(make_lint.tracked("*.py")) == ["kept.py", "new.py"]


def test_the_type_checker_may_use_half_of_the_memory_unless_the_user_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("os.sysconf", {"SC_PAGE_SIZE": 2**12, "SC_PHYS_PAGES": 2**20}.__getitem__)
    monkeypatch.delenv("NODE_OPTIONS", raising=False)
    shown = ["sh", "-c", "echo $NODE_OPTIONS"]
    assert make_lint.run(shown).stdout == "--max-old-space-size=2048\n"
    monkeypatch.setenv("NODE_OPTIONS", "--max-old-space-size=512")
    assert make_lint.run(shown).stdout == "--max-old-space-size=512\n"
