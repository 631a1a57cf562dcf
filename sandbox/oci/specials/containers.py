"""Kubernetes clusters, their pools, and compute."""

from typing import Any

from facts.kubernetes import OFFERED_VERSIONS
from facts.regions import FAULT_DOMAINS
from sandbox.oci.addresses import private_addresses, public_address
from sandbox.oci.computed import CreateContext, provider_time, special
from sandbox.oci.ids import derived_ocid, new_ocid
from sandbox.oci.wire import as_list

API_PORT = 6443


@special("oci:ContainerEngine/cluster:Cluster")
def cluster(context: CreateContext) -> dict[str, Any]:
    version = str(context.inputs.get("kubernetesVersion"))
    return {
        "availableKubernetesUpgrades": upgrades(version),
        "type": context.inputs.get("type") or "BASIC_CLUSTER",
        "endpoints": (context.old or {}).get("endpoints") or [_endpoints(context)],
        "metadatas": (context.old or {}).get("metadatas") or [{"timeCreated": provider_time()}],
        "openIdConnectDiscoveryEndpoint": f"https://objectstorage.{context.region}.oraclecloud.com/oidc/{context.unique}",
    }


def upgrades(version: str) -> list[str]:
    """The offered versions that a control plane may go to: newer, one minor at most."""
    mine = _numbers(version)
    later = [each for each in OFFERED_VERSIONS if _numbers(each) > mine]
    return [each for each in later if _numbers(each)[:2] <= (mine[0], mine[1] + 1)]


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.lstrip("v").split(".")
    return tuple(int(part) if part.isdigit() else 0 for part in (*parts, "0", "0", "0")[:3])


def _endpoints(context: CreateContext) -> dict[str, Any]:
    config = context.inputs.get("endpointConfig") or {}
    subnet_id = str(config.get("subnetId", ""))
    private = f"{private_addresses(context.cloud, subnet_id)[0]}:{API_PORT}"
    public = f"{public_address(context.cloud)}:{API_PORT}" if config.get("isPublicIpEnabled") else ""
    subnet = context.cloud.find(subnet_id)
    domain = subnet.outputs.get("subnetDomainName") if subnet else ""
    return {
        "kubernetes": "",
        "publicEndpoint": public,
        "privateEndpoint": private,
        "vcnHostnameEndpoint": f"c{context.unique}.{domain}:{API_PORT}" if domain else "",
    }


@special("oci:ContainerEngine/nodePool:NodePool")
def node_pool(context: CreateContext) -> dict[str, Any]:
    inputs = context.inputs
    parent = context.cloud.find(str(inputs["clusterId"]))
    version = inputs.get("kubernetesVersion") or (parent.inputs.get("kubernetesVersion") if parent else "")
    source = inputs.get("nodeSourceDetails") or {}
    image = source.get("imageId") or inputs.get("nodeImageId") or ""
    return {
        "kubernetesVersion": version,
        "nodes": _nodes(context, str(version)),
        "nodeSources": [{"imageId": image, "sourceName": "", "sourceType": "IMAGE"}] if image else [],
    }


def _nodes(context: CreateContext, version: str) -> list[dict[str, Any]]:
    """The nodes in place keep their identity; missing ones are added over the placements, the last go first."""
    config = context.inputs.get("nodeConfigDetails") or {}
    places = as_list(config.get("placementConfigs"))
    size = int(config.get("size") or 0) if places else 0
    nodes = list((context.old or {}).get("nodes") or [])[:size]
    for number in range(len(nodes), size):
        nodes.append(_node(context, places[number % len(places)], number, version))
    return nodes


def _node(context: CreateContext, place: dict[str, Any], number: int, version: str) -> dict[str, Any]:
    subnet_id = str(place.get("subnetId", ""))
    domains = place.get("faultDomains") or FAULT_DOMAINS
    return {
        "id": new_ocid("instance", context.region),
        "name": f"oke-c{context.unique[:8]}-n{context.unique[3:]}-{number}",
        "availabilityDomain": place.get("availabilityDomain"),
        "faultDomain": domains[number % len(domains)],
        "subnetId": subnet_id,
        "privateIp": private_addresses(context.cloud, subnet_id)[0],
        "publicIp": "",
        "kubernetesVersion": version,
        "nodePoolId": context.id,
        "state": "ACTIVE",
        "lifecycleDetails": "",
        "errors": [],
        "definedTags": {},
        "freeformTags": {},
    }


@special("oci:ContainerEngine/addon:Addon")
def addon(context: CreateContext) -> dict[str, Any]:
    return {"currentInstalledVersion": context.inputs.get("version") or "v1.0.0"}


@special("oci:Core/instance:Instance")
def instance(context: CreateContext) -> dict[str, Any]:
    outputs = context.outputs
    vnic = outputs.get("createVnicDetails") or {}
    subnet_id = str(vnic.get("subnetId") or outputs.get("subnetId") or "")
    return {
        "region": context.region,
        "privateIp": outputs.get("privateIp") or private_addresses(context.cloud, subnet_id)[0],
        "bootVolumeId": derived_ocid("bootvolume", context.region, context.id),
        "faultDomain": outputs.get("faultDomain") or FAULT_DOMAINS[0],
    }
