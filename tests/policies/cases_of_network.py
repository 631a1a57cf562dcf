"""Cases of the policies for open ports."""

from typing import Any

from policies.model import Resource
from tests.policies.cases import (
    POOL,
    SERVICE,
    SUBNET,
    UNKNOWN,
    Case,
    make,
)

GROUP = "oci:Core/networkSecurityGroup:NetworkSecurityGroup"
RULE = "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule"
BALANCER = "oci:LoadBalancer/loadBalancer:LoadBalancer"
BASTION = "oci:Bastion/bastion:Bastion"
LIST = "oci:Core/securityList:SecurityList"
DEFAULT_LIST = "oci:Core/defaultSecurityList:DefaultSecurityList"
NETWORK = "oci:Core/vcn:Vcn"


def rule(port: int | tuple[int, int] | None, **changes: Any) -> Resource:
    """A rule of `group` that lets the internet in."""
    first, last = port if isinstance(port, tuple) else (port, port)
    options = {"tcpOptions": {"destinationPortRange": {"min": first, "max": last}}} if port else {}
    given = {"direction": "INGRESS", "protocol": "6", "source": "0.0.0.0/0", **options, **changes}
    return make(RULE, {"networkSecurityGroupId": "id-of-group", **given})


def network_with(lists: list[Resource]) -> list[Resource]:
    """A network with a subnet, and default lists."""
    network = make(NETWORK, {}, name="network", outputs={"defaultSecurityListId": "id-of-list"})
    return [network, make(SUBNET, {"vcnId": "id-of-network"}, name="subnet"), *lists]


def default_list(ocid: str, network: str) -> Resource:
    uses = {"manageDefaultResourceId": [f"{NETWORK}::{network}"]}
    return make(DEFAULT_LIST, {"manageDefaultResourceId": ocid}, name="list", uses=uses)


GROUP_OF_RULE = make(GROUP, {}, name="group")
EDGE = make(BALANCER, {"networkSecurityGroupIds": ["id-of-group"]}, name="balancer")
INSIDE = make(POOL, {"nodeConfigDetails": {"nsgIds": ["id-of-group"]}}, name="pool")


def balancer(*, annotations: dict[str, str] | None = None, **spec: Any) -> list[Resource]:
    given = {"type": "LoadBalancer", "ports": [{"port": 8000}], **spec}
    return [make(SERVICE, {"metadata": {"annotations": annotations or {}}, "spec": given})]


def case(about: str, policy: str, resources: list[Resource], says: str = "") -> Case:
    return Case(about=about, policy=policy, resources=resources, says=says)


OPEN = "no-open-port"
OPTIONS_UNKNOWN = {"tcpOptions": {"destinationPortRange": {"min": UNKNOWN, "max": UNKNOWN}}}
PORTS = [
    case("HTTPS of the balancer's group", OPEN, [rule(443), GROUP_OF_RULE, EDGE]),
    case("HTTPS of a group that nothing has", OPEN, [rule(443), GROUP_OF_RULE]),
    case("a rule out", OPEN, [rule(22, direction="EGRESS"), GROUP_OF_RULE, INSIDE]),
    case("path discovery", OPEN, [rule(None, protocol="1"), GROUP_OF_RULE, INSIDE]),
    case("a port for a range", OPEN, [rule(22, source="10.0.0.0/8"), GROUP_OF_RULE, INSIDE]),
    case(
        "SSH of the balancer's group",
        OPEN,
        [rule(22), GROUP_OF_RULE, EDGE],
        "source: 0.0.0.0/0 for TCP on port 22; the edge may open only 80, 443",
    ),
    case("ports around HTTPS", OPEN, [rule((442, 444)), GROUP_OF_RULE, EDGE], "on ports 442 to 444"),
    case("every port", OPEN, [rule(None), GROUP_OF_RULE, EDGE], "on ports 1 to 65535"),
    case("every protocol", OPEN, [rule(None, protocol="all"), GROUP_OF_RULE, EDGE], "for every protocol"),
    case(
        "HTTPS of nodes",
        OPEN,
        [rule(443), GROUP_OF_RULE, INSIDE],
        "must name a range or a security group, because it opens pool",
    ),
    case(
        "a direction in another case",
        OPEN,
        [rule(22, direction="ingress"), GROUP_OF_RULE, EDGE],
        "on port 22",
    ),
    case(
        "half of the internet",
        OPEN,
        [rule(22, source="128.0.0.0/1"), GROUP_OF_RULE, EDGE],
        "128.0.0.0/1 for TCP",
    ),
    case(
        "another spelling of everyone",
        OPEN,
        [rule(22, source="0::0/0"), GROUP_OF_RULE, EDGE],
        "0::0/0 for TCP",
    ),
    case("private addresses of IPv6", OPEN, [rule(22, source="fc00::/7"), GROUP_OF_RULE, INSIDE]),
    case(
        "a protocol without ports",
        OPEN,
        [rule(None, protocol="132"), GROUP_OF_RULE, EDGE],
        "for protocol 132",
    ),
    case(
        "all in another case", OPEN, [rule(None, protocol="ALL"), GROUP_OF_RULE, EDGE], "for every protocol"
    ),
    case(
        "a port as text",
        OPEN,
        [
            rule(None, tcpOptions={"destinationPortRange": {"min": "443", "max": "443"}}),
            GROUP_OF_RULE,
            EDGE,
        ],
    ),
    case(
        "a port of the sender only",
        OPEN,
        [rule(None, tcpOptions={"sourcePortRange": {"min": 443, "max": 443}}), GROUP_OF_RULE, EDGE],
        "on ports 1 to 65535",
    ),
    case("a port that is not known yet", OPEN, [rule(None, **OPTIONS_UNKNOWN), GROUP_OF_RULE, EDGE]),
    case("a network with the list of OCI", OPEN, network_with([]), "on port 22. Declare the list"),
    case("a network with an empty list", OPEN, network_with([default_list("id-of-list", "network")])),
    case(
        "a network with the list of another",
        OPEN,
        network_with([default_list("id-of-another", "other")]),
        "on port 22. Declare the list",
    ),
    case("a network before it is created", OPEN, network_with([default_list(UNKNOWN, "network")])),
    case("a network without subnets", OPEN, network_with([])[:1]),
    case("IPv6", OPEN, [rule(22, source="::/0"), GROUP_OF_RULE, EDGE], "source: ::/0 for TCP"),
    case(
        "a list without open ports",
        OPEN,
        [make(LIST, {"ingressSecurityRules": [{"protocol": "6", "source": "10.0.0.0/8"}]})],
    ),
    case(
        "a list with an open port",
        OPEN,
        [
            make(
                LIST,
                {
                    "ingressSecurityRules": [
                        {"protocol": "6", "source": "0.0.0.0/0", "tcpOptions": {"min": 22, "max": 22}}
                    ]
                },
            )
        ],
        "on port 22; must name a range or a security group, because it opens every VNIC of its subnets",
    ),
]

