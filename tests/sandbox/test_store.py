"""The stand-ins' database."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.oci.services.vault.material import seal, unseal
from sandbox.store import OtherLayoutError, Store, open_store

PAIRS = """
import sys
from sandbox.store import open_store
with open_store(sys.argv[1]) as store:
    print("ready", flush=True)
    for number in range(1_000_000):
        with store.transaction():
            store.put("left", str(number), {"n": number})
            store.put("right", str(number), {"n": number})
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "deep" / "cloud.db") as opened:
        yield opened


def test_a_document_is_replaced_found_and_deleted(store: Store) -> None:
    store.put("kind", "a", {"n": 1})
    store.put("kind", "a", {"n": 2})

    assert store.get("kind", "a") == {"n": 2}
    assert store.get("other", "a") is None
    assert store.delete("kind", "a")
    assert not store.delete("kind", "a")


def test_documents_are_listed_by_the_prefix_of_their_keys(store: Store) -> None:
    for key in ("b/1", "a/2", "a/1"):
        store.put("kind", key, {})

    assert list(store.list("kind", "a/")) == ["a/1", "a/2"]
    assert list(store.list("kind")) == ["a/1", "a/2", "b/1"]


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    def fail_halfway() -> None:
        with store.transaction():
            store.put("kind", "a", {})
            with store.transaction():
                store.put("kind", "b", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()

    assert store.list("kind") == {}


def test_events_are_kept_in_order_and_by_source(store: Store) -> None:
    store.record("oci", "create", "one", token="t")
    store.record("kubernetes", "create", "two")
    store.record("oci", "delete", "one")

    assert [(each.verb, each.subject) for each in store.events("oci")] == [
        ("create", "one"),
        ("delete", "one"),
    ]
    assert store.events(limit=1)[0].verb == "delete"
    assert store.events("oci")[0].detail == {"token": "t"}


def test_a_write_of_another_process_is_noticed(store: Store) -> None:
    before = store.version()
    store.put("kind", "mine", {})
    assert store.version() == before, "its own writes do not change the version"

    with open_store(store.path) as other:
        other.put("kind", "theirs", {})

    assert store.version() != before
    assert store.get("kind", "theirs") == {}


def test_clearing_empties_everything_and_is_noticed(store: Store) -> None:
    store.put("kind", "a", {})
    store.record("oci", "create", "one")
    before = store.version()

    store.clear()

    assert (store.list("kind"), store.events()) == ({}, ())
    assert store.version() != before


def test_threads_wait_for_each_other(store: Store) -> None:
    store.put("count", "n", {"n": 0})

    def count() -> None:
        for _ in range(50):
            with store.transaction():
                found = store.get("count", "n")
                assert found is not None
                store.put("count", "n", {"n": found["n"] + 1})

    threads = [threading.Thread(target=count) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert store.get("count", "n") == {"n": 400}


def test_two_processes_wait_for_each_other(store: Store) -> None:
    with open_store(store.path) as other:
        held = threading.Event()

        def hold() -> None:
            with other.transaction():
                held.set()
                time.sleep(0.2)
                other.put("kind", "first", {})

        thread = threading.Thread(target=hold)
        thread.start()
        held.wait()
        with store.transaction():
            assert store.get("kind", "first") == {}
        thread.join()


@pytest.mark.parametrize("delay", [0.0, 0.01, 0.05, 0.1])
def test_a_kill_at_any_moment_leaves_the_store_whole(tmp_path: Path, delay: float) -> None:
    path = tmp_path / "cloud.db"
    command = [sys.executable, "-c", PAIRS, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)

    with open_store(path) as store:
        assert store.check() == "ok"
        assert list(store.list("left")) == list(store.list("right")), "half a transaction was stored"


def test_the_engine_s_resources_are_listed_for_all_stand_ins_and_can_be_deleted(store: Store) -> None:
    store.create_tables(
        """
        CREATE TABLE IF NOT EXISTS things (id TEXT PRIMARY KEY, urn TEXT);
        CREATE VIEW IF NOT EXISTS owned_things AS SELECT urn, id FROM things;
        CREATE TRIGGER IF NOT EXISTS things_forgotten INSTEAD OF DELETE ON owned_things BEGIN
            DELETE FROM things WHERE id = OLD.id AND urn = OLD.urn;
        END
        """
    )
    store.execute("INSERT INTO things VALUES ('a', 'urn:a'), ('b', 'urn:b')")

    store.forget("urn:a", "a")

    assert store.owned() == (("urn:b", "b"),)


def test_a_copy_in_memory_uses_the_files_beside_the_database(tmp_path: Path) -> None:
    with Store(tmp_path / "cloud.db") as store, store.copied() as copy:
        sealed = seal(copy, "a", b"text")
        assert unseal(store, "a", sealed) == b"text"


def test_a_file_of_another_version_is_refused_with_the_command_to_run(tmp_path: Path) -> None:
    Store(tmp_path / "cloud.db").close()
    database = sqlite3.connect(tmp_path / "cloud.db")
    database.execute("PRAGMA user_version = 999")
    database.close()
    with pytest.raises(OtherLayoutError, match="`sandbox cloud reset` clears it"):
        Store(tmp_path / "cloud.db")


def test_a_document_is_deleted_after_its_lifetime(store: Store) -> None:
    store.put("token", "old", {"n": 1}, lifetime=timedelta(hours=-1))
    store.put("token", "kept", {"n": 2})
    store.put("token", "new", {"n": 3}, lifetime=timedelta(hours=1))
    assert list(store.list("token")) == ["kept", "new"]


def test_the_log_keeps_the_newest_events(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.store.KEPT_EVENTS", 3)
    for number in range(5):
        store.record("wire", "get", str(number))
    assert [each.subject for each in store.events()] == ["2", "3", "4"]
