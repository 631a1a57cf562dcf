"""Kubernetes Engine (OKE): node pools, their nodes and their images."""

import re
from typing import Any

from facts.kubernetes import (
    MAX_PODS,
    NODE_MINORS_BEHIND,
    OFFERED_VERSIONS,
    flexible_max_pods,
    minor_of,
)
from facts.regions import FAULT_DOMAINS
from facts.shapes import SHAPES, find_shape
from sandbox.oci.addresses import private_addresses
from sandbox.oci.cloud import Cloud
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.engine_values import as_list
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.ids import new_ocid
from sandbox.oci.lookups import Query, finds, function, lists
from sandbox.oci.provided import provide
from sandbox.oci.resource_types import describe
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.hosts import POOL, pool_hosts
from sandbox.oci.rules.reading import blocks, number, parse_duration, texts
from sandbox.oci.rules.references import refers
from sandbox.oci.services.compute.images import IMAGE, PLATFORM_IMAGES, image_fits, system_of
from sandbox.oci.services.compute.instances import metadata_problem
from sandbox.oci.services.compute.shapes import (
    is_flexible,
    preemptible_problem,
    shape_config_problem,
    shape_exists,
)
from sandbox.oci.services.container_engine.clusters import CLUSTER, cluster_of, is_version, require_offered

finds("oci:ContainerEngine/getNodePool:getNodePool", POOL, by="nodePoolId")
lists("oci:ContainerEngine/getNodePools:getNodePools", POOL, rows="nodePools")
describe(POOL, uses=lambda pool: pool_hosts(pool.inputs) > 0)
refers(
    POOL,
    clusterId=(CLUSTER,),
    imageId=(IMAGE,),
    hostGroupId=("oci:Core/computeHostGroup:ComputeHostGroup", "oci:Core/hostGroup:HostGroup"),
)


@rule(POOL, on="create update")
def pool_version(call: Call) -> None:
    """400 unless the version is offered, not newer than the control plane and at most three minors older."""
    version, cluster = call.inputs.get("kubernetesVersion"), cluster_of(call)
    before = call.old.inputs.get("kubernetesVersion") if call.old else None
    if version is None or version == before:
        return
    control = str(cluster.inputs.get("kubernetesVersion")) if cluster else ""
    # A cluster may run a version that is no longer offered. Then its pools may too.
    require_offered(str(version), tuple(dict.fromkeys((*OFFERED_VERSIONS, *([control] if control else [])))))
    if not is_version(control):
        return
    behind = minor_of(control)[1] - minor_of(str(version))[1]
    if behind < 0 or behind > NODE_MINORS_BEHIND:
        raise invalid_parameter(
            f"Invalid kubernetesVersion: node pool version {version} is not compatible with cluster version "
            f"{control}: nodes can be up to {NODE_MINORS_BEHIND} minor versions older, not newer."
        )


@rule(POOL, on="create update")
def pool_shape(call: Call) -> None:
    """400 for an unknown shape, a flexible one without OCPUs and memory, or an image that does not fit the shape."""
    shape = str(call.inputs.get("nodeShape"))
    if not shape_exists(shape):
        raise invalid_parameter(f"Invalid nodeShape: Node shape {shape} is not available.")
    refusal = shape_config_problem(shape, blocks(call.inputs, "nodeShapeConfig"))
    refusal = refusal or metadata_problem(blocks(call.inputs, "nodeMetadata"))
    if refusal:
        raise refusal
    for source in blocks(call.inputs, "nodeSourceDetails"):
        if not image_fits(call, str(source.get("imageId")), shape):
            raise invalid_parameter("Invalid nodeShape: Node shape and image are not compatible.")


@rule(POOL, on="create update")
def pool_image_system(call: Call) -> None:
    """400 for Windows. Nodes run Oracle Linux or Ubuntu, by Oracle's page on supported images of Kubernetes Engine.

    An imported image may have another name for its system. The message follows the pattern of the service.
    """
    for source in blocks(call.inputs, "nodeSourceDetails"):
        image = call.cloud.find(str(source.get("imageId")))
        system = system_of(image) if image else ""
        if system.lower().startswith("windows"):
            raise invalid_parameter(
                f"Invalid nodeSourceDetails: images of {system} are not supported for worker nodes."
            )


@rule(POOL, on="create update")
def pool_image_version(call: Call) -> None:
    """409 for an OKE image of another Kubernetes version. Each OKE image is for one version."""
    version = call.inputs.get("kubernetesVersion")
    for source in blocks(call.inputs, "nodeSourceDetails"):
        image = call.cloud.find(str(source.get("imageId")))
        found = re.search(r"-OKE-(\d+\.\d+\.\d+)-", image.name, re.ASCII) if image else None
        if found and version and f"v{found[1]}" != version:
            raise conflict(
                f"Kubernetes version does not match Kubernetes version of OKE worker node image (v{found[1]})"
            )


@rule(POOL, on="create update")
def pool_size(call: Call) -> None:
    """400 for a negative size or no placement."""
    for details in blocks(call.inputs, "nodeConfigDetails"):
        if (number(details, "size") or 0) < 0:
            raise invalid_parameter("Invalid size: must be greater than or equal to 0.")
        if not blocks(details, "placementConfigs"):
            raise invalid_parameter("Invalid placementConfigs: at least one is required.")


@rule(POOL, on="create update")
def pool_preemptible(call: Call) -> None:
    """400 for preemptible bare metal, or preemptible nodes from a capacity reservation."""
    shape = str(call.inputs.get("nodeShape"))
    for place in blocks(call.inputs, "nodeConfigDetails", "placementConfigs"):
        if not blocks(place, "preemptibleNodeConfig"):
            continue
        refusal = preemptible_problem(shape)
        if refusal is None and place.get("capacityReservationId"):
            refusal = invalid_parameter("A preemptible node cannot use a capacity reservation.")
        if refusal:
            raise refusal


