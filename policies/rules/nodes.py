"""Nodes and instances have no public address, and the Kubernetes API should have none."""

from collections.abc import Iterator, Sequence

from policies.model import Config, Policy, Resource, at, known, means_true, referred, walk

SWITCHES = frozenset({"assignPublicIp", "isPublicIpAssigned"})
"""The inputs of the provider that give a VNIC a public address, in whatever block they are."""

CLUSTER = "oci:ContainerEngine/cluster:Cluster"

SUBNET = "oci:Core/subnet:Subnet"
POOL = "oci:ContainerEngine/nodePool:NodePool"
POOL_SUBNETS = "nodeConfigDetails.placementConfigs.subnetId"


def judge(resource: Resource, _config: Config) -> Iterator[str]:
    """Switches of one resource that give a public address."""
    if not resource.type.startswith("oci:"):
        return
    for path, block in walk(resource.inputs):
        for switch in sorted(SWITCHES & block.keys()):
            if means_true(block[switch]):
                where = f"{path}.{switch}" if path else switch
                yield f"{where}: true; must be false. Use a bastion, a NAT gateway or a load balancer"


def judge_api(resource: Resource, _config: Config) -> Iterator[str]:
    """A Kubernetes API with a public address. Its open ports are judged with the others."""
    if resource.type == CLUSTER and any(
        map(means_true, at(resource.inputs, "endpointConfig.isPublicIpEnabled"))
    ):
        yield "endpointConfig.isPublicIpEnabled: true; should be false. Reach the API through a bastion"


def judge_subnets(resources: Sequence[Resource], _config: Config) -> Iterator[tuple[Resource, str]]:
    """Pools whose nodes get a public address because their subnet gives one to every VNIC."""
    open_ = [each for each in resources if each.type == SUBNET and _gives_addresses(each)]
    for pool in resources:
        if pool.type != POOL or not all(known(each) for each in at(pool.inputs, POOL_SUBNETS)):
            continue
        for subnet in referred(pool, POOL_SUBNETS, open_)[0]:
            yield (
                pool,
                f"{POOL_SUBNETS}: {subnet.name}; must be a subnet with prohibitPublicIpOnVnic: true, "
                "because nodes get a public address in this one",
            )


def _gives_addresses(subnet: Resource) -> bool:
    forbids = ("prohibitPublicIpOnVnic", "prohibitInternetIngress")
    return not any(means_true(subnet.inputs.get(each)) for each in forbids)


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
    description="Node pools are in subnets that forbid public addresses.",
    source="OKE's page on node pools: a node gets a public address if its subnet allows it",
    judge_stack=judge_subnets,
)
