"""`playground release`: the change that it prints, and what it asks Prometheus."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result

from infra.commands.cli import main
from infra.commands.settings import settings_or_exit
from infra.project.stackfile import ROOT
from infra.releasing.checks import (
    alert_queries,
    candidate_of,
    engines_query,
    error_queries,
    smoke_queries,
)
from infra.settings import Settings
from serving.watching.promql import query_problems
from serving.watching.rendering import all_series
from tests.infra.snapshots import run
from tests.support.listening import listening
from tests.support.ports import free_port

EXAMPLE = ROOT / "examples" / "releases.yaml"
MODEL = "qwen3-32b"


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(ROOT)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The example, at another weight if a test changes it."""
    path = tmp_path / "Pulumi.releases.yaml"
    path.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def at(file: Path, weight: int) -> Path:
    """The file with another weight."""
    file.write_text(EXAMPLE.read_text().replace("weight: 25", f"weight: {weight}"))
    return file


def release(file: Path, action: str, *words: str, model: str = MODEL) -> Result:
    found = CliRunner().invoke(
        main, ["release", "releases", model, action, "--config-file", str(file), *words]
    )
    assert "Traceback" not in found.output
    return found


def applied(file: Path, action: str, *words: str) -> str:
    """The file after its own diff, by git."""
    row = json.loads(release(file, action, "--json", *words).output)
    subprocess.run(
        ["git", "apply", "-p1", "--unsafe-paths", f"--directory={file.parent}", "-"],
        input=row["diff"], text=True, check=True, cwd=file.parent,
    )  # fmt: skip
    return file.read_text()


def test_each_step_changes_only_the_weight(file: Path):
    before = EXAMPLE.read_text()
    for step in (50, 75, 100):
        after = applied(file, "promote")
        assert after == before.replace("weight: 25", f"weight: {step}"), "comments stay"


def test_blue_green_goes_from_0_to_100(file: Path):
    at(file, 0)
    assert applied(file, "promote", "--weight", "100") == EXAMPLE.read_text().replace(
        "weight: 25", "weight: 100"
    )


def test_the_last_step_gives_the_model_what_the_candidate_has(file: Path):
    at(file, 100)
    applied(file, "promote")
    found = settings_or_exit("releases", file)
    (model,) = found.serving.models
    assert model.revision == "0123456789abcdef0123456789abcdef01234567"
    assert model.engine_options == {"max-num-seqs": "256"}
    assert model.replicas == 4
    assert model.spare_gpus is False, "the candidate has the GPUs that one more engine would need"
    assert not found.traffic.candidates
    assert "# a ClusterIssuer that you create" in file.read_text()


def test_a_rollback_is_one_key_and_the_end_of_a_candidate_another_change(file: Path):
    at(file, 75)
    assert applied(file, "abort") == EXAMPLE.read_text().replace("weight: 25", "weight: 0")
    applied(file, "abort")
    assert not settings_or_exit("releases", file).traffic.candidates
    assert release(file, "abort").exit_code == 1


def test_other_forms_of_the_same_yaml_are_changed_too(file: Path):
    block = file.read_text()
    start = block.index("    candidates:")
    flow = "    candidates: {qwen3-32b: {revision: 'abc0123456789abcdef0123456789abcdef01234', replicas: 4}}  # mine\n"
    file.write_text(block[:start] + flow)
    assert "{qwen3-32b: {weight: 25, revision: 'abc01" in applied(file, "promote")
    file.write_text(block[:start] + flow.replace("replicas: 4", "replicas: 4, weight: 100"))
    after = applied(file, "promote")
    assert "revision: 'abc0123456789abcdef0123456789abcdef01234'" in after
    assert "candidates" not in after
    nested = "\n          max-num-seqs: '256'\n          # why\n          seed: '1'\n"
    text = block.replace("weight: 25", "weight: 100").replace(' {max-num-seqs: "256"}', nested)
    file.write_text(text)
    assert "engineOptions: {max-num-seqs: '256', seed: '1'}" in applied(file, "promote")


def test_a_step_that_the_settings_would_refuse_is_not_printed(file: Path):
    file.write_text(file.read_text().replace("replicas: 4  # as", "replicas: 1  # as"))
    found = release(file, "promote")
    assert found.exit_code == 1
    assert (
        "traffic.candidates.qwen3-32b.replicas: 1; must be 2 or more for 50 % of the requests" in found.output
    )
    assert "+++" not in found.output


@pytest.mark.parametrize(
    ("model", "words", "message"),
    [
        ("qwen", (), "MODEL: 'qwen'; has no candidate: qwen3-32b"),
        (MODEL, ("--weight", "25"), "--weight: 25; must be above the weight of the candidate now, 25"),
        (MODEL, ("--prometheus", "localhost:9090"), "must be the address of a Prometheus"),
        (MODEL, ("--prometheus", f"http://127.0.0.1:{free_port()}"), "does not answer the query: "),
    ],
)
def test_a_wrong_choice_is_refused(file: Path, model: str, words: tuple[str, ...], message: str):
    found = release(file, "promote", *words, model=model)
    assert found.exit_code == 1
    assert message in found.output


