"""What is assumed about an existing resource of which only the OCID is known.

A run without an account knows no more, and neither does the sandbox about a placeholder or about an OCID of a real
account. A real account answers, so nothing is assumed there.
"""

from components.network.cidr_plan import plan_subnets, within
from infra.settings import Settings
from infra.settings.cluster.existing import ExistingCluster
from infra.settings.network import Network
from infra.settings.network.addresses import address_needs
from infra.settings.network.existing import ExistingNetwork
from infra.settings.vault import ExistingVault

from .added import assumed_gateways
from .found import FoundCluster, FoundNetwork, FoundSubnet, FoundVault

_OF_THE_CLUSTER = {"api": ""}
"""The subnet of an existing cluster's endpoint, whose OCID is not known."""

_PRIVATE_BUT = ("public", "loadbalancers")


def assumed_network(settings: Settings, wanted: ExistingNetwork) -> FoundNetwork:
    """A network with the ranges that the program would give a new one."""
    cidr = str(Network.model_fields["cidr"].default)
    needs = address_needs(settings.network, settings.cluster, settings.gpu, settings.storage)
    cidrs, added = plan_subnets(cidr, None, needs), wanted.subnets.added
    outside = [each for each in added.values() if not within(each, [cidr])]
    return FoundNetwork(
        vcn_id=wanted.vcn_id,
        cidrs=[cidr, *outside],
        added=added,
        gateways=assumed_gateways(wanted),
        subnets={
            role: FoundSubnet(
                subnet_id=ocid,
                vcn_id=wanted.vcn_id,
                cidr=cidrs.get(role, cidr),
                forbids_public=role not in _PRIVATE_BUT,
            )
            for role, ocid in {**_OF_THE_CLUSTER, **wanted.subnets.given}.items()
        },
    )


def assumed_vault(wanted: ExistingVault, region: str) -> FoundVault:
    """A vault whose endpoint no service answers."""
    endpoint = f"https://assumed-management.kms.{region}.oraclecloud.com"
    return FoundVault(vault_id=wanted.vault_id, management_endpoint=endpoint)


def assumed_cluster(wanted: ExistingCluster) -> FoundCluster:
    """A cluster with an endpoint at the first address of the assumed network's subnet."""
    return FoundCluster(cluster_id=wanted.cluster_id, private_endpoint="10.0.0.5:6443")
