"""The engine runs the pack without any plugin, and its verdicts are those of the pack's own process."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from policies.judging import judge
from policies.listed import POLICIES
from policies.model import Finding, Resource
from policies.reading import read
from tests.policies.test_rules import CASES
from tests.support.sandbox_project import SandboxProject
from tools.locked import programs
from tools.policies import ANALYZER
from tools.system_tools import ROOT

pytestmark = [pytest.mark.engine, pytest.mark.prove]

LOCK = ROOT / "policies" / "requirements.lock"
Verdict = tuple[str, str, str, str]


@pytest.fixture(scope="module", autouse=True)
def own_environment() -> Iterator[None]:
    """The pack's packages, in the cache beside the engine."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("POLICIES_PYTHON", str(programs("policies", LOCK) / "python"))
        yield


def own(found: Iterable[Finding]) -> Counter[Verdict]:
    return Counter((each.policy, each.level, each.urn, each.message) for each in found)


def of_engine(events: Iterable[Mapping[str, Any]]) -> Counter[Verdict]:
    """The verdicts in the engine's events. A message begins with the policy's description."""
    said = {each.name: each.description for each in POLICIES}
    found = (event["policyEvent"] for event in events if "policyEvent" in event)
    return Counter(
        (
            each["policyName"],
            each["enforcementLevel"],
            each.get("resourceUrn", ""),
            each["message"].removeprefix(said[each["policyName"]]).replace("<{%reset%}>", "").strip(),
        )
        for each in found
    )


def states() -> list[dict[str, Any]]:
    """The state of one stack for each case."""
    found: dict[str, dict[str, Any]] = {}
    for number, case in enumerate(CASES):
        for each in case.resources:
            state = _state(each, number)
            found[state["urn"]] = state
    return [*found.values()]


def _state(resource: Resource, number: int) -> dict[str, Any]:
    """The state of a resource. Cases stay apart, because each has its own names and OCIDs."""
    apart = json.loads(json.dumps(dict(resource.inputs)).replace("id-of-", f"id-of-{number}-"))
    return {
        "urn": _apart(resource.urn, number),
        "custom": True,
        "type": resource.type,
        "id": resource.id.replace("id-of-", f"id-of-{number}-"),
        "inputs": apart,
        "outputs": {
            **apart,
            **json.loads(json.dumps(dict(resource.outputs)).replace("id-of-", f"id-of-{number}-")),
            "id": resource.id.replace("id-of-", f"id-of-{number}-"),
        },
        "protect": resource.protect,
        "propertyDependencies": {
            name: [_apart(each, number) for each in used] for name, used in resource.dependencies.items()
        },
    }


def _apart(urn: str, number: int) -> str:
    before, _, name = urn.rpartition("::")
    return f"{before}::{number}-{name}"


def exported(stack: str) -> str:
    kept = [each for each in states() if each["urn"].startswith(f"urn:pulumi:{stack}::")]
    manifest = {"time": "2026-11-26T00:00:00Z", "magic": "", "version": "v3.259.0"}
    return json.dumps({"version": 3, "deployment": {"manifest": manifest, "resources": kept}})


@pytest.mark.parametrize("stack", ["prod", "dev"])
def test_a_state_with_every_case_gets_the_same_verdicts(stack: str, tmp_path: Path):
    file = tmp_path / "state.json"
    file.write_text(exported(stack))
    expected = own(judge(POLICIES, read(file.read_text())))
    project = SandboxProject.of_this_repository(tmp_path / "project")
    words = ("--policy-pack", str(ANALYZER), "--file", str(file), "--json")
    ran = project.sandbox("policy", "analyze", *words)
    lines = [line for line in ran.output.splitlines() if line.startswith("{")]
    assert ran.status != 0, ran.output
    assert of_engine(map(json.loads, lines)) == expected
    if stack == "prod":
        assert {name for name, *_ in expected} == {each.name for each in POLICIES}


def test_a_preview_gets_the_same_verdicts(tmp_path: Path):
    project = SandboxProject.of_this_repository(tmp_path / "project", "staging")
    config = tmp_path / "config.json"
    settings = {"tags-present": {"keys": ["Missing"]}, "own-keys-advised": "mandatory"}
    config.write_text(json.dumps(settings))
    events = tmp_path / "events.json"
    words = ("--policy-pack", str(ANALYZER), "--policy-pack-config", str(config))
    ran = project.sandbox("preview", "--event-log", str(events), *words)
    assert ran.status != 0, ran.output
    expected = own(judge(POLICIES, read(events.read_text()), settings))
    assert of_engine(map(json.loads, events.read_text().splitlines())) == expected
    assert {name for name, *_ in expected} == {"tags-present", "own-keys-advised"}
    assert "oci-llm-guardrails" in ran.output
