"""Stacks on a network that another program made on the same sandbox."""

from pathlib import Path

import pytest

from tests.support.existing_estate import beside, exports, make_estate, stored
from tests.support.sandbox_project import SandboxProject

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> SandboxProject:
    """A network that another program made."""
    return make_estate(tmp_path_factory.mktemp("theirs"))


def test_a_stack_stands_on_an_existing_network_and_leaves_it_as_it_was(
    estate: SandboxProject, tmp_path: Path
) -> None:
    made, before = exports(estate), stored(estate)
    assert len(before) > 15
    project = beside(estate, tmp_path / "ours", "existing-network")
    roles = ("api", "private", "gpu", "pods", "loadbalancers")
    project.configure(
        "network",
        existing={"vcnId": made["vcnId"], "subnets": {each: made["subnets"][each] for each in roles}},
    )
    project.configure("tenancy", deployer={"access": "inside", "cidr": "10.50.2.250/32"})
    project.up().check()
    assert stored(estate) == before
    project.up("--expect-no-changes").check()
    project.destroy().check()
    assert stored(estate) == before
