"""Nodes and instances have no public address, and the Kubernetes API should have none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from policies.model import Config, Policy, Resource, at, known, means_true, referred, walk
from policies.rules.subnets import SUBNET, gives_addresses

SWITCHES = frozenset({"assignPublicIp", "isPublicIpAssigned"})
"""The inputs of the provider that give a VNIC a public address, in whatever block they are."""

CLUSTER = "oci:ContainerEngine/cluster:Cluster"
PUBLIC_ADDRESS = "oci:Core/publicIp:PublicIp"

POOL = "oci:ContainerEngine/nodePool:NodePool"
POOL_SUBNETS: Mapping[str, Sequence[str]] = {
    POOL: ("nodeConfigDetails.placementConfigs.subnetId",),
    "oci:Core/instancePool:InstancePool": (
        "placementConfigurations.primarySubnetId",
        "placementConfigurations.primaryVnicSubnets.subnetId",
    ),
    "oci:Core/clusterNetwork:ClusterNetwork": (
        "placementConfiguration.primarySubnetId",
        "placementConfiguration.primaryVnicSubnets.subnetId",
    ),
}
"""Where pools have the subnets of their nodes."""

INSTANCE = "oci:Core/instance:Instance"
"""It may name its subnet itself instead of in createVnicDetails. Source: the provider's schema."""

CONFIGURATION = "oci:Core/instanceConfiguration:InstanceConfiguration"
CONFIGURED = {
    "oci:Core/instancePool:InstancePool": "instanceConfigurationId",
    "oci:Core/clusterNetwork:ClusterNetwork": "instancePools.instanceConfigurationId",
}
"""Where pools of instances name the configuration with the switch of their card."""

CARD = "instanceDetails.launchDetails.createVnicDetails.assignPublicIp"
CARDS = {"createVnicDetails": "assignPublicIp", "vnics": "isPublicIpAssigned"}
"""Blocks with a card and its subnet. Without the switch, the subnet decides. Source: the provider's page on
oci_core_instance."""


def judge(resource: Resource, _config: Config) -> Iterator[str]:
    """Switches of one resource that give a public address."""
    if not resource.type.startswith("oci:"):
        return
    for path, block in walk(resource.inputs):
        for switch in sorted(SWITCHES & block.keys()):
            if means_true(block[switch]):
                where = f"{path}.{switch}" if path else switch
                yield f"{where}: true; must be false. Use a bastion, a NAT gateway or a load balancer"
    if resource.type == PUBLIC_ADDRESS and resource.inputs.get("privateIpId"):
        yield "privateIpId: gives the card a public address; must not be set. Use a load balancer"


def judge_api(resource: Resource, _config: Config) -> Iterator[str]:
    """A Kubernetes API with a public address. Its open ports are judged with the others."""
    if resource.type != CLUSTER:
        return
    if any(map(means_true, at(resource.inputs, "endpointConfig.isPublicIpEnabled"))):
        yield "endpointConfig.isPublicIpEnabled: true; should be false. Reach the API through a bastion"
    if not resource.inputs.get("endpointConfig"):
        yield "endpointConfig is missing, so the API is outside of your network. Give it a private subnet"


def judge_subnets(resources: Sequence[Resource], _config: Config) -> Iterator[tuple[Resource, str]]:
    """Nodes and instances that get a public address because their subnet gives one to every VNIC."""
    subnets = [each for each in resources if each.type == SUBNET]
    configurations = [each for each in resources if each.type == CONFIGURATION]
    for each in resources:
        if not each.type.startswith("oci:") or _has_private_cards(each, configurations):
            continue
        paths = POOL_SUBNETS.get(each.type, ())
        if each.type == INSTANCE and not each.inputs.get("createVnicDetails"):
            paths = ("subnetId",)
        pools = ((path, referred(each, path, subnets)) for path in paths)
        for path, (found, certain) in (*pools, *_open_cards(each, subnets)):
            for subnet in found:
                if certain and gives_addresses(subnet):
                    yield (
                        each,
                        f"{path}: {subnet.name}; must be a subnet with prohibitPublicIpOnVnic: true, "
                        "because nodes get a public address in this one",
                    )


def _open_cards(
    resource: Resource, subnets: Sequence[Resource]
) -> Iterator[tuple[str, tuple[Sequence[Resource], bool]]]:
    """The subnets of the cards whose switch is not set, with their path."""
    for path, block in walk(resource.inputs):
        switch = CARDS.get(path.rpartition(".")[2].partition("[")[0])
        if switch and block.get(switch) in (None, ""):
            first = path.partition(".")[0].partition("[")[0]
            uses = {"subnetId": resource.dependencies.get(first, ())}
            yield (
                f"{path}.subnetId",
                referred(replace(resource, inputs=block, dependencies=uses), "subnetId", subnets),
            )


def _has_private_cards(pool: Resource, configurations: Sequence[Resource]) -> bool:
    """Whether the configuration of a pool of instances forbids public addresses, or is not known."""
    path = CONFIGURED.get(pool.type)
    if path is None:
        return False
    found, certain = referred(pool, path, configurations)
    switches = [one for each in found for one in at(each.inputs, CARD)]
    return not (found and certain) or any(not known(each) or not means_true(each) for each in switches)


POLICY = Policy(
    name="no-public-node",
    description="Nodes and instances have no public address.",
    source="the provider's schema: each input that gives a VNIC a public address",
    judge=judge,
)
API = Policy(
    name="no-public-api",
    description="The Kubernetes API has no public address.",
    source="OKE's page on security: a private API endpoint is recommended",
    level="advisory",
    judge=judge_api,
)
SUBNETS = Policy(
    name="no-node-in-public-subnet",
    description="Node pools and instances are in subnets that forbid public addresses.",
    source="OKE's page on node pools: a node gets a public address if its subnet allows it; the provider's page on "
    "oci_core_instance for instances",
    judge_stack=judge_subnets,
)
