"""The writer as its own process, which is killed at random moments while readers look all the time."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from serving.weights.node.lease import take
from serving.weights.node.manifest import MANIFEST, ModelId, read_manifest

from .conftest import REVISION, whole

pytestmark = pytest.mark.prove

SMALL = ModelId("small", REVISION)
KILLS = 12


class Agents:
    """Starts the agent as the container does, on one disk and bucket."""

    def __init__(self, store, bucket, tmp_path) -> None:
        self.store, self.bucket = store, bucket
        self.wanted = tmp_path / "wanted.json"
        self.signs = tmp_path / "signs"
        self.signs.mkdir()
        self.want("small")

    def want(self, *names: str) -> None:
        self.wanted.write_text(json.dumps([{"model": name, "revision": REVISION} for name in names]))

    def start(self, *words: str, limit: str = "") -> subprocess.Popen[str]:
        run = ["run", "--root", self.store.root, "--bucket", self.bucket.name, "--wanted", self.wanted]
        options = ["--disk-share", "0.99", "--streams", "2", "--pause", "0.2", *words]
        slow = {"RCLONE_BWLIMIT": limit, "RCLONE_BUFFER_SIZE": "0"} if limit else {}
        return subprocess.Popen(
            [sys.executable, "-m", "serving.weights.node.agent", "--signs", self.signs, *run, *options],
            env=self.bucket.environment | slow,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def probe(self, sign: str) -> bool:
        words = [sys.executable, "-m", "serving.weights.node.agent", "--signs", self.signs, "probe", sign]
        return subprocess.run(words, check=False).returncode == 0


@pytest.fixture
def agents(store, bucket, tmp_path):
    return Agents(store, bucket, tmp_path)


class Reader(threading.Thread):
    """Looks for the model all the time, and records what it sees."""

    def __init__(self, store, manifest) -> None:
        super().__init__(daemon=True)
        self.folder, self.manifest = store.models / SMALL.folder, manifest
        self.looks, self.seen, self.halves = 0, 0, 0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.is_set():
            self.looks += 1
            if self.folder.exists():
                self.seen += 1
                self.halves += not whole(self.folder, self.manifest)
            lease = take(self.folder)
            if lease is not None:
                self.halves += not whole(self.folder, self.manifest)
                os.close(lease)
            time.sleep(0.002)


def wait_until(true, seconds=120.0):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.05)


def test_a_writer_killed_at_random_moments_never_shows_a_partial_model_and_finishes_in_the_end(
    agents, store, bucket
):
    manifest = bucket.model(files=6, size=300_000)
    source = random.Random(5)
    reader = Reader(store, manifest)
    reader.start()
    for _ in range(KILLS):
        agent = agents.start("--once", limit="1M")
        time.sleep(source.uniform(0.1, 1.6))
        agent.kill()
        agent.communicate()

    def finished():
        last = agents.start("--once")
        said, _ = last.communicate(timeout=120)
        assert last.returncode in (0, 2), said
        return last.returncode == 0

    wait_until(finished)
    wait_until(lambda: reader.seen > 0)
    reader.over.set()
    reader.join()
    assert reader.halves == 0
    assert reader.looks > 100
    assert whole(store.models / SMALL.folder, manifest)


def test_a_killed_writer_keeps_the_files_that_were_checked(agents, store, bucket):
    manifest = bucket.model(files=6, size=300_000)
    agent = agents.start("--once", limit="600k")
    checked = store.partial / SMALL.folder / "checked"
    wait_until(lambda: any(checked.glob("*.safetensors")))
    agent.kill()
    agent.communicate()
    kept = {path.name: path.stat().st_ino for path in checked.glob("*.safetensors")}
    assert 0 < len(kept) < 6
    wait_until(lambda: _status(agents.start("--once")) == 0)
    after = {path.name: path.stat().st_ino for path in (store.models / SMALL.folder).glob("*.safetensors")}
    assert kept.items() <= after.items()
    assert whole(store.models / SMALL.folder, manifest)


def test_the_second_of_two_writers_gives_up_at_once(agents, store, bucket):
    manifest = bucket.model(files=6, size=300_000)
    first = agents.start("--once", limit="1M")
    wait_until((store.partial / SMALL.folder).exists)
    # Otherwise the first may have finished before the second has imported its modules.
    first.send_signal(signal.SIGSTOP)
    try:
        second = agents.start("--once")
        said, _ = second.communicate(timeout=120)
    finally:
        first.send_signal(signal.SIGCONT)
    assert second.returncode == 2, said
    assert "another writer" in said
    said, _ = first.communicate(timeout=120)
    assert first.returncode == 0, said
    assert whole(store.models / SMALL.folder, manifest)


def test_a_writer_waits_for_the_transfers_of_a_dead_one(agents, store, bucket):
    bucket.model(files=6, size=300_000)
    agent = agents.start("--once", limit="300k")
    wait_until(lambda: any((store.partial / SMALL.folder / "incoming").glob("*.safetensors*")))
    # Its rclone has inherited the lock. It would end at its next log line, because nobody reads the log any more.
    transfers = [int(pid) for pid in Path(f"/proc/{agent.pid}/task/{agent.pid}/children").read_text().split()]
    _signal(transfers, signal.SIGSTOP)
    try:
        agent.kill()
        agent.wait()
        orphaned = _status(agents.start("--once")) == 2
    finally:
        _signal(transfers, signal.SIGCONT)
    assert transfers
    assert orphaned, "a second writer started during the transfers of the first"
    wait_until(lambda: _status(agents.start("--once")) == 0)


def test_leased_models_stay_even_if_an_agent_needs_their_space(agents, store, bucket):
    for name in ("small", "other"):
        bucket.model(name)
    assert _status(agents.start("--once")) == 0
    engine = _engine(store)
    agents.want("other")
    # A share of 0: only leased models may stay.
    assert _status(agents.start("--once", "--disk-share", "0.000001")) == 1
    assert store.has(SMALL.folder)
    engine.kill()
    engine.wait()
    assert _status(agents.start("--once", "--disk-share", "0.000001")) == 1
    assert not store.has(SMALL.folder), "the kernel released the lease when the engine ended"


def test_an_agent_stages_models_that_are_wanted_later_and_becomes_ready(agents, store, bucket):
    agent = agents.start()
    wait_until(lambda: agents.probe("alive"))
    assert not agents.probe("ready")
    bucket.model()
    wait_until(lambda: agents.probe("ready"))
    bucket.model("other")
    agents.want("small", "other")
    wait_until(lambda: store.has(ModelId("other", REVISION).folder))
    agent.send_signal(signal.SIGTERM)
    assert agent.wait(timeout=60) == 0


def test_a_damaged_model_is_deleted_and_staged_again_at_the_next_start(agents, store, bucket):
    manifest = bucket.model()
    assert _status(agents.start("--once")) == 0
    (store.models / SMALL.folder / "model-1.safetensors").write_bytes(b"cut")
    assert _status(agents.start("--once")) == 0
    assert whole(store.models / SMALL.folder, manifest)


def test_unavailable_models_do_not_block_the_others(agents, store, bucket):
    bucket.model()
    agents.want("absent", "small")
    agent = agents.start("--once")
    said, _ = agent.communicate(timeout=120)
    assert agent.returncode == 1
    assert "not imported yet" in said
    assert store.has(SMALL.folder)


def test_readers_never_see_a_model_during_its_eviction(store, bucket, agents):
    manifest = bucket.model(files=2, size=20_000)
    over = threading.Event()
    halves, leases = [], []

    def read():
        while not over.is_set():
            folder = store.models / SMALL.folder
            lease = take(folder)
            if lease is not None:
                leases.append(1)
                if not whole(folder, manifest) or read_manifest((folder / MANIFEST).read_text()) != _sorted(
                    manifest
                ):
                    halves.append(1)
                os.close(lease)

    readers = [threading.Thread(target=read) for _ in range(2)]
    evicted = 0
    with store.writing():
        for reader in readers:
            reader.start()
        # Leases of readers delay evictions, so the loop counts evictions and not seconds.
        until = time.monotonic() + 90
        while evicted < 10 and time.monotonic() < until:
            if not store.has(SMALL.folder):
                _put(store, bucket, manifest)
            evicted += store.evict(SMALL.folder)
    over.set()
    for reader in readers:
        reader.join()
    assert not halves
    assert leases
    assert evicted > 3


def _put(store, bucket, manifest):
    folder = store.partial / "made"
    folder.mkdir()
    for file in manifest.files:
        (folder / file.path).parent.mkdir(exist_ok=True)
        (folder / file.path).write_bytes(
            CONTENTS.setdefault(file.path, bucket.get(f"{SMALL.prefix}/{file.path}"))
        )
    store.publish(SMALL.folder, folder, manifest)


CONTENTS: dict[str, bytes] = {}


def _sorted(manifest):
    return read_manifest(manifest.text())


def _status(process):
    process.communicate(timeout=90)
    return process.returncode


def _signal(processes, number):
    for each in processes:
        os.kill(each, number)


def _engine(store):
    words = [sys.executable, "-m", "serving.weights.node.lease", store.models / SMALL.folder]
    engine = subprocess.Popen([*words, "--", "sleep", "60"], stdout=subprocess.PIPE, text=True)
    assert engine.stdout is not None
    assert "waiting" in engine.stdout.readline()
    assert "is there" in engine.stdout.readline()
    return engine
