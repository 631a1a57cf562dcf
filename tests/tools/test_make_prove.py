"""What `make prove` does where the API server or the engine is not available."""

import subprocess

import pytest

from sandbox.engine.go import BuildError
from sandbox.engine.pin import EngineUnavailableError
from tools import make_prove, make_test


@pytest.mark.parametrize("failure", [BuildError("no go on PATH"), EngineUnavailableError("disk is full")])
@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_without_an_api_server_the_other_proofs_run_and_a_message_says_so(
    failure: Exception,
    ci: str,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def obtain(_say: object) -> None:
        raise failure

    ran: list[tuple[str, ...]] = []
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr("sys.argv", ["make_prove"])
    monkeypatch.setattr(make_prove, "get_engine", lambda: None)
    monkeypatch.setattr(make_prove, "obtain", obtain)
    monkeypatch.setattr(make_prove, "pytest", lambda *words: ran.append(words) or 0)
    assert make_prove.main() == status
    assert ran == [("-m", "prove and not api_server", "--dist", "loadfile")]
    assert str(failure) in capsys.readouterr().err


@pytest.mark.parametrize("tool", [make_prove, make_test])
def test_nothing_runs_without_the_engine(tool, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_words: object, **options: object) -> None:
        assert options["check"]
        raise subprocess.CalledProcessError(1, "sandbox engine")

    monkeypatch.setattr(make_test.subprocess, "run", fails)
    monkeypatch.setattr(make_test, "ensure", lambda _tools: [])
    with pytest.raises(subprocess.CalledProcessError):
        tool.main()
