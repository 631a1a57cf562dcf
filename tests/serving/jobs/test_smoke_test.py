"""The smoke test finds the faults of an engine, and no faults in a good one."""

import subprocess
import sys
from pathlib import Path

import pytest

from serving.jobs import script, smoke_test
from tests.serving.jobs.fake_engine import MODEL, engine


def run(url: str, *further: str) -> int:
    return smoke_test.main(["--url", url, "--model", MODEL, "--timeout", "10", *further])


def test_a_good_engine_passes_every_check(capsys):
    with engine() as server:
        assert run(server.url) == 0
    said = capsys.readouterr().out
    assert [line.split(":")[0] for line in said.splitlines()] == [
        f"ok   {name}" for name in smoke_test.CHECKS
    ]


def test_every_request_is_sampled_because_greedy_requests_do_not_use_the_sampler():
    with engine() as server:
        run(server.url)
    assert len(server.bodies) >= 10
    for body in server.bodies:
        assert body["temperature"] > 0
        assert (body["top_p"], body["top_k"]) == (0.9, 40)


def test_reasoning_without_an_answer_counts_as_an_answer():
    with engine("thinks") as server:
        assert run(server.url, "--leave-out", "tool-call") == 0


@pytest.mark.parametrize(
    ("fault", "check", "words"),
    [
        ("wrong-model", "models", "serves ['other'], not qwen3-32b"),
        ("refuses", "chat", "answered 404"),
        ("silent", "chat", "no text in answer"),
        ("no-done", "streaming", "ended without [DONE]"),
        ("one-part", "streaming", "1 parts"),
        ("no-usage", "streaming", "how many tokens"),
        ("stream-error", "streaming", "EngineDeadError"),
        ("no-tools", "tool-call", "no call of get_weather"),
        ("broken-arguments", "tool-call", "no call of get_weather"),
        ("old-metrics", "metrics", "lacks vllm:kv_cache_usage_perc"),
        ("sampler-crash", "health", "/health answered 503"),
    ],
)
def test_each_fault_is_found_and_reported(fault, check, words, capsys):
    with engine(fault) as server:
        assert run(server.url) == 1
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith(f"FAIL {check}:")]
    assert words in line


def test_a_missing_engine_fails_every_check(capsys):
    with engine() as server:
        url = server.url
    assert run(url) == 1
    assert capsys.readouterr().out.count("FAIL") == len(smoke_test.CHECKS)


def test_a_check_can_be_left_out_for_a_model_without_tools(capsys):
    with engine("no-tools") as server:
        assert run(server.url, "--leave-out", "tool-call") == 0
    assert "left out tool-call" in capsys.readouterr().out


def test_the_key_of_a_protected_engine_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("API_KEY", "sesame")
    with engine() as server:
        run(server.url)
    assert set(server.keys) == {"Bearer sesame"}


def test_failures_are_written_where_kubernetes_shows_them(tmp_path):
    report = tmp_path / "termination-log"
    with engine("silent") as server:
        run(server.url, "--report", str(report))
    assert report.read_text().startswith("chat: no text in answer")


def test_the_script_runs_as_in_the_pod(tmp_path: Path):
    alone = tmp_path / "smoke_test.py"
    alone.write_text(script("smoke_test.py"))
    with engine() as server:
        done = subprocess.run(
            [sys.executable, "-I", str(alone), "--url", server.url, "--model", MODEL],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
