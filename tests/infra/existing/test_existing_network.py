"""What a preview says about an existing network, read from the sandbox's cloud."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox.store import open_store
from tests.infra.existing.theirs import ACCOUNT, NSG, SERVICES, SUBNET, Theirs
from tests.infra.settings.examples import Change

SUBNETS = "network.existing.subnets"
BACKENDS = "network.edge.loadBalancer.backendSets.api"
EDGE: Change = (
    "network.edge",
    {
        "loadBalancer": {"backendSets": {"api": {"port": 8000, "healthPath": "/health"}}},
        "certificate": {"id": "ocid1.certificate.oc1.iad.aaaaaaaaexample"},
    },
)


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Theirs]:
    """A network that fits."""
    with open_store(tmp_path / "cloud.db") as store:
        yield Theirs(store)


def test_a_network_that_fits_has_no_problem(theirs: Theirs) -> None:
    assert theirs.problems() == []
    assert theirs.problems(("cluster.endpoint", {"access": "private"})) == []


Spoil = Callable[[Theirs], list[Change]]


def use(theirs: Theirs, role: str, cidr: str = "10.50.64.0/24", **inputs: object) -> list[Change]:
    """Use a new subnet for the role."""
    return [(f"{SUBNETS}.{role}", theirs.subnet(role, cidr, **inputs))]


def another_vcn(theirs: Theirs) -> list[Change]:
    vcn = theirs.make("oci:Core/vcn:Vcn", cidrBlocks=["10.60.0.0/16"])
    return [
        (f"{SUBNETS}.gpu", theirs.make("oci:Core/subnet:Subnet", vcnId=vcn, cidrBlock="10.60.3.0/24")),
    ]


def groups_of_another_vcn(theirs: Theirs) -> list[Change]:
    vcn = theirs.make("oci:Core/vcn:Vcn", cidrBlocks=["10.60.0.0/16"])
    return [("network.existing.groups", {"worker": [theirs.make(NSG, vcnId=vcn)]})]


def full(theirs: Theirs) -> list[Change]:
    changes = use(theirs, "private", "10.50.64.0/29")
    for number in range(2, 6):
        theirs.make("oci:Core/privateIp:PrivateIp", subnetId=changes[0][1], ipAddress=f"10.50.64.{number}")
    return changes


def deleted(theirs: Theirs) -> list[Change]:
    subnet = theirs.subnet("gpu", "10.50.64.0/24")
    theirs.operations.delete(ACCOUNT, SUBNET, "", subnet)
    return [(f"{SUBNETS}.gpu", subnet)]


def gone(theirs: Theirs, resource_id: str) -> list[Change]:
    theirs.spoil(resource_id, state="TERMINATING")
    return []


WRONG: list[tuple[str, Spoil, str, str]] = [
    ("a subnet of another VCN", another_vcn, f"{SUBNETS}.gpu", "must be in the VCN ocid1.vcn"),
    (
        "a subnet that is too small",
        lambda their: use(their, "pods", "10.50.64.0/28"),
        f"{SUBNETS}.pods",
        "usable addresses for pods: it has 13",
    ),
    (
        "a subnet without free addresses",
        full,
        f"{SUBNETS}.private",
        "free addresses for CPU nodes: 4 of 5 are in use by others",
    ),
    (
        "public GPU nodes",
        lambda their: use(their, "gpu", prohibitPublicIpOnVnic=False),
        f"{SUBNETS}.gpu",
        "must forbid public addresses",
    ),
    (
        "a public subnet for the private API",
        lambda their: use(their, "api", prohibitPublicIpOnVnic=False),
        f"{SUBNETS}.api",
        "cluster.endpoint.access is `private`",
    ),
    (
        "a private subnet for the public API",
        lambda _: [
            ("cluster.endpoint", {"access": "public", "allowedCidrs": ["203.0.113.0/24"]}),
            ("tenancy.deployer", {"access": "internet", "cidr": "203.0.113.0/24"}),
        ],
        f"{SUBNETS}.api",
        "must allow public addresses, because the API endpoint is public",
    ),
    (
        "a private subnet for the public balancer",
        lambda their: [EDGE, *use(their, "public", prohibitPublicIpOnVnic=True)],
        f"{SUBNETS}.public",
        "must allow public addresses, because the load balancer is public",
    ),
    (
        "a public balancer without an internet gateway",
        lambda their: [EDGE, *use(their, "public", routeTableId=their.outward)],
        f"{SUBNETS}.public",
        "to an internet gateway that is enabled",
    ),
    (
        "GPU nodes with an internet gateway",
        lambda their: use(their, "gpu", routeTableId=their.open),
        f"{SUBNETS}.gpu",
        "must not have a route to an internet gateway",
    ),
    (
        "nodes without a way out",
        lambda their: use(their, "private", routeTableId=their.table({SERVICES: their.services})),
        f"{SUBNETS}.private",
        "must have a route for 0.0.0.0/0 to a NAT gateway",
    ),
    (
        "an API endpoint without a service gateway",
        lambda their: use(their, "api", routeTableId=their.table({})),
        f"{SUBNETS}.api",
        "must have a route for Oracle's services",
    ),
    (
        "a subnet of one availability domain",
        lambda their: use(their, "gpu", availabilityDomain="Uocm:US-ASHBURN-AD-1"),
        f"{SUBNETS}.gpu",
        "must be a regional subnet",
    ),
    (
        "a subnet that is being deleted",
        lambda their: gone(their, their.subnets["gpu"]),
        f"{SUBNETS}.gpu",
        "must be AVAILABLE",
    ),
    (
        "a VCN that is being deleted",
        lambda their: gone(their, their.vcn_id),
        "network.existing.vcnId",
        "must be AVAILABLE",
    ),
    (
        "a subnet that does not exist",
        lambda their: [(f"{SUBNETS}.gpu", their.subnets["gpu"][:-3] + "xyz")],
        f"{SUBNETS}.gpu",
        "cannot be read. Check the OCID",
    ),
    ("a subnet that was deleted", deleted, f"{SUBNETS}.gpu", "cannot be read: 404"),
    (
        "services that overlap the VCN",
        lambda _: [("cluster.servicesCidr", "10.50.0.0/20")],
        "cluster.servicesCidr",
        "must not overlap the existing VCN",
    ),
    (
        "a deployer outside the VCN",
        lambda _: [("tenancy.deployer", {"access": "inside", "cidr": "10.0.2.250/32"})],
        "tenancy.deployer.cidr",
        "must be inside the existing VCN, 10.50.0.0/16",
    ),
    (
        "a group of another VCN",
        groups_of_another_vcn,
        "network.existing.groups.worker[0]",
        "must be in the VCN",
    ),
    (
        "a bastion that no list lets out",
        lambda their: use(their, "bastion", securityListIds=[their.closed]),
        "network.existing",
        "must be able to connect: the bastion",
    ),
]


@pytest.mark.parametrize(
    ("spoil", "path", "message"), [each[1:] for each in WRONG], ids=[each[0] for each in WRONG]
)
def test_a_network_that_does_not_fit_is_refused_with_its_path(
    theirs: Theirs, spoil: Spoil, path: str, message: str
) -> None:
    problems = theirs.problems(*spoil(theirs))
    assert [each for each in problems if each.path == path and message in str(each)], [*map(str, problems)]
    assert {each.path for each in problems} == {path}


def test_every_part_that_does_not_fit_is_named_at_once(theirs: Theirs) -> None:
    changes = [*another_vcn(theirs), *use(theirs, "api", routeTableId=theirs.table({}))]
    assert {each.path for each in theirs.problems(*changes)} == {f"{SUBNETS}.gpu", f"{SUBNETS}.api"}


def test_a_nat_gateway_that_blocks_traffic_is_no_way_out(theirs: Theirs) -> None:
    theirs.spoil(theirs.nat, blockTraffic=True)
    problems = theirs.problems()
    assert {each.path for each in problems} == {f"{SUBNETS}.{role}" for role in ("private", "gpu", "pods")}
    assert "to a NAT gateway" in str(problems[0])


def test_a_firewall_or_a_drg_is_a_way_out(theirs: Theirs) -> None:
    drg = theirs.make("oci:Core/drg:Drg")
    theirs.make(
        "oci:Core/drgAttachment:DrgAttachment", drgId=drg, networkDetails={"type": "VCN", "id": theirs.vcn_id}
    )
    table = theirs.table({"0.0.0.0/0": drg, SERVICES: theirs.services})
    assert theirs.problems(*use(theirs, "gpu", routeTableId=table)) == []


def test_a_deployer_may_be_in_a_subnet_of_the_vcn_that_is_not_named(theirs: Theirs) -> None:
    host: Change = ("tenancy.deployer", {"access": "inside", "cidr": "10.50.70.9/32"})
    assert [*map(str, theirs.problems(host))] == []


def test_a_second_up_does_not_count_the_addresses_of_the_stacks_own_nodes(theirs: Theirs) -> None:
    changes: list[Change] = [*full(theirs), ("cluster.pools.0.nodes", 1)]
    theirs.subnets["private"] = str(changes[0][1])
    theirs.cluster()
    assert theirs.problems(*changes) == []
    theirs.pool(name="test-system")
    assert theirs.problems(*changes) == []


def test_the_nodes_of_others_count(theirs: Theirs) -> None:
    changes: list[Change] = [*full(theirs), ("cluster.pools.0.nodes", 1)]
    theirs.subnets["private"] = str(changes[0][1])
    theirs.cluster()
    theirs.pool(name="another")
    (problem,) = theirs.problems(*changes)
    assert "must have 1 free addresses for CPU nodes: 5 of 5 are in use by others" in str(problem)