@rule(POOL, on="create update")
def pool_pods(call: Call) -> None:
    """400 for more than 110 pods a node, fewer on small flexible shapes. VCN-native pods need pod subnets."""
    shape = str(call.inputs.get("nodeShape"))
    most = MAX_PODS
    if is_flexible(shape):
        config = blocks(call.inputs, "nodeShapeConfig")
        most = flexible_max_pods((number(config[0], "ocpus") if config else None) or 1)
    for options in blocks(call.inputs, "nodeConfigDetails", "nodePoolPodNetworkOptionDetails"):
        native = str(options.get("cniType")).upper() == "OCI_VCN_IP_NATIVE"
        limit = most if native else MAX_PODS
        pods = number(options, "maxPodsPerNode")
        if pods is not None and not 1 <= pods <= limit:
            raise invalid_parameter(
                f"Invalid maxPodsPerNode: {pods:g} must be between 1 and {limit} for shape {shape}."
            )
        if native and not texts(options, "podSubnetIds"):
            raise invalid_parameter("Invalid podSubnetIds: required with cniType OCI_VCN_IP_NATIVE.")
        _same_cni(call, str(options.get("cniType")))


def _same_cni(call: Call, cni: str) -> None:
    cluster = cluster_of(call)
    for each in blocks(cluster.inputs if cluster else {}, "clusterPodNetworkOptions"):
        if str(each.get("cniType")).upper() != cni.upper():
            raise invalid_parameter(
                f"Invalid cniType: {cni} does not match the cluster's {each.get('cniType')}."
            )


@rule(POOL, on="create update")
def pool_compute_cluster(call: Call) -> None:
    """400 for a shape without RDMA in a compute cluster, or another availability domain than the cluster's."""
    for details in blocks(call.inputs, "nodeConfigDetails"):
        found = call.cloud.find(str(details.get("computeClusterId")))
        if found is None:
            continue
        shape = find_shape(str(call.inputs.get("nodeShape")))
        if shape is not None and not shape.rdma:
            raise invalid_parameter(f"Invalid nodeShape: {shape.name} does not support compute clusters.")
        domain = found.inputs.get("availabilityDomain")
        for place in blocks(details, "placementConfigs"):
            if domain and place.get("availabilityDomain") != domain:
                raise invalid_parameter(
                    f"Invalid availabilityDomain: {place.get('availabilityDomain')} is not that of compute "
                    f"cluster {found.id} ({domain})."
                )


@rule(POOL, on="create update")
def pool_cycling(call: Call) -> None:
    """400 for an eviction of over an hour, or for node cycling with neither surge nor unavailable nodes."""
    for settings in blocks(call.inputs, "nodeEvictionNodePoolSettings"):
        text = settings.get("evictionGraceDuration")
        seconds = parse_duration(str(text)) if text is not None else 0
        if seconds is None or seconds > 3_600:
            raise invalid_parameter(f"Invalid evictionGraceDuration: {text} must be between PT0M and PT60M.")
    for settings in blocks(call.inputs, "nodePoolCyclingDetails"):
        surge, spare = settings.get("maximumSurge"), settings.get("maximumUnavailable")
        if settings.get("isNodeCyclingEnabled") and _is_none(surge) and _is_none(spare):
            raise invalid_parameter("Invalid maximumSurge: cannot be 0 when maximumUnavailable is 0.")


def _is_none(amount: Any) -> bool:
    return str(amount).strip() in ("0", "0%")


@rule(POOL)
def one_way_to_place_nodes(call: Call) -> None:
    """400 unless exactly one of subnetIds and nodeConfigDetails is given."""
    given = [name for name in ("subnetIds", "nodeConfigDetails") if call.inputs.get(name)]
    if len(given) != 1:
        raise invalid_parameter("Exactly one of subnetIds and nodeConfigDetails must be specified.")


@computed(POOL)
def node_pool_outputs(context: CreateContext) -> dict[str, Any]:
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
    """The pool's nodes. Existing ones stay, missing ones are spread over the placements, the last are removed first."""
    config = context.inputs.get("nodeConfigDetails") or {}
    places = as_list(config.get("placementConfigs"))
    size = int(config.get("size") or 0) if places else 0
    nodes = list((context.old or {}).get("nodes") or [])[:size]
    for place in range(len(nodes), size):
        nodes.append(_node(context, places[place % len(places)], place, version))
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


def node_images(cloud: Cloud, region: str) -> list[dict[str, str]]:
    """The images that OKE provides for nodes, newest Kubernetes version first."""
    found: list[dict[str, str]] = []
    for version in reversed(OFFERED_VERSIONS):
        for name, system, release in PLATFORM_IMAGES[:2]:
            title = f"{name}-OKE-{version.lstrip('v')}-1042"
            outputs = {"displayName": title, "operatingSystem": system, "operatingSystemVersion": release}
            key = provide(cloud, IMAGE, region, title, {**outputs, "state": "AVAILABLE"})
            found.append({"imageId": key, "sourceName": title, "sourceType": "IMAGE"})
    return found


@function("oci:ContainerEngine/getNodePoolOption:getNodePoolOption")
def node_pool_option(query: Query) -> dict[str, Any]:
    sources = node_images(query.cloud, query.region)
    wanted = query.args.get("nodePoolK8sVersion")
    if wanted:
        sources = [each for each in sources if f"-OKE-{wanted.lstrip('v')}-" in each["sourceName"]]
    return {
        "kubernetesVersions": list(OFFERED_VERSIONS),
        "shapes": list(SHAPES),
        "sources": sources,
        "images": [each["sourceName"] for each in sources],
    }
