"""Kernels of former images are deleted from the node, but none that an engine may still use."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from serving.jobs import script

DAY = 86_400


def folder(root: Path, name: str, days: float, *, marked: bool = True) -> None:
    """A folder that was last used this many days ago."""
    (root / name / "aiter").mkdir(parents=True)
    (root / name / "aiter" / "module.so").write_bytes(b"x")
    used = time.time() - days * DAY
    if marked:
        (root / name / ".used").touch()
        os.utime(root / name / ".used", (used, used))
    os.utime(root / name, (used, used))


def clean(root: Path, own: str = "new") -> str:
    """Run the script as the pod does. Returns its output."""
    done = subprocess.run(
        [sys.executable, "-c", script("old_kernels.py"), str(root), own],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def left(root: Path) -> set[str]:
    return {each.name for each in root.iterdir()}


def test_old_folders_are_deleted_and_the_engines_own_is_marked(tmp_path: Path):
    folder(tmp_path, "new", 40)
    folder(tmp_path, "former", 20)
    folder(tmp_path, "old", 30)
    folder(tmp_path, "oldest", 90)
    said = clean(tmp_path)
    assert left(tmp_path) == {"new", "former"}, (
        "the one before stays: its engines may run, and a rollback needs it"
    )
    assert said.count("removed") == 2
    assert time.time() - (tmp_path / "new" / ".used").stat().st_mtime < 60
    assert (tmp_path / "new" / "aiter" / "module.so").exists()


def test_a_recently_used_folder_stays(tmp_path: Path):
    folder(tmp_path, "former", 1)
    folder(tmp_path, "before", 13)
    assert not clean(tmp_path)
    assert left(tmp_path) == {"new", "former", "before"}


@pytest.mark.parametrize(("days", "stays"), [(13, True), (15, False)])
def test_a_folder_without_a_mark_has_the_age_of_the_folder(tmp_path: Path, days: float, stays: bool):
    folder(tmp_path, "former", 1)
    folder(tmp_path, "unmarked", days, marked=False)
    clean(tmp_path)
    assert ("unmarked" in left(tmp_path)) is stays


def test_folders_that_an_earlier_run_deleted_only_in_part_are_deleted(tmp_path: Path):
    folder(tmp_path, ".going-old", 1)
    clean(tmp_path)
    assert left(tmp_path) == {"new"}


def test_files_next_to_the_folders_stay(tmp_path: Path):
    (tmp_path / "README").write_text("kept")
    folder(tmp_path, "lost+found", 0)
    clean(tmp_path)
    assert {"README", "lost+found"} <= left(tmp_path)


def test_an_engine_starts_even_if_nothing_can_be_deleted(tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert "left as it is" in clean(blocked)
