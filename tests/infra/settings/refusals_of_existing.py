"""Wrong configurations of existing resources that need no account: the mistake, the changes, path and message."""

from typing import Any

from tests.infra.settings.examples import DELETE, Change
from tests.infra.settings.wrong.case import Wrong

VCN = "ocid1.vcn.oc1.iad.aaaaaaaaexample"
ROLES = ("private", "gpu", "api", "bastion", "loadbalancers", "pods")
NETWORK: dict[str, Any] = {
    "vcnId": VCN,
    "subnets": {role: f"ocid1.subnet.oc1.iad.aaaaaaaa{role}" for role in ROLES},
}
ON_NETWORK: list[Change] = [("network.cidr", DELETE), ("network.existing", NETWORK)]
"""Changes to the valid configuration that put it on an existing network."""

CLUSTER_ID = "ocid1.cluster.oc1.iad.aaaaaaaaexample"
ON_CLUSTER: list[Change] = [
    *ON_NETWORK,
    ("cluster.secretsKeyId", DELETE),
    ("cluster.existing", {"clusterId": CLUSTER_ID, "addons": ["NodeFeatureDiscovery"]}),
]
"""Changes that put it on an existing cluster too."""

NET = "network.existing"
SUBNETS = f"{NET}.subnets"


def on_network(name: str, changes: list[Change], path: str, message: str, *, others: bool = False) -> Wrong:
    return Wrong(name, [*ON_NETWORK, *changes], path, message, others)


EXISTING_NETWORKS: list[Wrong] = [
    on_network(
        "a CIDR for an existing VCN",
        [("network.cidr", "10.0.0.0/16")],
        "network.cidr",
        "must not be set with",
    ),
    on_network(
        "a label for an existing VCN",
        [("network.dnsLabel", "prod")],
        "network.dnsLabel",
        "must not be set with",
    ),
    on_network(
        "a CIDR for an existing subnet",
        [("network.subnets", {"gpu": "10.0.3.0/24"})],
        "network.subnets.gpu",
        "must not be set with network.existing",
    ),
    on_network(
        "no subnet for GPU nodes",
        [(f"{SUBNETS}.gpu", DELETE)],
        f"{SUBNETS}.gpu",
        "must be the OCID of a subnet",
    ),
    on_network("no subnet for pods", [(f"{SUBNETS}.pods", DELETE)], f"{SUBNETS}.pods", "for pods"),
    on_network(
        "no subnet for the API", [(f"{SUBNETS}.api", DELETE)], f"{SUBNETS}.api", "the Kubernetes API endpoint"
    ),
    on_network(
        "no subnet for the bastion",
        [(f"{SUBNETS}.bastion", DELETE)],
        f"{SUBNETS}.bastion",
        "for the bastion of network.bastionClientCidrs",
    ),
    on_network(
        "no subnet for the edge's balancer",
        [
            (
                "network.edge",
                {"loadBalancer": {"backendSets": {"api": {"port": 8000, "healthPath": "/health"}}}},
            )
        ],
        f"{SUBNETS}.public",
        "for the load balancer of network.edge",
        others=True,
    ),
    on_network(
        "no subnet for databases",
        [("database", {"streaming": {"streams": {"s": {"partitions": 1}}}})],
        f"{SUBNETS}.database",
        "for databases",
        others=True,
    ),
    on_network(
        "a subnet as the VCN",
        [(f"{NET}.vcnId", NETWORK["subnets"]["gpu"])],
        f"{NET}.vcnId",
        "must be the OCID of vcn",
    ),
    on_network(
        "a VCN as a subnet", [(f"{SUBNETS}.gpu", VCN)], f"{SUBNETS}.gpu", "must be the OCID of subnet"
    ),
    on_network(
        "a VCN of another region",
        [(f"{NET}.vcnId", "ocid1.vcn.oc1.phx.aaaaaaaaexample")],
        f"{NET}.vcnId",
        "must be in the environment's region us-ashburn-1",
    ),
    on_network(
        "a subnet of another realm",
        [(f"{SUBNETS}.gpu", "ocid1.subnet.oc2.iad.aaaaaaaaexample")],
        f"{SUBNETS}.gpu",
        "must be in realm oc1",
    ),
    on_network("a name as the VCN", [(f"{NET}.vcnId", "prod-vcn")], f"{NET}.vcnId", "must be an OCID"),
    on_network(
        "a group for an unknown member",
        [(f"{NET}.groups", {"nodes": ["ocid1.networksecuritygroup.oc1.iad.aaaaaaaaexample"]})],
        f"{NET}.groups",
        "must be one of api, worker",
    ),
    on_network(
        "more groups than a network card can have",
        [(f"{NET}.groups", {"worker": [f"ocid1.networksecuritygroup.oc1.iad.aaaa{i}" for i in range(4)]})],
        f"{NET}.groups.worker",
        "must be 3 groups or fewer",
    ),
    on_network(
        "the same group twice",
        [(f"{NET}.groups", {"pod": ["ocid1.networksecuritygroup.oc1.iad.aaaa"] * 2})],
        f"{NET}.groups.pod[1]",
        "must not be repeated",
    ),
    on_network(
        "a security list as a group",
        [(f"{NET}.groups", {"pod": ["ocid1.securitylist.oc1.iad.aaaa"]})],
        f"{NET}.groups.pod[0]",
        "must be the OCID of networksecuritygroup",
    ),
]


