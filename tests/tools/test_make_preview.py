"""`make preview` and `make policies`: which program judges, in which order, and with which status."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tools import make_policies, make_preview, policies

Calls = list[tuple[Any, ...]]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Calls:
    """The commands that would run, in a checkout without the pack's own environment."""
    made: Calls = []
    monkeypatch.setattr(sys, "argv", ["tool", "prod"])
    monkeypatch.setattr(policies, "ROOT", tmp_path)
    monkeypatch.setattr(policies, "OWN_PYTHON", tmp_path / "python")
    monkeypatch.setattr(
        make_preview, "run_sandbox", lambda *words, verbose: made.append((*words, verbose)) or 0
    )
    monkeypatch.setattr(make_preview, "judge", lambda stack, file: made.append(("judge", stack)) or 0)
    return made


def test_a_preview_is_judged_after_its_report(calls: Calls):
    assert make_preview.main() == 0
    preview, judged = calls
    assert preview[:4] == ("preview", "--stack", "prod", "--event-log")
    assert preview[-1] is False
    assert judged == ("judge", "prod")


def test_broken_policies_fail_the_preview(calls: Calls, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(make_preview, "judge", lambda stack, file: 1)
    assert make_preview.main() == 1


def test_verbose_shows_the_engines_own_output(calls: Calls, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "argv", ["tool", "prod", "--verbose"])
    assert make_preview.main() == 0
    assert calls[0][-1] is True


def test_a_refused_preview_is_the_end(calls: Calls, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        make_preview, "run_sandbox", lambda *words, verbose: calls.append((*words, verbose)) or 255
    )
    assert make_preview.main() == 255
    assert len(calls) == 1


def test_the_engine_runs_the_pack_whose_packages_are_installed(calls: Calls, tmp_path: Path):
    (tmp_path / "python").touch()
    (tmp_path / "policies.prod.json").write_text("{}")
    assert make_preview.main() == 0
    (preview,) = calls
    assert preview[3:7] == (
        "--policy-pack",
        str(policies.ANALYZER),
        "--policy-pack-config",
        str(tmp_path / "policies.prod.json"),
    )


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
