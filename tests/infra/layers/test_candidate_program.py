"""What a candidate changes in the program: nothing that restarts or replaces the engines and routers of its model."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from infra.offline.recording import Recording
from infra.offline.run import run_offline
from infra.project.stackfile import read_stack_file
from tests.infra.snapshots import file_of, plain, run

STACK = "releases"
TRAFFIC = "genai-playground:traffic"


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """The stack before the release."""
    document = yaml.safe_load(file_of(STACK).read_text(encoding="utf-8"))
    del document["config"][TRAFFIC]["candidates"]
    file: Path = tmp_path_factory.mktemp("stack") / f"Pulumi.{STACK}.yaml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    return run_offline(read_stack_file(STACK, file), STACK)


def deployments(found: Recording) -> Mapping[str, Any]:
    return {
        each.name: plain(dict(each.inputs)) for each in found.resources if each.type.endswith(":Deployment")
    }


def test_a_candidate_restarts_no_engine_and_no_router_of_its_model(without: Recording) -> None:
    before, after = deployments(without), deployments(run(STACK))
    assert f"{STACK}-qwen3-32b-engine" in before
    assert f"{STACK}-qwen3-32b-router-deployment" in before
    for name, inputs in before.items():
        assert after[name]["spec"]["template"] == inputs["spec"]["template"], name


def test_a_candidate_ends_no_resource_and_runs_no_job_again(without: Recording) -> None:
    after = {each.urn: each for each in run(STACK).resources}
    assert not {each.urn for each in without.resources} - after.keys()
    for each in without.resources:
        if each.type.endswith(":Job"):
            assert plain(dict(after[each.urn].inputs)) == plain(dict(each.inputs)), each.name


def test_a_new_node_stages_the_model_before_its_candidate() -> None:
    (wanted,) = [each for each in run(STACK).resources if each.name == f"{STACK}-mi300x-weights-wanted"]
    listed = cast("list[dict[str, str]]", json.loads(wanted.inputs["data"]["wanted.json"]))
    assert [each["revision"] for each in listed] == ["REPLACE-ME", "0123456789abcdef0123456789abcdef01234567"]


def test_a_candidate_waits_for_all_weights_of_its_node() -> None:
    found = deployments(run(STACK))
    waits = {
        name: int(container["command"][-1])
        for name in ("engine", "candidate-engine")
        for container in found[f"{STACK}-qwen3-32b-{name}"]["spec"]["template"]["spec"]["initContainers"]
        if container["name"] == "weights"
    }
    assert waits["candidate-engine"] > waits["engine"] > 0
