"""A pool in a cluster network on the real engine: engines run on nodes that joined by themselves."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.sandbox_project import SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

CONFIGURATION, NETWORK = "InstanceConfiguration", "ClusterNetwork"
POOL = {
    "name": "mi300x",
    "mode": "cluster-network",
    "nodes": 2,
    "imageId": "ocid1.image.oc1.iad.aaaaaaaaexample",
}


def made(project: SandboxProject, kind: str) -> dict[str, Any]:
    (found,) = [each for each in project.cloud() if each["type"].endswith(f":{kind}")]
    return found


def shown(project: SandboxProject, found: dict[str, Any]) -> dict[str, Any]:
    return json.loads(project.sandbox("cloud", "show", found["id"], "--json").check().output)


def test_a_new_configuration_reaches_the_network_in_place_and_the_nodes_go_before_the_cluster(
    tmp_path: Path,
) -> None:
    project = SandboxProject.of_example(tmp_path / "project", "cluster-network")
    project.configure("gpu", pools=[POOL])
    project.up().check()
    network, first = made(project, NETWORK), made(project, CONFIGURATION)
    project.up("--expect-no-changes").check()
    project.up("--refresh", "--expect-no-changes").check()

    project.configure("gpu", pools=[{**POOL, "nodes": 3, "labels": {"team": "a"}}])
    project.up().check()
    second = made(project, CONFIGURATION)
    assert second["id"] != first["id"]
    assert made(project, NETWORK)["id"] == network["id"], "its nodes stay"
    (pool,) = shown(project, network)["inputs"]["instancePools"]
    assert (pool["instanceConfigurationId"], pool["size"]) == (second["id"], 3)

    state = {each["urn"]: each for each in project.exported()}
    (urn,) = [each for each in state if each.endswith("mi300x-nodes")]
    assert any("ContainerEngine/cluster:Cluster" in each for each in state[urn]["dependencies"]), (
        "the engine deletes the nodes before their cluster, which would leave them running"
    )
    project.destroy().check()
    assert not [each for each in project.cloud() if each["type"].endswith((NETWORK, CONFIGURATION))]
