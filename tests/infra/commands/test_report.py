"""`playground report`: its sections, its input, and what it fails on."""

import json
from collections import Counter
from pathlib import Path

import pytest

from infra.commands.settings import settings_or_exit
from infra.settings.governance.quota_needs import quota_needs
from report.changes import at
from report.document.values import formatted
from report.resources import as_mapping, as_number, as_sequence, from_recording
from tests.infra.commands.test_cli import file_with, invoke
from tests.infra.project.test_revisions import git
from tests.infra.snapshots import run
from tests.report import states
from tests.support.first_previews import first_preview
from tests.support.report_page import read_page

OVER = ("--fail-on", "over-budget")


def state_of(resource: states.State) -> str:
    return json.dumps({"version": 3, "deployment": {"resources": [resource]}})


def test_the_report_leads_with_cost_over_budget(tmp_path: Path):
    file = tmp_path / "report.html"
    found = invoke("report", "prod", "--html", str(file))
    assert found.exit_code == 0
    page = read_page(file.read_text("utf-8"))
    for each in page.values:
        assert each.text == formatted(at(page.json, each.path), each.form, "USD"), each  # pyright: ignore[reportArgumentType]
    assert "a month over the budget of 50,000" in found.output.strip().splitlines()[0]
    rows = as_sequence(at(page.json, "limits.rows"))
    most = Counter[str]()
    for row in map(as_mapping, rows):
        most[str(row["limit"])] = max(most[str(row["limit"])], int(as_number(row["needs"]) or 0))
    needs = quota_needs(settings_or_exit("prod"))
    assert {name: most[name] for name in needs} == {name: need.value for name, need in needs.items()}


def test_the_report_as_json_has_the_monthly_total():
    report = json.loads(invoke("report", "staging", "--json").output)
    assert report["cost"]["overBudget"] is False
    assert report["cost"]["monthlyTotal"] > 35_000, "a node of eight MI300X alone is 35,040 USD at list price"


def test_the_report_fails_on_what_it_is_asked_for():
    found = invoke(
        "report", "prod", "--only", "cost", "--only", "reach", *OVER, "--fail-on", "open-to-internet"
    )
    assert found.exit_code == 1
    (failed,) = [line for line in found.output.splitlines() if line.startswith("failed: ")]
    assert failed.startswith("failed: over-budget: ")
    assert "Every pair that must connect can connect." in found.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--fail-on", "data-loss"], "--fail-on data-loss is about a change. Add --preview"),
        (["--fail-on", "gpu-loss", "--state", "-"], "--fail-on gpu-loss is about a change"),
        (["--fail-on", "broad-grant", "--only", "reach"], "is found by the section rights"),
        (["--resolve"], "--resolve is about a change. Add --preview"),
        (["--preview", "-", "--usage", "-"], "--preview and --usage are both `-`: standard input can be"),
    ],
)
def test_what_nothing_would_judge_or_read_cannot_be_asked_for(words: list[str], said: str):
    found = invoke("report", "prod", *words)
    assert found.exit_code == 2
    assert said in " ".join(found.output.split())


@pytest.mark.parametrize(
    ("option", "text", "said"),
    [
        ("--preview", '{"steps": [', "it is not whole JSON"),
        ("--state", state_of(states.gpu_pool(1e300)), "nodeConfigDetails.size of gpu-pool is 1e+300"),
        (
            "--preview",
            '{"diagnostics": [{"severity": "error", "message": "no such pool"}]}',
            "the preview failed, so a part of the stack is missing: no such pool",
        ),
        (
            "--state",
            state_of({"urn": "urn:pulumi:a::b::c::d", "type": "c"}),
            "it is of the stack a, and not of prod",
        ),
    ],
)
def test_the_report_refuses_what_the_engine_did_not_write(option: str, text: str, said: str):
    found = invoke("report", "prod", option, "-", text=text)
    assert found.exit_code == 1
    assert f"{option}: " in found.output
    assert said in found.output


REACH = ("--only", "reach", "--fail-on", "open-to-internet")


def test_the_first_preview_of_a_stack_is_judged_as_the_whole_stack(monkeypatch: pytest.MonkeyPatch):
    for module in ("offline", "report_references"):
        run_once = "infra.commands." + module + ".recorded_resources"
        monkeypatch.setattr(run_once, lambda _, stack: from_recording(run(stack).resources))
    found = invoke("report", "staging", "--preview", "-", *REACH, text=json.dumps(first_preview("staging")))
    assert found.exit_code == 0, found.output
    assert found.output == invoke("report", "staging", *REACH).output


