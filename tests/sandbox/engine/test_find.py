"""How the engine is found or installed."""

import hashlib
import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from sandbox.engine import build, cache, find, release
from sandbox.engine.pin import VERSION, Engine, EngineUnavailableError


def fake_cli(path: Path, version: str = VERSION) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho v{version}\n")
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def empty_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SANDBOX_ENGINE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "bin"), "/usr/bin", "/bin"]))
    monkeypatch.delenv("SANDBOX_ENGINE", raising=False)
    return tmp_path


def unavailable(reason: str):
    def source(say: find.Say) -> Path:
        raise EngineUnavailableError(reason)

    return source


def test_an_engine_named_by_the_user_comes_before_all_others(
    empty_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_cli(empty_machine / "bin" / "pulumi")
    chosen = fake_cli(empty_machine / "mine", "9.9.9")
    monkeypatch.setenv("SANDBOX_ENGINE", str(chosen))
    engine = find.present_engine()
    assert engine is not None
    assert (engine.path, engine.version, engine.origin) == (chosen, "9.9.9", "SANDBOX_ENGINE")


def test_an_engine_of_the_user_that_does_not_work_is_refused(
    empty_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDBOX_ENGINE", str(empty_machine / "nothing"))
    with pytest.raises(
        EngineUnavailableError, match=r"SANDBOX_ENGINE: '.*nothing'; must be a working Pulumi CLI"
    ):
        find.present_engine()


def test_path_comes_before_the_cache(empty_machine: Path) -> None:
    fake_cli(cache.cached_engine())
    on_path = fake_cli(empty_machine / "bin" / "pulumi")
    engine = find.present_engine()
    assert engine is not None
    assert (engine.path, engine.origin) == (on_path, "PATH")


def test_another_version_on_path_is_not_used(empty_machine: Path) -> None:
    fake_cli(empty_machine / "bin" / "pulumi", "3.1.0")
    fake_cli(cache.cached_engine())
    engine = find.present_engine()
    assert engine is not None
    assert engine.origin == "cache"


def test_an_engine_in_the_cache_is_run_again_only_after_a_change(empty_machine: Path) -> None:
    cached, runs = cache.cached_engine(), empty_machine / "runs"
    fake_cli(cached).write_text(f"#!/bin/sh\necho run >> {runs}\necho v{VERSION}\n")
    assert [find.present_engine(), find.present_engine()] == [Engine(cached, VERSION, "cache")] * 2
    assert runs.read_text() == "run\n"
    fake_cli(cached, "3.1.0")
    assert find.present_engine() is None


def test_the_release_is_tried_before_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []

    def fetched(say: find.Say) -> Path:
        order.append("release")
        raise EngineUnavailableError("not reachable")

    def built(say: find.Say) -> Path:
        order.append("source")
        return fake_cli(cache.cached_engine())

    monkeypatch.setattr(find, "SOURCES", (("official release", fetched), ("source", built)))
    assert find.obtain_engine(lambda line: None).origin == "source"
    assert order == ["release", "source"]


def test_when_nothing_works_the_error_says_what_was_tried_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sources = (
        ("official release", unavailable("not reachable")),
        ("source", unavailable("`go` is not on PATH")),
    )
    monkeypatch.setattr(find, "SOURCES", sources)
    with pytest.raises(EngineUnavailableError) as refusal:
        find.obtain_engine(lambda line: None)
    for part in (
        "PATH: no pulumi",
        "official release: not reachable",
        "source: `go` is not on PATH",
        "SANDBOX_ENGINE",
    ):
        assert part in str(refusal.value), part


def release_archive() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        body = f"#!/bin/sh\necho v{VERSION}\n".encode()
        for name in ("pulumi/pulumi", "pulumi/pulumi-language-python"):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(body), 0o755
            tar.addfile(entry, io.BytesIO(body))
    return packed.getvalue()


def serve_release(monkeypatch: pytest.MonkeyPatch, archive: bytes, digest: str) -> None:
    def read(url: str, say: object = None) -> bytes:
        return f"{digest}  {release.archive_name()}\n".encode() if url == release.CHECKSUMS else archive

    monkeypatch.setattr(release, "_read", read)
    cache.cache_folder().mkdir(parents=True, exist_ok=True)


def test_a_release_with_the_published_checksum_is_installed_with_its_language_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    archive = release_archive()
    serve_release(monkeypatch, archive, hashlib.sha256(archive).hexdigest())
    path = release.fetch_release(lambda line: None)
    assert find.version_of(path) == VERSION
    assert (path.parent / "pulumi-language-python").exists()


def test_a_release_with_another_checksum_is_discarded(monkeypatch: pytest.MonkeyPatch) -> None:
    serve_release(monkeypatch, release_archive(), "0" * 64)
    with pytest.raises(EngineUnavailableError, match="discarded"):
        release.fetch_release(lambda line: None)
    assert not cache.cached_engine().exists()


def test_a_source_build_without_go_says_so(empty_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(empty_machine / "bin"))
    with pytest.raises(EngineUnavailableError, match="`go` is not on PATH"):
        build.build_from_source(lambda line: None)


def test_a_failed_source_build_shows_go_s_error_and_leaves_no_files(
    empty_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = empty_machine / "bin" / "go"
    go.parent.mkdir()
    go.write_text("#!/bin/sh\necho 'verifying module: checksum mismatch' >&2\nexit 1\n")
    go.chmod(0o755)
    cache.cache_folder().mkdir(parents=True)
    with pytest.raises(EngineUnavailableError, match="checksum mismatch"):
        build.build_from_source(lambda line: None)
    assert list(cache.cache_folder().iterdir()) == []


def test_the_next_build_removes_the_files_of_an_interrupted_one() -> None:
    leftover = cache.cache_folder() / "scratch-killed"
    leftover.mkdir(parents=True)
    with cache.only_one(lambda line: None):
        assert not leftover.exists()


HOLDER = """
import sys, time
from sandbox.engine.cache import only_one
with only_one(print):
    print("held", flush=True)
    time.sleep(float(sys.argv[1]))
"""


def test_a_read_only_cache_is_named_in_the_error(
    empty_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_machine / "file").write_text("")
    monkeypatch.setenv("SANDBOX_ENGINE_CACHE", str(empty_machine / "file"))
    with (
        pytest.raises(
            EngineUnavailableError, match=r"cannot be written: Not a directory\. SANDBOX_ENGINE_CACHE"
        ),
        cache.only_one(lambda _: None),
    ):
        pass


def test_two_processes_never_install_at_once_and_a_killed_one_releases_the_lock() -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, "600"], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    waiter = subprocess.Popen([sys.executable, "-uc", HOLDER, "0"], stdout=subprocess.PIPE, text=True)
    assert waiter.stdout is not None
    assert waiter.stdout.readline() == "another process is filling the cache: waiting for it\n"
    holder.kill()
    said, _ = waiter.communicate(timeout=600)
    assert said == "held\n", "the second one gets the lock when the first is killed"
    holder.communicate()


def test_the_pinned_module_and_the_python_sdk_have_the_same_version() -> None:
    module = (build.MODULE / "go.mod").read_text()
    lock = (build.MODULE.parent.parent / "requirements.lock").read_text()
    assert f"github.com/pulumi/pulumi/pkg/v3 v{VERSION}" in module
    assert f"\npulumi=={VERSION} " in lock
