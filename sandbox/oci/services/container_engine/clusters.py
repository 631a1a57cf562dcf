"""Kubernetes Engine (OKE): clusters."""

from typing import Any, Final

from facts.kubernetes import OFFERED_VERSIONS, minor_of
from sandbox.oci.addresses import private_addresses, public_address
from sandbox.oci.computed import CreateContext, computed, provider_time
from sandbox.oci.errors import invalid_parameter
from sandbox.oci.lookups import Query, finds, function, lists
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.reading import blocks, one_of, parse_cidr, texts
from sandbox.oci.services.network.ranges import vcn_blocks

CLUSTER: Final = "oci:ContainerEngine/cluster:Cluster"

finds("oci:ContainerEngine/getCluster:getCluster", CLUSTER, by="clusterId")
lists("oci:ContainerEngine/getClusters:getClusters", CLUSTER, rows="clusters")


def is_version(text: str) -> bool:
    """Whether a text has the form v1.36.1."""
    parts = text.removeprefix("v").split(".")
    return text.startswith("v") and len(parts) == 3 and all(part.isdecimal() for part in parts)


def require_offered(version: str, offered: tuple[str, ...] = OFFERED_VERSIONS) -> None:
    """400 for a Kubernetes version that is not offered."""
    if version not in offered:
        raise invalid_parameter(
            f"Invalid kubernetesVersion: Kubernetes version {version} is not supported. "
            f"Supported versions: {', '.join(offered)}."
        )


@rule(CLUSTER, on="create update")
def cluster_version(call: Call) -> None:
    """400 unless the version is offered. An update goes up by one minor version at a time."""
    version = str(call.inputs.get("kubernetesVersion"))
    before = str(call.old.inputs.get("kubernetesVersion")) if call.old else ""
    if version == before:
        return
    require_offered(version)
    if not is_version(before):
        return
    (_, new), (_, old) = minor_of(version), minor_of(before)
    if new < old:
        raise invalid_parameter(f"Invalid kubernetesVersion: a cluster cannot be downgraded from {before}.")
    if new > old + 1:
        raise invalid_parameter(
            f"Invalid kubernetesVersion: {version} is more than one minor version above {before}."
        )


@rule(CLUSTER, on="create update")
def cluster_type(call: Call) -> None:
    """400 for an unknown type, or a change from enhanced to basic."""
    kind = call.inputs.get("type")
    refusal = one_of("type", kind, ("BASIC_CLUSTER", "ENHANCED_CLUSTER"))
    if refusal:
        raise refusal
    if call.old and is_enhanced(call.old) and str(kind).upper() == "BASIC_CLUSTER":
        raise invalid_parameter("An enhanced cluster cannot be changed to a basic cluster.")


def is_enhanced(cluster: Entry) -> bool:
    """Whether a cluster is enhanced. The API's default is basic. An adopted cluster counts as enhanced."""
    return cluster.assumed or str(cluster.inputs.get("type")).upper() == "ENHANCED_CLUSTER"


@rule(CLUSTER, on="create update")
def cluster_endpoint(call: Call) -> None:
    """400 for a public endpoint in a private subnet."""
    for config in blocks(call.inputs, "endpointConfig"):
        subnet = call.cloud.find(str(config.get("subnetId")))
        if subnet is None or subnet.assumed:
            continue
        if config.get("isPublicIpEnabled") and subnet.inputs.get("prohibitPublicIpOnVnic"):
            raise invalid_parameter(
                f"Invalid endpointConfig: a public IP cannot be assigned in the private subnet {subnet.id}."
            )


@rule(CLUSTER)
def cluster_networks(call: Call) -> None:
    """400 for more than two load balancer subnets, or overlaps of services, pods and VCN."""
    for options in blocks(call.inputs, "options"):
        if len(texts(options, "serviceLbSubnetIds")) > 2:
            raise invalid_parameter("Invalid serviceLbSubnetIds: at most 2 subnets can be specified.")
    vcn = call.cloud.find(str(call.inputs.get("vcnId")))
    taken = [("VCN", each) for each in (vcn_blocks(vcn) if vcn else [])]
    for config in blocks(call.inputs, "options", "kubernetesNetworkConfig"):
        for field in ("servicesCidr", "podsCidr"):
            for text in texts(config, field):
                network = parse_cidr(text)
                for name, other in taken:
                    if network.overlaps(other):
                        raise invalid_parameter(f"Invalid {field}: {text} overlaps with {name} CIDR {other}.")
                taken.append((field, network))
    for each in blocks(call.inputs, "clusterPodNetworkOptions"):
        refusal = one_of("cniType", each.get("cniType"), ("OCI_VCN_IP_NATIVE", "FLANNEL_OVERLAY"))
        if refusal:
            raise refusal


def cluster_of(call: Call) -> Entry | None:
    """The cluster of the call, if more than its OCID is known."""
    found = call.cloud.find(str(call.inputs.get("clusterId")))
    return found if found and not found.assumed else None


API_PORT = 6443


@computed(CLUSTER)
def cluster_outputs(context: CreateContext) -> dict[str, Any]:
    version = str(context.inputs.get("kubernetesVersion"))
    return {
        "availableKubernetesUpgrades": upgrades(version),
        "type": context.inputs.get("type") or "BASIC_CLUSTER",
        "endpoints": [_endpoints(context)],
        "metadatas": (context.old or {}).get("metadatas") or [{"timeCreated": provider_time()}],
        "openIdConnectDiscoveryEndpoint": f"https://objectstorage.{context.region}.oraclecloud.com/oidc/{context.unique}",
    }


def upgrades(version: str) -> list[str]:
    """The offered versions to which a control plane can be upgraded: newer, by one minor version at most."""
    mine = _numbers(version)
    later = [each for each in OFFERED_VERSIONS if _numbers(each) > mine]
    return [each for each in later if _numbers(each)[:2] <= (mine[0], mine[1] + 1)]


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.lstrip("v").split(".")
    return tuple(int(part) if part.isdecimal() else 0 for part in (*parts, "0", "0", "0")[:3])


def _endpoints(context: CreateContext) -> dict[str, Any]:
    config = context.inputs.get("endpointConfig") or {}
    subnet_id = str(config.get("subnetId", ""))
    before: dict[str, Any] = next(iter((context.old or {}).get("endpoints") or ()), {})
    private = before.get("privateEndpoint") or f"{private_addresses(context.cloud, subnet_id)[0]}:{API_PORT}"
    public = ""
    if config.get("isPublicIpEnabled"):
        public = before.get("publicEndpoint") or f"{public_address(context.cloud)}:{API_PORT}"
    subnet = context.cloud.find(subnet_id)
    domain = subnet.outputs.get("subnetDomainName") if subnet else ""
    return {
        "kubernetes": "",
        "publicEndpoint": public,
        "privateEndpoint": private,
        "vcnHostnameEndpoint": f"c{context.unique}.{domain}:{API_PORT}" if domain else "",
    }


@function("oci:ContainerEngine/getClusterOption:getClusterOption")
def cluster_option(_: Query) -> dict[str, Any]:
    networks = [{"cniType": "FLANNEL_OVERLAY"}, {"cniType": "OCI_VCN_IP_NATIVE"}]
    return {"kubernetesVersions": list(OFFERED_VERSIONS), "clusterPodNetworkOptions": networks}