def test_a_first_preview_is_resolved_only_on_request(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("infra.commands.report_references.recorded_resources", None)
    words = ("report", "staging", "--preview", "-", "--only", "reach")
    found = invoke(*words, text=json.dumps(first_preview("staging")))
    assert found.exit_code == 0, found.output
    assert "They may be open; `playground report STACK --preview FILE --resolve`" in " ".join(
        found.output.split()
    )


def test_a_preview_of_other_settings_is_not_judged_by_those_of_the_stack_file(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("infra.commands.report_references.recorded_resources", None)
    preview = first_preview("staging")
    other = {**preview["config"], "genai-playground:storage": "{}"}
    found = invoke(
        "report", "staging", "--preview", "-", *REACH, text=json.dumps({**preview, "config": other})
    )
    assert found.exit_code == 1
    said = " ".join(found.output.split())
    assert "failed: open-to-internet: not known before up, and may be open: staging-bastion-bastion, " in said
    assert (
        "the preview is of other settings than Pulumi.staging.yaml, so the program was not run: storage"
        in said
    )


def test_a_page_that_cannot_be_written_is_a_problem_before_the_report_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("infra.commands.report.view_of", None)
    found = invoke("report", "prod", "--html", str(tmp_path / "no" / "report.html"))
    assert found.exit_code == 1
    assert "--html: " in found.output
    assert "must be a file in an existing folder" in found.output


def test_the_report_without_the_models_does_not_predict_speeds(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("infra.commands.report_models.model_speeds", None)
    state = json.dumps({"version": 3, "deployment": {"resources": []}})
    found = invoke("report", "prod", "--state", "-", "--only", "cost", text=state)
    assert found.exit_code == 0, found.output


def test_the_report_of_wrong_settings_is_their_problems(tmp_path: Path):
    found = invoke("report", "test", "--config-file", file_with(tmp_path, ("gpu.pools.0.nodes", 0)))
    assert found.exit_code == 1
    assert "gpu.pools[0].nodes: 0; must be 1 or more" in found.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["staging", "staging"], "OTHER is STACK: staging"),
        (["staging", "prd"], "has no file Pulumi.prd.yaml"),
        (["staging", "../prod"], "has no file Pulumi.../prod.yaml"),
        (["staging", "prod", "--before", "HEAD"], "exclude each other"),
        (["staging", "prod", "--fail-on", "data-loss"], "are for one stack"),
        (["staging", "prod", "--only", "cost"], "is a section of one stack"),
        (["staging", "--only", "differencesMoney"], "needs OTHER or --before"),
    ],
)
def test_a_comparison_of_what_cannot_be_compared_is_wrong_usage(words: list[str], said: str):
    found = invoke("report", *words)
    assert found.exit_code == 2
    assert said in " ".join(found.output.split())


def test_two_moments_of_a_project_of_stack_files_differ_in_their_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Pulumi.yaml").write_text("name: genai-playground\nruntime: python\n", encoding="utf-8")
    for nodes in (0, 1, 2):
        file_with(tmp_path, ("gpu.pools.0.nodes", nodes))
        for words in (["init", "-q"], ["add", "."], ["commit", "-qm", f"{nodes} nodes"]):
            git(tmp_path, *words)
    found = invoke("report", "test", "--before", "HEAD~1", "--json")
    report = json.loads(found.output)
    (row,) = report["differencesSettings"]["rows"]
    assert (row["path"], row["values"]) == ("gpu.pools[mi300x].nodes", [1, 2])
    assert report["differencesMoney"]["total"]["change"] > 35_000
    assert "both with the program of now" in report["origin"]
    wrong = invoke("report", "test", "--before", "HEAD~2")
    assert wrong.exit_code == 1
    assert "--before HEAD~2: " in wrong.output
    assert "gpu.pools[0].nodes: 0; must be 1 or more" in wrong.output


def test_the_report_refuses_a_usage_file_of_another_stack_and_of_unknown_tenants():
    wrong = {"version": 1, "stack": "staging", "month": "2026-10", "tenants": {"asistant": {}}}
    found = invoke("report", "prod", "--only", "cost", "--usage", "-", text=json.dumps(wrong))
    assert found.exit_code == 1
    assert "stack: 'staging'; must be prod, the stack of the report" in found.output
    assert "Did you mean `assistant`?" in found.output


def test_the_report_refuses_the_limits_of_another_stack():
    answer = {"stack": "staging", "checks": [], "version": 1, "at": "2026-11-01T00:00:00Z", "limits": []}
    found = invoke("report", "prod", "--only", "limits", "--limits", "-", text=json.dumps(answer))
    assert found.exit_code == 1
    assert "stack: 'staging'; must be prod, the stack of the report" in found.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-",), "PREVIEW: '<stdin>'; it is not whole JSON"),
        (("PREVIEW", "--before", "-"), "--before: '<stdin>'; it is not whole JSON"),
    ],
)
def test_the_comment_refuses_what_the_engine_did_not_write(words: tuple[str, ...], said: str, tmp_path: Path):
    (tmp_path / "preview.json").write_text('{"steps": []}', encoding="utf-8")
    named = [str(tmp_path / "preview.json") if word == "PREVIEW" else word for word in words]
    found = invoke("comment", "prod", *named, text='{"steps": [')
    assert found.exit_code == 1
    assert said in found.output