ENTER = "no-open-entrance"
OPEN_SERVICE = {"spec": {"type": "LoadBalancer", "ports": [{"port": 22}]}}
PRIVATE = "service.beta.kubernetes.io/oci-load-balancer-internal"
PROXY = "kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy"


def chart(service: dict[str, Any]) -> list[Resource]:
    return [make("kubernetes:helm.sh/v3:Release", {"values": {"web": {"service": service}}})]


INTERNAL = "service.beta.kubernetes.io/oci-load-balancer-internal"
ENTRANCES = [
    case(
        "annotations that are not known yet",
        ENTER,
        [make(SERVICE, {"metadata": {"annotations": UNKNOWN}, **OPEN_SERVICE})],
    ),
    case(
        "a balancer of a chart",
        ENTER,
        chart({"type": "LoadBalancer"}),
        "values.web.service.type: LoadBalancer",
    ),
    case(
        "a private balancer of a chart",
        ENTER,
        chart({"type": "LoadBalancer", "annotations": {PRIVATE: "true"}}),
    ),
    case("a service of a chart", ENTER, chart({"type": "ClusterIP"})),
    case(
        "a balancer of a chart for some ranges",
        ENTER,
        chart({"type": "LoadBalancer", "loadBalancerSourceRanges": ["10.0.0.0/8"]}),
    ),
    case(
        "a balancer of a chart with the annotation of another type",
        ENTER,
        chart(
            {
                "type": "LoadBalancer",
                "annotations": {PRIVATE: "true", "oci.oraclecloud.com/load-balancer-type": "nlb"},
            }
        ),
        "Set the annotation oci-network-load-balancer.oraclecloud.com/internal",
    ),
    case(
        "a balancer of a gateway",
        ENTER,
        [make(PROXY, {"spec": {"provider": {"kubernetes": {"envoyService": {"type": "LoadBalancer"}}}}})],
        "envoyService.type: LoadBalancer",
    ),
    case("a bastion for a range", ENTER, [make(BASTION, {"clientCidrBlockAllowLists": ["192.0.2.0/24"]})]),
    case(
        "a bastion for everyone",
        ENTER,
        [make(BASTION, {"clientCidrBlockAllowLists": ["192.0.2.0/24", "0.0.0.0/0"]})],
        "clientCidrBlockAllowLists: 0.0.0.0/0",
    ),
    case("a bastion without a list", ENTER, [make(BASTION, {})], "clientCidrBlockAllowLists is missing"),
    case(
        "a bastion for half of the internet",
        ENTER,
        [make(BASTION, {"clientCidrBlockAllowLists": ["0.0.0.0/1"]})],
        "clientCidrBlockAllowLists: 0.0.0.0/1",
    ),
    case("another spelling of private", ENTER, balancer(annotations={INTERNAL: "True"})),
    case(
        "the annotation of the other balancer",
        ENTER,
        balancer(annotations={INTERNAL: "true", "oci.oraclecloud.com/load-balancer-type": "NLB"}),
        "Set the annotation oci-network-load-balancer.oraclecloud.com/internal",
    ),
    case(
        "two halves of the internet",
        ENTER,
        balancer(loadBalancerSourceRanges=["0.0.0.0/1", "128.0.0.0/1"]),
        "spec.ports: 8000 on a public load balancer",
    ),
    case(
        "a list of Services",
        ENTER,
        [make(f"{SERVICE}List", {"items": [dict(balancer()[0].inputs)]})],
        "items[0].spec.ports: 8000",
    ),
    case("a private balancer", ENTER, balancer(annotations={INTERNAL: "true"})),
    case("a balancer for a range", ENTER, balancer(loadBalancerSourceRanges=["192.0.2.0/24"])),
    case("a balancer with the edge's port", ENTER, balancer(ports=[{"port": 443}])),
    case("a Service in the cluster", ENTER, balancer(type="ClusterIP")),
    case("a public balancer", ENTER, balancer(), "spec.ports: 8000 on a public load balancer"),
    case(
        "a balancer for everyone",
        ENTER,
        balancer(loadBalancerSourceRanges=["0.0.0.0/0"]),
        "spec.ports: 8000 on a public load balancer",
    ),
]

CASES = [*PORTS, *ENTRANCES]
