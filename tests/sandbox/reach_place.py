"""A cloud in which some endpoints reach others, and workloads on its cluster."""

from typing import Any

from sandbox.kubernetes.api.objects import Live, Objects
from sandbox.oci.model import Entry
from sandbox.store import Store

from .conftest import VCN, entry

CLUSTER = "ocid1.cluster.oc1.iad.aaaac"
ALL = "all-iad-services-in-oracle-services-network"
DENY = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
TABLE = "oci:Core/routeTable:RouteTable"


def ocid(kind: str, name: str) -> str:
    return f"ocid1.{kind}.oc1.iad.{name}"


def subnet(name: str, third: int, **changes: Any) -> Any:
    given = {
        "vcnId": VCN,
        "cidrBlock": f"10.0.{third}.0/24",
        "securityListIds": [],
        "routeTableId": ocid("routetable", "private"),
    }
    return entry(ocid("subnet", name), "oci:Core/subnet:Subnet", displayName=name, **given | changes)


def rule(name: str, group: str, direction: str, peer: str, port: int, **changes: Any) -> Any:
    side = "source" if direction == "INGRESS" else "destination"
    kind = {
        f"{side}Type": "NETWORK_SECURITY_GROUP" if peer.startswith("ocid1.") else "CIDR_BLOCK",
        "tcpOptions": {"destinationPortRange": {"min": port, "max": port}},
    }
    given = {
        "networkSecurityGroupId": group,
        "direction": direction,
        "protocol": "6",
        side: peer,
        "description": name,
    }
    token = "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule"
    return entry(ocid("rule", name.replace(" ", "")), token, **given | kind | changes)


NODES, DATA, EDGE, PODS = (ocid("networksecuritygroup", each) for each in ("nodes", "data", "edge", "pods"))


def gateways() -> list[Entry]:
    """The network with its gateways and route tables."""
    return [
        entry(VCN, "oci:Core/vcn:Vcn", displayName="net", cidrBlocks=["10.0.0.0/16"]),
        entry(ocid("natgateway", "nat"), "oci:Core/natGateway:NatGateway", displayName="nat"),
        entry(ocid("internetgateway", "igw"), "oci:Core/internetGateway:InternetGateway", displayName="igw"),
        entry(
            ocid("servicegateway", "sgw"),
            "oci:Core/serviceGateway:ServiceGateway",
            displayName="sgw",
            services=[{"serviceName": "All IAD Services In Oracle Services Network"}],
        ),
        entry(
            ocid("routetable", "private"),
            TABLE,
            routeRules=[
                {"destination": "0.0.0.0/0", "networkEntityId": ocid("natgateway", "nat")},
                {"destination": ALL, "networkEntityId": ocid("servicegateway", "sgw")},
            ],
        ),
        entry(
            ocid("routetable", "public"),
            TABLE,
            routeRules=[{"destination": "0.0.0.0/0", "networkEntityId": ocid("internetgateway", "igw")}],
        ),
    ]


def subnets() -> list[Entry]:
    """Subnets, and groups without rules."""
    return [
        subnet("nodes", 1),
        subnet("pods", 2),
        subnet("data", 3),
        subnet("public", 4, routeTableId=ocid("routetable", "public")),
        *(
            entry(
                each,
                "oci:Core/networkSecurityGroup:NetworkSecurityGroup",
                displayName=each.rpartition(".")[2],
            )
            for each in (NODES, DATA, EDGE, PODS)
        ),
    ]


def endpoints() -> list[Entry]:
    """Nodes, pods, a database and an instance."""
    return [
        entry(
            ocid("nodepool", "gpu"),
            "oci:ContainerEngine/nodePool:NodePool",
            name="gpu",
            clusterId=CLUSTER,
            nodeConfigDetails={
                "nsgIds": [NODES],
                "placementConfigs": [{"subnetId": ocid("subnet", "nodes")}],
                "nodePoolPodNetworkOptionDetails": {
                    "podSubnetIds": [ocid("subnet", "pods")],
                    "podNsgIds": [PODS],
                },
            },
        ),
        entry(
            ocid("postgresqldbsystem", "db"),
            "oci:Psql/dbSystem:DbSystem",
            displayName="db",
            networkDetails={"subnetId": ocid("subnet", "data"), "nsgIds": [DATA]},
        ),
        entry(
            ocid("instance", "host"),
            "oci:Core/instance:Instance",
            displayName="host",
            createVnicDetails={
                "subnetId": ocid("subnet", "nodes"),
                "nsgIds": [NODES],
                "assignPublicIp": "false",
            },
        ),
    ]


def doors() -> list[Entry]:
    """A bastion and a public balancer."""
    return [
        entry(
            ocid("bastion", "door"),
            "oci:Bastion/bastion:Bastion",
            name="door",
            targetSubnetId=ocid("subnet", "nodes"),
        ),
        entry(
            ocid("loadbalancer", "entry"),
            "oci:LoadBalancer/loadBalancer:LoadBalancer",
            displayName="entry",
            subnetIds=[ocid("subnet", "public")],
            networkSecurityGroupIds=[EDGE],
        ),
    ]


def rules() -> list[Entry]:
    """The rules of the groups."""
    return [
        rule("PostgreSQL out", NODES, "EGRESS", DATA, 5432),
        rule("PostgreSQL out of pods", PODS, "EGRESS", DATA, 5432),
        rule("PostgreSQL in", DATA, "INGRESS", NODES, 5432),
        rule("PostgreSQL from pods", DATA, "INGRESS", PODS, 5432),
        rule("HTTPS out", NODES, "EGRESS", "0.0.0.0/0", 443),
        rule("HTTPS in", EDGE, "INGRESS", "0.0.0.0/0", 443),
        rule("Stateless out", NODES, "EGRESS", "10.0.3.0/24", 6379, isStateless=True),
        rule("Test port in", DATA, "INGRESS", "10.0.1.0/24", 5433),
        rule("Redis in", DATA, "INGRESS", NODES, 6379),
    ]


def saved(store: Store, kind: str, namespace: str, name: str, version: str = "v1", **body: Any) -> None:
    group = version.rpartition("/")[0]
    meta = {
        "name": name,
        "uid": f"{kind}-{name}",
        **({"namespace": namespace} if namespace else {}),
        **body.pop("meta", {}),
    }
    full = {"apiVersion": version, "kind": kind, "metadata": meta, **body}
    Objects(store).save(Live(CLUSTER, (group, kind, namespace, name), 0, f"urn::{kind}-{name}", True, full))


def workload(store: Store, name: str, **pod: Any) -> None:
    template = {
        "metadata": {"labels": {"app": name}},
        "spec": {"containers": [{"name": "c", "image": "i"}], **pod},
    }
    saved(store, "Deployment", "serving", name, "apps/v1", spec={"template": template})


def policy(store: Store, name: str, **spec: Any) -> None:
    saved(store, "NetworkPolicy", "serving", name, "networking.k8s.io/v1", spec=spec)
