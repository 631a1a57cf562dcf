"""Each piece of an existing estate that is missing is named: the pieces are removed one at a time."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox.store import open_store
from tests.infra.existing.theirs import ADDON, Theirs
from tests.infra.settings.examples import Change

NET, SUBNETS, GATEWAYS = "network.existing", "network.existing.subnets", "network.existing.gateways"
CLUSTER = "cluster.existing.clusterId"
USED = ("private", "gpu", "pods", "api", "loadbalancers", "bastion")
"""The roles that the stack uses."""


class Estate(Theirs):
    """A network, a cluster, a vault and a DRG of another team, with a stack on each of them."""

    def furnish(self) -> None:
        """Make the parts that only some stacks use."""
        self.cluster()
        self.addon = self.make(
            ADDON,
            clusterId=self.cluster_id,
            addonName="NodeFeatureDiscovery",
            removeAddonResourcesOnDelete=True,
        )
        self.pool_id = self.pool()
        self.vault = self.make("oci:Kms/vault:Vault", displayName="theirs", vaultType="DEFAULT")
        self.drg = self.make("oci:Core/drg:Drg")
        details = {"type": "VCN", "id": self.vcn_id}
        self.attachment = self.make(
            "oci:Core/drgAttachment:DrgAttachment", drgId=self.drg, networkDetails=details
        )

    def remove(self, ocid: str) -> None:
        """Remove a piece, whatever still needs it."""
        self.operations.cloud.remove(ocid)


@pytest.fixture
def estate(tmp_path: Path) -> Iterator[Estate]:
    with open_store(tmp_path / "cloud.db") as store:
        found = Estate(store)
        found.furnish()
        yield found


Stack = Callable[[Estate], list[Change]]


def on_network(_: Estate) -> list[Change]:
    return []


def on_cluster(estate: Estate) -> list[Change]:
    return [*estate.on_cluster(), ("cluster.existing.addons", ["NodeFeatureDiscovery"])]


def on_vault(estate: Estate) -> list[Change]:
    return [("vault", {"existing": {"vaultId": estate.vault}})]


def on_new_subnets(_: Estate) -> list[Change]:
    new = {
        "private": "10.50.66.0/24",
        "gpu": "10.50.67.0/24",
        "pods": "10.50.96.0/19",
        "api": "10.50.64.0/28",
    }
    return [
        *((f"{SUBNETS}.{role}", {"cidr": cidr}) for role, cidr in new.items()),
        (f"{SUBNETS}.loadbalancers", {"cidr": "10.50.64.32/27"}),
        (f"{SUBNETS}.bastion", {"cidr": "10.50.64.16/28"}),
        (GATEWAYS, {"drgCidrs": ["10.100.0.0/16"]}),
    ]


Piece = tuple[str, Stack, Callable[[Estate], str], str]

PIECES: list[Piece] = [
    ("the VCN", on_network, lambda each: each.vcn_id, f"{NET}.vcnId"),
    *(
        (f"the subnet {role}", on_network, lambda each, role=role: each.subnets[role], f"{SUBNETS}.{role}")
        for role in USED
    ),
    ("the NAT gateway", on_network, lambda each: each.nat, f"{SUBNETS}.gpu"),
    ("the route table", on_network, lambda each: each.outward, f"{SUBNETS}.gpu"),
    ("the security list", on_network, lambda each: each.closed, f"{SUBNETS}.gpu"),
    ("the bastion's security list", on_network, lambda each: each.to_api, f"{SUBNETS}.bastion"),
    ("the cluster", on_cluster, lambda each: each.cluster_id, CLUSTER),
    ("the add-on", on_cluster, lambda each: each.addon, "cluster.existing.addons[0]"),
    ("the joined group", on_cluster, lambda each: each.group, f"{NET}.groups.worker[0]"),
    ("the subnet of the cluster's endpoint", on_cluster, lambda each: each.subnets["api"], CLUSTER),
    ("the vault", on_vault, lambda each: each.vault, "vault.existing.vaultId"),
    ("the internet gateway", on_new_subnets, lambda each: each.internet, f"{GATEWAYS}.internetId"),
    ("the NAT gateway of new subnets", on_new_subnets, lambda each: each.nat, f"{GATEWAYS}.natId"),
    ("the DRG's attachment", on_new_subnets, lambda each: each.attachment, f"{GATEWAYS}.drgId"),
]


@pytest.mark.parametrize("stack", [on_network, on_cluster, on_vault, on_new_subnets])
def test_a_whole_estate_has_no_problem(estate: Estate, stack: Stack) -> None:
    assert [*map(str, estate.problems(*stack(estate)))] == []


@pytest.mark.parametrize(
    ("stack", "piece", "path"), [each[1:] for each in PIECES], ids=[each[0] for each in PIECES]
)
def test_a_missing_piece_is_named_with_its_path(
    estate: Estate, stack: Stack, piece: Callable[[Estate], str], path: str
) -> None:
    changes = stack(estate)
    estate.remove(piece(estate))
    assert path in {each.path for each in estate.problems(*changes)}


def test_a_missing_service_gateway_is_named_where_nothing_else_leads_to_the_services(estate: Estate) -> None:
    for each in (estate.nat, estate.services):
        estate.remove(each)
    paths = {each.path for each in estate.problems()}
    assert paths == {f"{SUBNETS}.{role}" for role in ("private", "gpu", "pods", "api")}
