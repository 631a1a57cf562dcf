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
