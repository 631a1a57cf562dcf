"""What `make prove` does where the API server or the engine is not available."""

import subprocess

import pytest

from sandbox.engine.go import BuildError
from sandbox.engine.pin import EngineUnavailableError
from tools import make_prove, make_test
from tools.system_tools import REDIS, ROOT
from tools.together import FOLDERS, unit


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_prove, "ensure", lambda _tools: [])
    for part, (what, _) in make_prove.BUILT.items():
        monkeypatch.setitem(make_prove.BUILT, part, (what, lambda _say: None))


@pytest.mark.parametrize("failure", [BuildError("no go on PATH"), EngineUnavailableError("disk is full")])
@pytest.mark.parametrize("part", make_prove.BUILT)
@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_without_a_part_the_other_proofs_run_and_a_message_says_so(
    failure: Exception,
    part: str,
    ci: str,
    status: int,
    *,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def obtain(_say: object) -> None:
        raise failure

    ran: list[tuple[str, ...]] = []
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr("sys.argv", ["make_prove"])
    monkeypatch.setattr(make_prove, "get_engine", lambda: None)
    monkeypatch.setitem(make_prove.BUILT, part, ("a proof", obtain))
    monkeypatch.setattr(make_prove, "pytest", lambda *words, **_: ran.append(words) or 0)
    assert make_prove.main() == status
    assert [words[:2] for words in ran] == [("-m", f"prove and not {part}")]
    assert str(failure) in capsys.readouterr().err


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_without_redis_the_tests_of_the_limits_are_left_out(
    ci: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[tuple[str, ...]] = []
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr("sys.argv", ["make_prove"])
    monkeypatch.setattr(make_prove, "ensure", lambda _tools: [REDIS])
    monkeypatch.setattr(make_prove, "get_engine", lambda: None)
    monkeypatch.setattr(make_prove, "pytest", lambda *words, **_: ran.append(words) or 0)
    assert make_prove.main() == status
    assert ran[0][:2] == ("-m", "prove and not rate_limit")
    assert "apt-get install redis-tools" in capsys.readouterr().err


@pytest.mark.parametrize("tool", [make_prove, make_test])
def test_nothing_runs_without_the_engine(tool, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_words: object, **options: object) -> None:
        assert options["check"]
        raise subprocess.CalledProcessError(1, "sandbox engine")

    monkeypatch.setattr(make_test.subprocess, "run", fails)
    monkeypatch.setattr(make_test, "ensure", lambda _tools: [])
    with pytest.raises(subprocess.CalledProcessError):
        tool.main()


def test_all_files_with_proofs_run_and_the_longest_start_first():
    files = make_prove.proofs()
    assert set(files[: len(make_prove.LONGEST)]) == set(make_prove.LONGEST)
    mark = "mark." + "prove"
    marked = [path for path in (ROOT / "tests").rglob("*.py") if mark in path.read_text(encoding="utf-8")]
    assert sorted(files) == sorted(str(path.relative_to(ROOT)) for path in marked)


@pytest.mark.parametrize(("words", "files"), [(["-x", "tests/engine"], ["-x", "tests/engine"]), ([], None)])
def test_files_of_the_command_line_replace_the_list(
    words: list[str], files: list[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[tuple[str, ...]] = []
    monkeypatch.setattr("sys.argv", ["make_prove", *words])
    monkeypatch.setattr(make_prove, "get_engine", lambda: None)
    monkeypatch.setattr(make_prove, "pytest", lambda *given, **_: ran.append(given) or 0)
    make_prove.main()
    assert list(ran[0][-len(files or make_prove.proofs()) :]) == (files or make_prove.proofs())


def test_a_worker_gets_all_tests_that_need_the_api_server() -> None:
    marked = [name for name in make_prove.proofs() if "mark.api_server" in (ROOT / name).read_text()]
    assert len(marked) > 1
    assert {unit(f"{name}::test_one[a]") for name in marked} == {*FOLDERS}
    assert unit("tests/engine/test_kills.py::test_one") == "tests/engine/test_kills.py"
