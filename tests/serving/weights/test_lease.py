"""The lease is taken, kept when the process becomes the engine, and released by the kernel."""

import fcntl
import os
import signal
import subprocess
import sys

import pytest

from serving.weights.node.lease import MANIFEST, main, take, wait
from serving.weights.node.manifest import MANIFEST as WRITTEN
from serving.weights.node.manifest import Manifest, WeightFile

LIST = Manifest("small", "a" * 40, "someone/small", (WeightFile("config.json", 2, "0" * 64),))


@pytest.fixture
def folder(store):
    """A model that is visible to readers."""
    with store.writing():
        made = store.partial / "made"
        made.mkdir()
        (made / "config.json").write_text("{}")
        store.publish("small--a", made, LIST)
    return store.models / "small--a"


def test_reader_and_writer_use_the_same_file():
    assert MANIFEST == WRITTEN


def test_a_missing_model_has_no_lease(tmp_path):
    assert take(tmp_path) is None
    assert wait(tmp_path, 0.1) is None


def test_many_engines_have_a_lease_and_the_last_one_releases_the_model(store, folder):
    first, second = leased(folder), leased(folder)
    with store.writing():
        assert not store.evict(folder.name)
        os.close(first)
        assert not store.evict(folder.name)
        os.close(second)
        assert store.evict(folder.name)
    assert take(folder) is None


def test_a_model_that_is_replaced_while_it_is_locked_gives_no_lease(store, folder, monkeypatch):
    real = fcntl.flock

    def replaced(descriptor, operation):
        real(descriptor, operation)
        (folder / MANIFEST).unlink()
        (folder / MANIFEST).write_text("another")

    monkeypatch.setattr(fcntl, "flock", replaced)
    assert take(folder) is None


def test_a_read_only_folder_is_enough(folder):
    for path in (folder / MANIFEST, folder):
        path.chmod(path.stat().st_mode & ~0o222)
    lease = take(folder)
    folder.chmod(0o755)
    assert lease is not None


def leased(folder):
    lease = take(folder)
    assert lease is not None
    return lease


def says(running):
    assert running.stdout is not None
    return running.stdout.readline().strip()


def engine(folder, *command):
    words = [sys.executable, "-m", "serving.weights.node.lease", str(folder), "--wait", "120"]
    return subprocess.Popen([*words, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_engine_replaces_the_process_and_its_end_releases_the_lease(store, folder, how):
    running = engine(folder, "--", "sh", "-c", "echo $$; exec sleep 60")
    said = [says(running) for _ in range(3)]
    assert said[2] == str(running.pid), "signals must reach the engine itself"
    with store.writing():
        assert not store.evict(folder.name)
        running.send_signal(how)
        running.wait(timeout=60)
        assert store.evict(folder.name)


def test_children_of_the_engine_keep_the_lease_too(store, folder):
    running = engine(folder, "--", "sh", "-c", "sleep 60 & echo $!; exit 0")
    child = [says(running) for _ in range(3)][2]
    running.wait(timeout=60)
    try:
        with store.writing():
            assert not store.evict(folder.name), "a worker may still read"
    finally:
        os.kill(int(child), signal.SIGKILL)


def test_an_engine_waits_for_a_model_that_is_staged_later(store):
    later = store.models / "small--a"
    running = engine(later, "--", "echo", "started")
    assert "waiting" in says(running)
    with store.writing():
        made = store.partial / "made"
        made.mkdir()
        store.publish("small--a", made, LIST)
    said, _ = running.communicate(timeout=60)
    assert said.splitlines()[-1] == "started"


def test_the_wait_for_a_model_that_is_never_staged_ends_with_the_reason(tmp_path, capsys):
    assert main([str(tmp_path / "small--a"), "--wait", "0.1", "--", "echo", "never"]) == 1
    said = capsys.readouterr()
    assert "small--a did not come within 0.1 s" in said.err
    assert "never" not in said.out
