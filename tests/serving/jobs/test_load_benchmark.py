"""The load benchmark stores vLLM's results, and reports a regression."""

import itertools
import json
import sys
from pathlib import Path

import pytest

from serving.jobs import load_benchmark, script

GOOD = {
    "output_throughput": 4000.0,
    "request_throughput": 15.6,
    "p99_ttft_ms": 800.0,
    "p99_itl_ms": 40.0,
    "completed": 512,
    "failed": 0,
}
FAKE = """
import json, pathlib, sys
given = sys.argv[1:]
assert given[:2] == ["bench", "serve"], given
value = lambda name: given[given.index(name) + 1]
figures = json.loads(pathlib.Path({figures!r}).read_text())
pathlib.Path({seen!r}).write_text(json.dumps(given))
if figures is None:
    sys.exit(3)
raw = {{**figures, "ttfts": [0.1] * 512, "date": "x", "model_id": value("--model")}}
(pathlib.Path(value("--result-dir")) / value("--result-filename")).write_text(json.dumps(raw))
"""


class Bench:
    """The benchmark with a fake `vllm` that reports the given figures."""

    def __init__(self, folder: Path) -> None:
        self.results = folder / "results"
        self.figures, self.seen = folder / "figures.json", folder / "seen.json"
        self.fake = folder / "fake.py"
        self.fake.write_text(FAKE.format(figures=str(self.figures), seen=str(self.seen)))

    def run(self, figures: dict | None, *further: str) -> int:
        self.figures.write_text(json.dumps(figures))
        arguments = ["--url", "http://engine:8000/", "--model", "qwen3-32b", "--repository", "Qwen/Qwen3-32B"]
        arguments += ["--results", str(self.results), "--command", f"{sys.executable} {self.fake}", *further]
        return load_benchmark.main(arguments)

    @property
    def last(self) -> dict:
        return json.loads((self.results / "last.json").read_text())

    @property
    def regression(self) -> str:
        path = self.results / "regression.txt"
        return path.read_text() if path.exists() else ""


@pytest.fixture(name="bench")
def _bench(tmp_path, monkeypatch):
    times = iter(range(100))
    monkeypatch.setattr(load_benchmark.time, "strftime", lambda *_: f"2026-11-21T10-{next(times):02}-00Z")
    return Bench(tmp_path)


def test_a_first_run_is_stored_without_a_comparison(bench):
    assert bench.run(GOOD, "--image", "a/b@sha256:1") == 0
    assert bench.last["figures"]["output_throughput"] == 4000
    assert (bench.last["image"], bench.last["comparedWith"]) == ("a/b@sha256:1", None)
    assert sorted(path.name for path in bench.results.iterdir()) == ["2026-11-21T10-00-00Z.json", "last.json"]


def test_vllm_sends_sampled_requests_to_the_served_name_with_the_models_tokenizer(bench):
    bench.run(GOOD, "--concurrency", "8")
    given = json.loads(bench.seen.read_text())
    pairs = dict(itertools.pairwise(given))
    assert pairs["--base-url"] == "http://engine:8000"
    assert (pairs["--model"], pairs["--served-model-name"]) == ("Qwen/Qwen3-32B", "qwen3-32b")
    assert (pairs["--max-concurrency"], pairs["--temperature"], pairs["--top-k"]) == ("8", "0.8", "40")


def test_the_last_result_is_replaced_because_its_file_belongs_to_another_user(bench):
    bench.run(GOOD)
    fetched = (bench.results / "last.json").stat().st_ino
    assert bench.run(GOOD) == 0
    assert (bench.results / "last.json").stat().st_ino != fetched
    assert not [path for path in bench.results.iterdir() if path.name.startswith(".")]


def test_a_run_within_the_tolerance_becomes_the_last(bench):
    bench.run(GOOD)
    assert bench.run({**GOOD, "output_throughput": 3700.0}) == 0
    assert bench.last["figures"]["output_throughput"] == 3700
    assert bench.last["comparedWith"] == "2026-11-21T10-00-00Z"
    assert not bench.regression


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"output_throughput": 3000.0}, "output_throughput: 3000, last 4000 (-25%; 10% are tolerated)"),
        ({"p99_ttft_ms": 1000.0}, "p99_ttft_ms: 1000, last 800 (+25%"),
        ({"p99_itl_ms": 50.0}, "p99_itl_ms: 50, last 40"),
        ({"failed": 3}, "3 requests failed"),
    ],
)
def test_a_worse_run_is_reported_and_does_not_become_the_last(bench, change, words):
    bench.run(GOOD)
    assert bench.run({**GOOD, **change}) == 0, (
        "results are stored first, then the container that stores them fails"
    )
    assert words in bench.regression
    assert bench.last["figures"] == GOOD
    bench.run({**GOOD, **change})
    assert words in bench.regression, "a second bad run is compared with the good one"


def test_a_better_run_deletes_an_old_regression(bench):
    bench.run(GOOD)
    bench.run({**GOOD, "output_throughput": 1000.0})
    bench.run({**GOOD, "output_throughput": 5000.0})
    assert not bench.regression
    assert bench.last["figures"]["output_throughput"] == 5000


def test_runs_under_other_conditions_are_not_compared(bench):
    bench.run(GOOD)
    bench.run({**GOOD, "output_throughput": 100.0}, "--concurrency", "1")
    assert not bench.regression
    assert bench.last["conditions"]["concurrency"] == 1


def test_a_tolerance_can_be_set(bench):
    bench.run(GOOD)
    bench.run({**GOOD, "output_throughput": 3000.0}, "--tolerance", "0.3")
    assert not bench.regression


@pytest.mark.parametrize("figures", [None, {"completed": 512}, {**GOOD, "completed": 0}])
def test_a_run_without_figures_fails_and_does_not_replace_the_last(bench, figures, capsys):
    bench.run(GOOD)
    assert bench.run(figures) == 1
    assert bench.last["figures"]["output_throughput"] == 4000
    assert "FAIL" in capsys.readouterr().out


def test_a_broken_last_result_is_ignored(bench):
    bench.results.mkdir()
    (bench.results / "last.json").write_text("{")
    assert bench.run(GOOD) == 0
    assert bench.last["comparedWith"] is None


def test_the_script_needs_only_the_standard_library():
    text = script("load_benchmark.py")
    assert "from serving" not in text
    assert "import pulumi" not in text
