"""The real engine deploys and destroys a model of a trillion parameters over two nodes."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.sandbox_project import SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

GROUP = "leaderworkerset.x-k8s.io/v1:LeaderWorkerSet"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProject]:
    """The deployed example. The tests below run in order: each starts from the state that the one before it leaves."""
    made = SandboxProject.of_example(tmp_path_factory.mktemp("over"), "engine-over-nodes")
    made.up().check()
    yield made
    made.destroy()


def of_type(project: SandboxProject, kind: str) -> list[dict[str, Any]]:
    return [each for each in project.state() if each["type"] == f"kubernetes:{kind}"]


def test_each_pod_of_the_group_gets_a_whole_node_with_its_network_cards(
    project: SandboxProject,
) -> None:
    (group,) = of_type(project, GROUP)
    spec = group["outputs"]["spec"]["leaderWorkerTemplate"]
    assert spec["size"] == 2
    for template in (spec["leaderTemplate"], spec["workerTemplate"]):
        limits = template["spec"]["containers"][0]["resources"]["limits"]
        assert (limits["amd.com/gpu"], limits["nvidia.com/rdma-vf"]) == ("8", "8")
    assert project.owned() == project.recorded()


def test_the_groups_controller_and_network_operator_are_deployed_first(project: SandboxProject) -> None:
    order = [each["urn"].rsplit("::", 1)[1] for each in project.state()]
    group = order.index("engine-over-nodes-kimi-k2-engine")
    assert order.index("engine-over-nodes-chart-lws-system-release") < group
    assert order.index("engine-over-nodes-addons-addon-NvidiaNetworkOperator") < group


def test_the_service_selects_the_leader(project: SandboxProject) -> None:
    (service,) = of_type(project, "core/v1:Service")
    assert service["outputs"]["spec"]["selector"]["app.kubernetes.io/component"] == "leader"


def test_a_second_up_changes_nothing(project: SandboxProject) -> None:
    project.up("--expect-no-changes").check()


def test_destroy_leaves_nothing(project: SandboxProject) -> None:
    project.destroy().check()
    assert project.owned() == []
