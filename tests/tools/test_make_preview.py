"""`make preview` and `make policies`: which program judges, in which order, and with which status."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tools import make_policies, make_preview, policies

Calls = list[tuple[Any, ...]]

URN = "urn:pulumi:prod::p::oci:Core/vcn:Vcn::v"
END = '{"sequence": 2, "summaryEvent": {"resourceChanges": {}}}'


def writing(made: Calls, old: object = None) -> Any:
    """A `run` whose preview writes an event log of one resource, which had the state `old`."""
    step = {"op": "same" if old else "create", "urn": URN, "old": old, "new": {"urn": URN}}

    def run(*words: str) -> int:
        made.append(words)
        if words[1] == "preview":
            event = {"sequence": 1, "resourcePreEvent": {"metadata": step}}
            Path(words[words.index("--event-log") + 1]).write_text(f"{json.dumps(event)}\n{END}\n")
        return 0

    return run


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Calls:
    """The commands that would run, in a checkout without the pack's own environment."""
    made: Calls = []
    monkeypatch.setattr(sys, "argv", ["tool", "prod"])
    monkeypatch.setattr(policies, "ROOT", tmp_path)
    monkeypatch.setattr(policies, "OWN_PYTHON", tmp_path / "python")
    monkeypatch.setattr(make_preview, "run", writing(made))
    monkeypatch.setattr(make_preview, "judge", lambda stack, file: made.append(("judge", stack)) or 0)
    return made


def test_a_preview_is_judged_and_ends_in_the_report(calls: Calls):
    assert make_preview.main() == 0
    preview, judged, report = calls
    assert preview[:5] == ("sandbox", "preview", "--stack", "prod", "--event-log")
    assert (judged, report) == (("judge", "prod"), ("playground", "report", "prod"))


def test_broken_policies_fail_the_preview_and_the_report_is_shown(
    calls: Calls, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(make_preview, "judge", lambda stack, file: 1)
    assert make_preview.main() == 1
    assert calls[-1] == ("playground", "report", "prod")


def test_the_report_of_a_stack_that_exists_is_about_the_change(calls: Calls, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(make_preview, "run", writing(calls, {"urn": URN}))
    assert make_preview.main() == 0
    log = calls[0][calls[0].index("--event-log") + 1]
    assert calls[-1] == ("playground", "report", "prod", "--preview", log)


def test_a_refused_preview_is_the_end(calls: Calls, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(make_preview, "run", lambda *words: calls.append(words) or 255)
    assert make_preview.main() == 255
    assert len(calls) == 1


def test_the_engine_runs_the_pack_whose_packages_are_installed(calls: Calls, tmp_path: Path):
    (tmp_path / "python").touch()
    (tmp_path / "policies.prod.json").write_text("{}")
    assert make_preview.main() == 0
    preview, report = calls
    assert preview[4:8] == (
        "--policy-pack",
        str(policies.ANALYZER),
        "--policy-pack-config",
        str(tmp_path / "policies.prod.json"),
    )
    assert report == ("playground", "report", "prod")


def test_the_state_is_judged_with_the_configuration_of_its_stack(
    calls: Calls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    cluster = {
        "urn": "urn:pulumi:prod::p::oci:ContainerEngine/cluster:Cluster::c",
        "type": "oci:ContainerEngine/cluster:Cluster",
        "inputs": {"endpointConfig": {"isPublicIpEnabled": True}},
    }
    state = json.dumps({"deployment": {"resources": [cluster]}})
    monkeypatch.setattr(policies, "ROOT", policies.ANALYZER.parent.parent)
    monkeypatch.setattr(policies, "config_of", lambda stack: tmp_path / f"policies.{stack}.json")
    (tmp_path / "policies.prod.json").write_text('{"all": "disabled", "no-public-api": "mandatory"}')
    monkeypatch.setattr(make_policies, "output_of", lambda *words: state)
    assert make_policies.main() == 1
    assert "1 violation, 0 advisory" in capfd.readouterr().out