def _on_cluster(name: str, changes: list[Change], path: str, message: str, *, others: bool = False) -> Wrong:
    return Wrong(name, [*ON_CLUSTER, *changes], path, message, others)


EXISTING_CLUSTERS: list[Wrong] = [
    Wrong(
        "an existing cluster on a created network",
        [("cluster.secretsKeyId", DELETE), ("cluster.existing", {"clusterId": CLUSTER_ID})],
        NET,
        "must be set with cluster.existing",
    ),
    _on_cluster(
        "a second autoscaler beside the cluster's own",
        [
            ("cluster.existing.addons", ["ClusterAutoscaler"]),
            ("gpu.pools.0.sizeOwner", "autoscaler"),
            ("gpu.pools.0.minNodes", 1),
            ("gpu.pools.0.maxNodes", 2),
        ],
        "cluster.existing.addons",
        "the program would install a second autoscaler",
    ),
    _on_cluster(
        "services of an existing cluster",
        [("cluster.servicesCidr", "10.96.0.0/16")],
        "cluster.servicesCidr",
        "must not be set with cluster.existing",
    ),
    _on_cluster(
        "a key for an existing cluster",
        [("cluster.secretsKeyId", "ocid1.key.oc1.iad.vault1.aaaaaaaaexample")],
        "cluster.secretsKeyId",
        "must not be set with cluster.existing",
    ),
    _on_cluster(
        "callers of an existing endpoint",
        [("cluster.endpoint", {"allowedCidrs": ["203.0.113.0/24"]})],
        "cluster.endpoint.allowedCidrs",
        "must not be set with cluster.existing",
    ),
    _on_cluster(
        "a node pool as the cluster",
        [("cluster.existing.clusterId", "ocid1.nodepool.oc1.iad.aaaaaaaaexample")],
        "cluster.existing.clusterId",
        "must be the OCID of cluster",
    ),
    _on_cluster(
        "a cluster of another region",
        [("cluster.existing.clusterId", "ocid1.cluster.oc1.phx.aaaaaaaaexample")],
        "cluster.existing.clusterId",
        "must be in the environment's region us-ashburn-1",
    ),
    _on_cluster(
        "an unknown add-on",
        [("cluster.existing.addons", ["AmdGpuPlugins"])],
        "cluster.existing.addons[0]",
        "Did you mean `AmdGpuPlugin`?",
    ),
    _on_cluster(
        "an add-on that is kept and installed",
        [("cluster.addons", {"NodeFeatureDiscovery": {}})],
        "cluster.existing.addons[0]",
        "must not be in cluster.addons too",
    ),
]


