"""New subnets in an existing VCN: what a preview says about their ranges and the VCN's gateways."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.existing.assumed import assumed_network
from infra.existing.found import FoundGateways
from infra.settings.reading.loader import load
from sandbox.store import open_store
from tests.infra.existing.theirs import ACCOUNT, COMPARTMENT, SUBNET, Theirs
from tests.infra.settings.examples import DELETE, Change, config
from tests.infra.settings.refusals_of_existing import ON_NETWORK

NAT = "ocid1.natgateway.oc1.iad.aaaaaaaaother"
EXISTING = "network.existing"
SUBNETS, GATEWAYS = f"{EXISTING}.subnets", f"{EXISTING}.gateways"
CIDRS = {
    "private": "10.50.66.0/24",
    "gpu": "10.50.67.0/24",
    "api": "10.50.64.0/28",
    "bastion": "10.50.64.16/28",
    "loadbalancers": "10.50.64.32/27",
    "pods": "10.50.96.0/19",
}
"""New subnets for every role that the stack uses, beside those of the existing network."""


@pytest.fixture
def theirs(tmp_path: Path) -> Iterator[Theirs]:
    with open_store(tmp_path / "cloud.db") as store:
        yield Theirs(store)


def add(**cidrs: str) -> list[Change]:
    """Create subnets for these roles."""
    return [(f"{SUBNETS}.{role}", {"cidr": cidr}) for role, cidr in cidrs.items()]


EVERY = add(**CIDRS)


def named(theirs: Theirs) -> Change:
    """Name the gateways that the VCN has."""
    return (GATEWAYS, {"internetId": theirs.internet, "natId": theirs.nat, "serviceId": theirs.services})


def drg(theirs: Theirs) -> str:
    """A DRG to which the VCN is attached."""
    found = theirs.make("oci:Core/drg:Drg")
    details = {"type": "VCN", "id": theirs.vcn_id}
    theirs.make("oci:Core/drgAttachment:DrgAttachment", drgId=found, networkDetails=details)
    return found


def test_new_subnets_beside_existing_ones_fit(theirs: Theirs) -> None:
    assert theirs.problems(*EVERY) == []
    assert theirs.problems(*EVERY, named(theirs)) == []
    assert theirs.problems(*add(gpu=CIDRS["gpu"])) == []


def test_the_environments_own_subnets_do_not_count_at_the_second_up(theirs: Theirs) -> None:
    for role, cidr in CIDRS.items():
        theirs.subnet(role, cidr, displayName=f"test-subnets-{role}")
    assert theirs.problems(*EVERY) == []


def test_a_drg_that_leads_to_the_internet_is_a_way_out(theirs: Theirs) -> None:
    remove(theirs, "natGateway", theirs.nat)
    drg(theirs)
    ranges = {"drgCidrs": ["0.0.0.0/0"]}
    assert theirs.problems(*EVERY, (GATEWAYS, ranges)) == []


def test_unnamed_gateways_of_a_vcn_that_cannot_be_read_are_assumed() -> None:
    drg = (f"{GATEWAYS}.drgCidrs", ["10.100.0.0/16"])
    settings = load(config(*ON_NETWORK, *EVERY, (f"{GATEWAYS}.natId", NAT), drg), "test")
    assert settings.network.existing is not None
    found = assumed_network(settings, settings.network.existing)
    assert found.added == CIDRS
    assert found.gateways == FoundGateways(
        internet="ocid1.internetgateway.oc1.iad.aaaaaaaaexample",
        nat=NAT,
        service="ocid1.servicegateway.oc1.iad.aaaaaaaaexample",
        drg="ocid1.drg.oc1.iad.aaaaaaaaexample",
    )


Spoil = Callable[[Theirs], list[Change]]


def remove(theirs: Theirs, kind: str, ocid: str) -> None:
    """Delete a gateway, and the routes that lead to it."""
    for table in (theirs.outward, theirs.open):
        entry = theirs.operations.cloud.find(table)
        assert entry is not None
        kept = [each for each in entry.inputs["routeRules"] if each["networkEntityId"] != ocid]
        theirs.operations.update(ACCOUNT, entry.token, entry.urn, table, entry.inputs | {"routeRules": kept})
    theirs.operations.delete(ACCOUNT, f"oci:Core/{kind}:{kind[0].upper()}{kind[1:]}", "", ocid)


def without(kind: str, attribute: str) -> Spoil:
    def spoil(theirs: Theirs) -> list[Change]:
        remove(theirs, kind, getattr(theirs, attribute))
        return EVERY

    return spoil


def spoilt(attribute: str, **values: object) -> Spoil:
    def spoil(theirs: Theirs) -> list[Change]:
        theirs.spoil(getattr(theirs, attribute), **values)
        return EVERY

    return spoil


def of_another_vcn(key: str, kind: str) -> Spoil:
    def spoil(theirs: Theirs) -> list[Change]:
        other = theirs.make("oci:Core/vcn:Vcn", cidrBlocks=["10.60.0.0/16"])
        services = {"services": [{"serviceId": theirs.service_id()}]} if kind == "serviceGateway" else {}
        made = theirs.make(f"oci:Core/{kind}:{kind[0].upper()}{kind[1:]}", vcnId=other, **services)
        return [*EVERY, (GATEWAYS, {key: made})]

    return spoil


def drg_elsewhere(theirs: Theirs) -> list[Change]:
    return [*EVERY, (GATEWAYS, {"drgId": theirs.make("oci:Core/drg:Drg"), "drgCidrs": ["10.100.0.0/16"]})]


def drg_onto_the_vcn(theirs: Theirs) -> list[Change]:
    return [*EVERY, (GATEWAYS, {"drgId": drg(theirs), "drgCidrs": ["10.50.0.0/20"]})]


def unseen_name(theirs: Theirs) -> list[Change]:
    theirs.make(SUBNET, vcnId=theirs.vcn_id, cidrBlock="10.50.67.128/25", displayName="other-subnets-gpu")
    return EVERY


def same_name_elsewhere(theirs: Theirs) -> list[Change]:
    """A subnet of an environment of the same name, in the compartment of the VCN."""
    theirs.subnet("gpu", CIDRS["gpu"], displayName="test-subnets-gpu")
    return [*EVERY, ("tenancy.compartmentId", f"{COMPARTMENT}two")]


WRONG: list[tuple[str, Spoil, str, str]] = [
    (
        "a range outside the VCN",
        lambda _: add(gpu="10.60.3.0/24"),
        f"{SUBNETS}.gpu.cidr",
        "must be inside the VCN, 10.50.0.0/16",
    ),
    (
        "a range that is larger than the VCN",
        lambda _: add(gpu="10.48.0.0/14"),
        f"{SUBNETS}.gpu.cidr",
        "must be inside the VCN, 10.50.0.0/16",
    ),
    (
        "a range on an existing subnet that is not named",
        lambda _: add(gpu="10.50.4.128/25"),
        f"{SUBNETS}.gpu.cidr",
        "must not overlap the subnet ocid1.subnet",
    ),
    ("a range of another environment", unseen_name, f"{SUBNETS}.gpu.cidr", "must not overlap the subnet"),
    (
        "a range of an environment of the same name elsewhere",
        same_name_elsewhere,
        f"{SUBNETS}.gpu.cidr",
        "must not overlap the subnet",
    ),
    (
        "no internet gateway",
        without("internetGateway", "internet"),
        f"{GATEWAYS}.internetId",
        "must be set: the subnets loadbalancers have public addresses",
    ),
    (
        "an internet gateway that is disabled",
        spoilt("internet", enabled=False),
        f"{GATEWAYS}.internetId",
        "has none that can be read: an internet gateway that is enabled",
    ),
    (
        "no NAT gateway",
        without("natGateway", "nat"),
        f"{GATEWAYS}.natId",
        "must be set: the subnets private, gpu, pods load images and weights",
    ),
    (
        "a NAT gateway that blocks traffic",
        spoilt("nat", blockTraffic=True),
        f"{GATEWAYS}.natId",
        "a NAT gateway that lets traffic through",
    ),
    (
        "a named internet gateway of another VCN",
        of_another_vcn("internetId", "internetGateway"),
        f"{GATEWAYS}.internetId",
        "must be an internet gateway that is enabled, of the VCN ocid1.vcn",
    ),
    (
        "a named NAT gateway of another VCN",
        of_another_vcn("natId", "natGateway"),
        f"{GATEWAYS}.natId",
        "must be a NAT gateway that lets traffic through, of the VCN ocid1.vcn",
    ),
    (
        "a named service gateway of another VCN",
        of_another_vcn("serviceId", "serviceGateway"),
        f"{GATEWAYS}.serviceId",
        "must be a service gateway for all of Oracle's services, of the VCN ocid1.vcn",
    ),
    (
        "a DRG to which the VCN is not attached",
        drg_elsewhere,
        f"{GATEWAYS}.drgId",
        "must be the DRG to which it is attached",
    ),
    (
        "ranges behind a DRG that the VCN does not have",
        lambda _: [*EVERY, (GATEWAYS, {"drgCidrs": ["10.100.0.0/16"]})],
        f"{GATEWAYS}.drgId",
        "must be set for the ranges behind it",
    ),
    (
        "the VCN's own range behind the DRG",
        drg_onto_the_vcn,
        f"{GATEWAYS}.drgCidrs[0]",
        "must not overlap the VCN, 10.50.0.0/16",
    ),
]


@pytest.mark.parametrize(
    ("spoil", "path", "message"), [each[1:] for each in WRONG], ids=[each[0] for each in WRONG]
)
def test_new_subnets_that_do_not_fit_are_refused_with_their_path(
    theirs: Theirs, spoil: Spoil, path: str, message: str
) -> None:
    problems = theirs.problems(*spoil(theirs))
    assert [each for each in problems if each.path == path and message in str(each)], [*map(str, problems)]
    assert {each.path for each in problems} == {path}


def test_an_api_endpoint_without_any_way_to_the_services_is_refused(theirs: Theirs) -> None:
    """Nodes are elsewhere: without a NAT gateway for them, only the service gateway is left for the endpoint."""
    for kind, ocid in (("natGateway", theirs.nat), ("serviceGateway", theirs.services)):
        remove(theirs, kind, ocid)
    (problem,) = [each for each in theirs.problems(*add(api=CIDRS["api"])) if each.path.startswith(GATEWAYS)]
    assert problem.path == f"{GATEWAYS}.serviceId"
    assert "must be set: the subnets api call Oracle's services" in str(problem)


def test_every_part_that_does_not_fit_is_named_at_once(theirs: Theirs) -> None:
    remove(theirs, "natGateway", theirs.nat)
    changes = [*EVERY, *add(gpu="10.60.3.0/24", private="10.50.4.0/25")]
    assert {each.path for each in theirs.problems(*changes)} == {
        f"{SUBNETS}.gpu.cidr",
        f"{SUBNETS}.private.cidr",
        f"{GATEWAYS}.natId",
    }


def test_a_named_gateway_is_taken_before_the_one_that_is_found(theirs: Theirs) -> None:
    """A VCN has one gateway of a kind, so a wrong name is refused although the right gateway exists."""
    changes = of_another_vcn("natId", "natGateway")(theirs)
    assert len(theirs.problems(*changes)) == 1
    assert theirs.problems(*changes, (f"{GATEWAYS}.natId", DELETE)) == []


def test_the_connections_of_a_new_subnet_are_searched_too(theirs: Theirs) -> None:
    """A new bastion reaches the API endpoint in an existing subnet: its own list lets it out."""
    theirs.subnets["api"] = theirs.subnet("api", "10.50.65.0/28")
    assert theirs.problems(*add(bastion=CIDRS["bastion"])) == []
