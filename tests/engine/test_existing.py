"""Stacks on a network, a cluster and a vault that another program made on the same sandbox."""

import re
from pathlib import Path

import pytest
import yaml

from tests.support.existing_estate import beside, exports, make_estate, put_on, stored
from tests.support.sandbox_project import PROJECT, SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

NODES = ("private", "gpu", "pods")
NEW = {
    "public": "10.50.65.0/24",
    "private": "10.50.66.0/24",
    "gpu": "10.50.67.0/24",
    "database": "10.50.68.0/24",
    "api": "10.50.64.0/28",
    "loadbalancers": "10.50.64.32/27",
    "pods": "10.50.96.0/19",
}
"""Ranges of the other program's VCN that none of its subnets has."""


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> SandboxProject:
    """The other program, deployed."""
    return make_estate(tmp_path_factory.mktemp("theirs"))


def stands_and_leaves(estate: SandboxProject, project: SandboxProject) -> None:
    """`up`, `up` again and `refresh` without changes, `destroy`: the other program's resources stay as they were."""
    before = stored(estate)
    assert len(before) > 20
    project.up().check()
    assert stored(estate) == before
    project.up("--expect-no-changes").check()
    project.refresh("--expect-no-changes").check()
    assert stored(estate) == before
    project.destroy().check()
    assert stored(estate) == before
    assert project.left() == estate.recorded()


def test_a_stack_stands_on_an_existing_network_and_leaves_it_as_it_was(
    estate: SandboxProject, tmp_path: Path
) -> None:
    project = beside(estate, tmp_path / "ours", "existing-network")
    put_on(project, exports(estate), roles=(*NODES, "api", "loadbalancers"))
    stands_and_leaves(estate, project)


def test_a_stack_adds_its_subnets_to_an_existing_vcn_and_leaves_it_as_it_was(
    estate: SandboxProject, tmp_path: Path
) -> None:
    """The stack file names no gateways: the program finds those of the VCN."""
    project = beside(estate, tmp_path / "ours", "existing-vcn")
    put_on(
        project, exports(estate), roles=("api",), new={role: NEW[role] for role in (*NODES, "loadbalancers")}
    )
    stands_and_leaves(estate, project)


def test_prod_adds_every_subnet_to_an_existing_vcn_and_leaves_it_and_its_gateways_as_they_were(
    estate: SandboxProject, tmp_path: Path
) -> None:
    project, made = beside(estate, tmp_path / "ours", "prod"), exports(estate)
    put_on(project, made, new=NEW)
    content = yaml.safe_load(project.config_file.read_text())
    content["config"][f"{PROJECT}:network"]["existing"]["gateways"] = made["gateways"]
    project.config_file.write_text(yaml.safe_dump(content))
    project.configure("tenancy", protect=False)
    stands_and_leaves(estate, project)


def test_a_network_joins_an_existing_drg_and_leaves_it_as_it_was(
    estate: SandboxProject, tmp_path: Path
) -> None:
    project = beside(estate, tmp_path / "ours", "hub-network")
    project.configure("network", hub={"drgId": exports(estate)["drgId"], "cidrs": ["10.100.0.0/16"]})
    stands_and_leaves(estate, project)


def test_every_example_that_uses_something_existing_is_deployed_here() -> None:
    examples = Path(__file__).parents[2] / "examples"
    named = {
        each.stem
        for each in examples.glob("*.yaml")
        if re.search(r"^ +(existing|hub):", each.read_text(), re.M)
    }
    deployed = set(re.findall(r'"ours", "([a-z-]+)"\)', Path(__file__).read_text()))
    assert named
    assert named <= deployed


def test_a_stack_stands_on_an_existing_cluster_and_vault_and_leaves_them_as_they_were(
    estate: SandboxProject, tmp_path: Path
) -> None:
    project = beside(estate, tmp_path / "ours", "existing-cluster")
    put_on(project, exports(estate), roles=NODES, cluster=True)
    stands_and_leaves(estate, project)


def test_prod_stands_on_an_existing_network_cluster_and_vault_and_leaves_them_as_they_were(
    estate: SandboxProject, tmp_path: Path
) -> None:
    project = beside(estate, tmp_path / "ours", "prod")
    put_on(project, exports(estate), roles=(*NODES, "loadbalancers", "public", "database"), cluster=True)
    project.configure("tenancy", protect=False)
    stands_and_leaves(estate, project)


def test_every_missing_piece_is_named_at_once_before_anything_is_created(
    estate: SandboxProject, tmp_path: Path
) -> None:
    project, made = beside(estate, tmp_path / "ours", "existing-cluster"), exports(estate)
    put_on(project, made, roles=NODES, cluster=True)
    subnets = {**made["subnets"], "gpu": made["subnets"]["public"], "pods": made["subnets"]["loadbalancers"]}
    project.configure(
        "network", existing={"vcnId": made["vcnId"], "subnets": {role: subnets[role] for role in NODES}}
    )
    project.configure("cluster", existing={"clusterId": made["clusterId"], "addons": ["AmdGpuPlugin"]})
    for refused in (project.preview(), project.up()):
        assert refused.status != 0
        for path in (
            "network.existing.subnets.gpu",
            "network.existing.subnets.pods",
            "cluster.existing.addons[0]",
        ):
            assert path in refused.output
    assert project.left() == estate.recorded()
