"""An existing estate in the sandbox's cloud, read in the test's process, and the settings of a stack on it."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from facts.problem import Problem
from infra.existing.look import problems_of
from infra.existing.reader import Row, UnreadableError, singular
from infra.settings import Settings, examine
from report.resources import as_mapping, as_sequence
from sandbox.oci.account import Account
from sandbox.oci.errors import OciError
from sandbox.oci.lookups import Login
from sandbox.oci.operations import Operations
from sandbox.store import Store
from tests.infra.settings.examples import DELETE, IMAGE, Change, config

REGION = "us-ashburn-1"
TENANCY = "ocid1.tenancy.oc1..aaaaaaaaexample"
COMPARTMENT = "ocid1.compartment.oc1..aaaaaaaaexample"
CIDRS = {
    "public": "10.50.1.0/24",
    "private": "10.50.2.0/24",
    "gpu": "10.50.3.0/24",
    "database": "10.50.4.0/24",
    "api": "10.50.0.0/28",
    "bastion": "10.50.0.16/28",
    "loadbalancers": "10.50.0.32/27",
    "pods": "10.50.128.0/17",
}
PUBLIC = ("public", "loadbalancers")
SUBNET = "oci:Core/subnet:Subnet"
LIST = "oci:Core/securityList:SecurityList"
ROUTES = "oci:Core/routeTable:RouteTable"
NSG = "oci:Core/networkSecurityGroup:NetworkSecurityGroup"
CLUSTER = "oci:ContainerEngine/cluster:Cluster"
POOL = "oci:ContainerEngine/nodePool:NodePool"
ADDON = "oci:ContainerEngine/addon:Addon"
RULE = "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule"
SERVICES = "all-iad-services-in-oracle-services-network"


@dataclass(frozen=True)
class CloudReader:
    """Reads the sandbox's cloud as the provider's functions do."""

    operations: Operations

    def one(self, token: str, **arguments: str) -> Row:
        name = token.rsplit("/", 1)[-1]
        try:
            found = self.operations.invoke(ACCOUNT, f"oci:{token}:{name}", dict(arguments))
        except OciError as error:
            raise UnreadableError(f"{error.status}-{error.code} {error.message}") from None
        assert isinstance(found, dict), found
        return singular(found)

    def rows(self, token: str, name: str, **arguments: str) -> Sequence[Row]:
        return [as_mapping(each) for each in as_sequence(self.one(token, **arguments).get(name))]


ACCOUNT = Account(REGION, TENANCY, login=Login())


def _ports(port: int) -> dict[str, Any]:
    return {"destinationPortRange": {"min": port, "max": port}}


class Theirs:
    """A network of another team. Each part can be made differently before it is read."""

    def __init__(self, store: Store) -> None:
        self.operations = Operations(store)
        self.vcn_id = self.make("oci:Core/vcn:Vcn", cidrBlocks=["10.50.0.0/16"], displayName="theirs")
        self.internet = self.gateway("internetGateway", enabled=True)
        self.nat = self.gateway("natGateway")
        self.services = self.gateway("serviceGateway", services=[{"serviceId": self.service_id()}])
        self.outward = self.table({"0.0.0.0/0": self.nat, SERVICES: self.services})
        self.open = self.table({"0.0.0.0/0": self.internet})
        self.closed = self.make(LIST, vcnId=self.vcn_id)
        self.to_api = self.make(
            LIST,
            vcnId=self.vcn_id,
            egressSecurityRules=[
                {
                    "destination": CIDRS["api"],
                    "protocol": "6",
                    "tcpOptions": {"min": 6443, "max": 6443},
                }
            ],
        )
        self.subnets = {role: self.subnet(role, cidr) for role, cidr in CIDRS.items()}

    def make(self, token: str, **inputs: Any) -> str:
        """Create a resource of theirs."""
        inputs = {"compartmentId": COMPARTMENT} | inputs
        return self.operations.create(ACCOUNT, token, "", inputs).id

    def gateway(self, kind: str, **inputs: Any) -> str:
        return self.make(f"oci:Core/{kind}:{kind[0].upper()}{kind[1:]}", vcnId=self.vcn_id, **inputs)

    def table(self, routes: Mapping[str, str]) -> str:
        rules = [
            {
                "destination": destination,
                "destinationType": "SERVICE_CIDR_BLOCK" if destination == SERVICES else "CIDR_BLOCK",
                "networkEntityId": target,
            }
            for destination, target in routes.items()
        ]
        return self.make(ROUTES, vcnId=self.vcn_id, routeRules=rules)

    def subnet(self, role: str, cidr: str, **inputs: Any) -> str:
        """A subnet that fits its role, except for `inputs`."""
        given = {
            "vcnId": self.vcn_id,
            "cidrBlock": cidr,
            "prohibitPublicIpOnVnic": role not in PUBLIC,
            "routeTableId": self.open if role in PUBLIC else self.outward,
            "securityListIds": [self.to_api if role == "bastion" else self.closed],
        }
        return self.make(SUBNET, **given | inputs)

    def service_id(self) -> str:
        found = self.operations.invoke(ACCOUNT, "oci:Core/getServices:getServices", {})
        assert isinstance(found, dict)
        return next(each["id"] for each in found["services"] if each["cidrBlock"] == SERVICES)

    def problems(self, *changes: Change) -> list[Problem]:
        """What a preview of a stack on the network says."""
        return problems_of(self.settings(*changes), CloudReader(self.operations))

    def settings(self, *changes: Change) -> Settings:
        """The settings of a stack that uses every part."""
        wanted = config(*self.usual(), *changes)
        found = examine(wanted, "test")
        assert found.settings is not None, [*map(str, found.problems)]
        return found.settings

    def cluster(self, **inputs: Any) -> str:
        """A cluster with a pool. One group lets its endpoint, nodes and pods call each other."""
        group = self.group = self.make(NSG, vcnId=self.vcn_id)
        self.rule(direction="INGRESS", source=group, sourceType="NETWORK_SECURITY_GROUP", protocol="all")
        self.rule(direction="INGRESS", source="10.50.0.0/16", protocol="6", tcpOptions=_ports(6443))
        self.rule(direction="INGRESS", source="0.0.0.0/0", protocol="1", icmpOptions={"type": 3, "code": 4})
        self.rule(direction="EGRESS", destination="0.0.0.0/0", protocol="all")
        given: dict[str, Any] = {
            "name": "theirs",
            "vcnId": self.vcn_id,
            "kubernetesVersion": "v1.36.1",
            "type": "ENHANCED_CLUSTER",
            "clusterPodNetworkOptions": [{"cniType": "OCI_VCN_IP_NATIVE"}],
            "endpointConfig": {
                "subnetId": self.subnets["api"],
                "nsgIds": [group],
                "isPublicIpEnabled": False,
            },
            **inputs,
        }
        self.cluster_id = self.make(CLUSTER, **given)
        return self.cluster_id

    def pool(self, *, name: str = "theirs", **network: Any) -> str:
        """A pool of theirs, with VCN-native pods."""
        pods = {
            "cniType": "OCI_VCN_IP_NATIVE",
            "podSubnetIds": [self.subnets["pods"]],
            "podNsgIds": [self.group],
            "maxPodsPerNode": 31,
        }
        return self.make(
            POOL,
            clusterId=self.cluster_id,
            name=name,
            kubernetesVersion="v1.36.1",
            nodeShape="VM.Standard.E5.Flex",
            nodeShapeConfig={"ocpus": 4, "memoryInGbs": 16},
            nodeSourceDetails={"sourceType": "IMAGE", "imageId": IMAGE},
            nodeConfigDetails={
                "size": 1,
                "placementConfigs": [
                    {"availabilityDomain": "Uocm:US-ASHBURN-AD-1", "subnetId": self.subnets["private"]}
                ],
                "nsgIds": [self.group],
                "nodePoolPodNetworkOptionDetails": pods | network,
            },
        )

    def rule(self, **inputs: Any) -> str:
        return self.operations.create(ACCOUNT, RULE, "", {"networkSecurityGroupId": self.group, **inputs}).id

    def on_cluster(self) -> list[Change]:
        """More changes that put the stack on their cluster, with its nodes and pods in the cluster's group."""
        members = ("worker", "pod", "loadbalancer")
        return [
            ("cluster.secretsKeyId", DELETE),
            ("cluster.existing", {"clusterId": self.cluster_id}),
            ("network.existing.groups", {each: [self.group] for each in members}),
        ]

    def usual(self) -> list[Change]:
        """Changes to the valid configuration that make its network an existing one."""
        return [
            ("network.cidr", DELETE),
            ("network.existing", {"vcnId": self.vcn_id, "subnets": deepcopy(self.subnets)}),
        ]

    def spoil(self, resource_id: str, **values: Any) -> None:
        """Change what a resource shows, such as a state that only the cloud sets."""
        cloud = self.operations.cloud
        entry = cloud.find(resource_id)
        assert entry is not None
        cloud.save(replace(entry, outputs=entry.outputs | values))