VAULT_ID = "ocid1.vault.oc1.iad.vault1.aaaaaaaaexample"
EXISTING_VAULTS: list[Wrong] = [
    Wrong(
        "a kind for an existing vault",
        [("vault", {"existing": {"vaultId": VAULT_ID}, "kind": "private"})],
        "vault.kind",
        "must not be set with vault.existing",
    ),
    Wrong(
        "a key as the vault",
        [("vault", {"existing": {"vaultId": "ocid1.key.oc1.iad.vault1.aaaaaaaaexample"}})],
        "vault.existing.vaultId",
        "must be the OCID of vault",
    ),
    Wrong(
        "a vault of another region",
        [("vault", {"existing": {"vaultId": "ocid1.vault.oc1.phx.vault1.aaaaaaaaexample"}})],
        "vault.existing.vaultId",
        "must be in the environment's region us-ashburn-1",
    ),
    Wrong(
        "a vault of another realm",
        [("vault", {"existing": {"vaultId": "ocid1.vault.oc2.iad.vault1.aaaaaaaaexample"}})],
        "vault.existing.vaultId",
        "must be in realm oc1",
    ),
]


HUB: dict[str, Any] = {"drgId": "ocid1.drg.oc1.iad.aaaaaaaaexample", "cidrs": ["10.100.0.0/16"]}


def _hub(name: str, hub: dict[str, Any], path: str, message: str) -> Wrong:
    return Wrong(name, [("network.hub", {**HUB, **hub})], path, message)


HUBS: list[Wrong] = [
    _hub("a VCN as the DRG", {"drgId": VCN}, "network.hub.drgId", "must be the OCID of drg"),
    _hub(
        "a DRG of another region",
        {"drgId": "ocid1.drg.oc1.phx.aaaaaaaaexample"},
        "network.hub.drgId",
        "must be in the environment's region us-ashburn-1",
    ),
    _hub(
        "a hub that overlaps the VCN",
        {"cidrs": ["10.0.0.0/8"]},
        "network.hub.cidrs[0]",
        "must not overlap the VCN",
    ),
    _hub(
        "a hub that overlaps the services",
        {"cidrs": ["10.100.0.0/16", "10.96.0.0/16"]},
        "network.hub.cidrs[1]",
        "must not overlap the cluster's services",
    ),
    _hub(
        "the internet as a hub",
        {"cidrs": ["0.0.0.0/0"]},
        "network.hub.cidrs[0]",
        "must not be the whole internet",
    ),
    _hub(
        "the same range twice",
        {"cidrs": ["10.100.0.0/16", "10.100.1.0/24"]},
        "network.hub.cidrs[1]",
        "must not overlap another range",
    ),
    _hub("a hub without ranges", {"cidrs": []}, "network.hub.cidrs", "must name at least one range"),
    _hub(
        "OCI's own addresses as a hub",
        {"cidrs": ["169.254.0.0/16"]},
        "network.hub.cidrs[0]",
        "must not be in a range that OCI reserves",
    ),
    _hub("a name as a range", {"cidrs": ["hub"]}, "network.hub.cidrs[0]", "must be an IPv4 network"),
    on_network(
        "a hub for an existing network", [("network.hub", HUB)], "network.hub", "must not be set with"
    ),
    Wrong(
        "a deployer outside the VCN and the hub",
        [("network.hub", HUB), ("tenancy.deployer", {"access": "inside", "cidr": "10.200.0.1/32"})],
        "tenancy.deployer.cidr",
        "must be inside the VCN or the hub, 10.0.0.0/16, 10.100.0.0/16",
    ),
]
