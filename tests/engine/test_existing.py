"""Stacks on a network, a cluster and a vault that another program made on the same sandbox."""

from pathlib import Path

import pytest

from tests.support.existing_estate import beside, exports, make_estate, put_on, stored
from tests.support.sandbox_project import SandboxProject

pytestmark = [pytest.mark.engine, pytest.mark.prove]

NODES = ("private", "gpu", "pods")


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> SandboxProject:
    """The other program, deployed."""
    return make_estate(tmp_path_factory.mktemp("theirs"))


def stands_and_leaves(estate: SandboxProject, project: SandboxProject) -> None:
    """`up`, `up` again without changes, `destroy`: the other program's resources stay as they were."""
    before = stored(estate)
    assert len(before) > 20
    project.up().check()
    assert stored(estate) == before
    project.up("--expect-no-changes").check()
    project.destroy().check()
    assert stored(estate) == before
    assert project.owned() == estate.recorded()


def test_a_stack_stands_on_an_existing_network_and_leaves_it_as_it_was(
    estate: SandboxProject, tmp_path: Path
) -> None:
    project = beside(estate, tmp_path / "ours", "existing-network")
    put_on(project, exports(estate), roles=(*NODES, "api", "loadbalancers"), cluster=False)
    stands_and_leaves(estate, project)


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
    assert project.owned() == estate.recorded()