@contextmanager
def prometheus(answers: Mapping[str, list[tuple[dict[str, str], float]]]) -> Iterator[str]:
    """The API of Prometheus, with the samples of each query. Others have none."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)["query"][0]
            rows = [{"metric": labels, "value": [1, str(value)]} for labels, value in answers.get(query, [])]
            data = {"status": "success", "data": {"resultType": "vector", "result": rows}}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(data).encode())

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it
            """Tests need no access log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with listening(server):
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.fixture(scope="module")
def settings() -> Settings:
    return settings_or_exit("releases", EXAMPLE)


def tracks(stable: float, candidate: float) -> list[tuple[dict[str, str], float]]:
    values = {"stable": stable, "candidate": candidate}
    return [({"model_name": MODEL, "track": track}, value) for track, value in values.items()]


def good(settings: Settings) -> dict[str, list[tuple[dict[str, str], float]]]:
    """The answers for a good candidate."""
    candidate = candidate_of(settings, MODEL)
    errors, smoke = error_queries(settings), smoke_queries(settings, candidate)
    assert smoke is not None
    return {
        engines_query(candidate): [({"pod": f"e-{place}"}, 1) for place in range(4)],
        smoke["succeeded"]: [({}, 1)],
        errors["share"]: tracks(0.01, 0.01),
        errors["requests"]: tracks(3000, 1000),
    }


def judged(
    file: Path, answers: Mapping[str, Any], action: str = "promote"
) -> tuple[int, dict[str, str], Any]:
    """Exit code, the verdict of each check, and the diff."""
    with prometheus(answers) as url:
        found = release(file, action, "--prometheus", url, "--json")
    row = json.loads(found.output)
    verdicts = {each["question"].split()[0]: f"{each['verdict']}: {each['said']}" for each in row["checks"]}
    return found.exit_code, verdicts, row["diff"]


def test_a_good_candidate_is_promoted(file: Path, settings: Settings):
    code, verdicts, diff = judged(file, good(settings))
    assert code == 0
    assert [each.partition(":")[0] for each in verdicts.values()] == ["ok", "ok", "ok"]
    assert "+        weight: 50" in diff


def test_the_job_of_the_smoke_test_is_the_one_that_the_program_creates(settings: Settings):
    queries = smoke_queries(settings, candidate_of(settings, MODEL))
    jobs = {
        each.inputs["metadata"]["name"]: each.name
        for each in run("releases").resources
        if each.type.endswith(":Job")
    }
    (own,) = (name for name in jobs if f'"{name}"' in (queries or {})["succeeded"])
    assert jobs[own] == "releases-qwen3-32b-candidate-smoke-test-job"


def test_a_step_of_a_release_repeats_no_smoke_test(file: Path, settings: Settings):
    now = candidate_of(settings, MODEL)
    later = settings_or_exit("releases", at(file, 75))
    assert smoke_queries(later, candidate_of(later, MODEL)) == smoke_queries(settings, now)


@pytest.mark.parametrize("which", ["an alert", "an alert of a pod", "an engine", "smoke", "errors"])
def test_a_bad_candidate_is_not_promoted(file: Path, settings: Settings, which: str):
    candidate, answers = candidate_of(settings, MODEL), good(settings)
    of_labels, of_pods = alert_queries(candidate)
    smoke = smoke_queries(settings, candidate) or {}
    said = {
        "an alert": (
            {of_labels: [({"alertname": "KvCacheFull"}, 1)]},
            "alerts",
            "KvCacheFull: docs/runbooks",
        ),
        "an alert of a pod": ({of_pods: [({"alertname": "EngineRestarts"}, 1)]}, "alerts", "EngineRestarts"),
        "an engine": ({engines_query(candidate): [({}, 1), ({}, 0)]}, "alerts", "1 of 2 engines"),
        "smoke": ({smoke["succeeded"]: [({}, 0)], smoke["failed"]: [({}, 1)]}, "smoke", "its Job has failed"),
        "errors": (
            {error_queries(settings)["share"]: tracks(0.01, 0.02)},
            "errors",
            "2.00% of 1,000 requests in 30m, the model's own engines 1.00%",
        ),
    }
    changed, check, message = said[which]
    code, verdicts, diff = judged(file, {**answers, **changed})
    assert code == 1
    assert verdicts[check].startswith("failed: ")
    assert message in verdicts[check]
    assert diff is None


def test_what_cannot_be_checked_is_said_and_is_no_failure(file: Path, settings: Settings):
    code, verdicts, _ = judged(file, {}, "status")
    assert code == 0
    assert verdicts == {
        "alerts": "not checked: Prometheus knows no engine of the candidate. Is it deployed, and is this the right "
        "Prometheus?",
        "smoke": "not checked: Prometheus knows no Job for these settings: deploy them, or the test still runs",
        "errors": "not checked: 0 requests to the candidate engines in 30m, fewer than 20",
    }
    few = {**good(settings), error_queries(settings)["requests"]: tracks(3000, 19)}
    assert "19 requests to the candidate engines" in judged(file, few, "status")[1]["errors"]
    without = release(file, "status")
    assert without.exit_code == 0
    assert without.output.count("not checked: --prometheus is not set") == 3


def test_every_query_reads_metrics_and_labels_that_exist(settings: Settings):
    candidate = candidate_of(settings, MODEL)
    smoke = smoke_queries(settings, candidate) or {}
    queries = [
        *alert_queries(candidate),
        engines_query(candidate),
        *smoke.values(),
        *error_queries(settings).values(),
    ]
    known = all_series("amd_")
    problems = [each for query in queries for each in query_problems(query, known, path="it")]
    assert not [each for each in problems if "ALERTS" not in str(each)]
