"""OKE: clusters, node pools, add-ons."""

import re
from typing import Any, Final

from facts.kubernetes import (
    MAX_PODS,
    NODE_MINORS_BEHIND,
    OFFERED_VERSIONS,
    flexible_max_pods,
    minor_of,
)
from facts.shapes import find_shape
from sandbox.oci.errors import conflict, invalid_parameter
from sandbox.oci.model import Entry
from sandbox.oci.rules import Call, rule
from sandbox.oci.rules.hosts import POOL
from sandbox.oci.rules.reading import blocks, number, one_of, parse_cidr, parse_duration, texts
from sandbox.oci.services.compute.instances import (
    image_fits,
    is_flexible,
    metadata_problem,
    preemptible_problem,
    shape_config_problem,
)
from sandbox.oci.services.compute.shape_names import shape_exists
from sandbox.oci.services.network.vcns import vcn_blocks

CLUSTER: Final = "oci:ContainerEngine/cluster:Cluster"


def _is_version(text: str) -> bool:
    parts = text.removeprefix("v").split(".")
    return text.startswith("v") and len(parts) == 3 and all(part.isdigit() for part in parts)


def _offered(version: str, offered: tuple[str, ...] = OFFERED_VERSIONS) -> None:
    if version not in offered:
        raise invalid_parameter(
            f"Invalid kubernetesVersion: Kubernetes version {version} is not supported. "
            f"Supported versions: {', '.join(offered)}."
        )


@rule(CLUSTER, on="create update")
def cluster_version(call: Call) -> None:
    """400: an offered version; up by one minor at a time, never down."""
    version = str(call.inputs.get("kubernetesVersion"))
    before = str(call.old.inputs.get("kubernetesVersion")) if call.old else ""
    if version == before:
        return
    _offered(version)
    if not _is_version(before):
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
    """400: basic or enhanced; once enhanced, always enhanced."""
    kind = call.inputs.get("type")
    refusal = one_of("type", kind, ("BASIC_CLUSTER", "ENHANCED_CLUSTER"))
    if refusal:
        raise refusal
    if call.old and is_enhanced(call.old) and str(kind).upper() == "BASIC_CLUSTER":
        raise invalid_parameter("An enhanced cluster cannot be changed to a basic cluster.")


def is_enhanced(cluster: Entry) -> bool:
    """A cluster of the API is basic unless it says otherwise; one that was adopted may be either."""
    return cluster.assumed or str(cluster.inputs.get("type")).upper() == "ENHANCED_CLUSTER"


@rule(CLUSTER, on="create update")
def cluster_endpoint(call: Call) -> None:
    """400: the endpoint's subnet is public if the endpoint is."""
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
    """400: at most two load balancer subnets; services and pods apart from the VCN and from each other."""
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
    """The cluster of the call, if more is known of it than its OCID."""
    found = call.cloud.find(str(call.inputs.get("clusterId")))
    return found if found and not found.assumed else None


@rule(POOL, on="create update")
def pool_version(call: Call) -> None:
    """400: an offered version, not newer than the control plane, at most three minors older."""
    version, cluster = call.inputs.get("kubernetesVersion"), cluster_of(call)
    before = call.old.inputs.get("kubernetesVersion") if call.old else None
    if version is None or version == before:
        return
    control = str(cluster.inputs.get("kubernetesVersion")) if cluster else ""
    # A cluster may still run a version that is no longer offered: its pools may too.
    _offered(str(version), tuple(dict.fromkeys((*OFFERED_VERSIONS, *([control] if control else [])))))
    if not _is_version(control):
        return
    behind = minor_of(control)[1] - minor_of(str(version))[1]
    if behind < 0 or behind > NODE_MINORS_BEHIND:
        raise invalid_parameter(
            f"Invalid kubernetesVersion: node pool version {version} is not compatible with cluster version "
            f"{control}: nodes can be up to {NODE_MINORS_BEHIND} minor versions older, not newer."
        )


@rule(POOL, on="create update")
def pool_shape(call: Call) -> None:
    """400: a shape that exists, with OCPUs and memory if it is flexible, and an image that fits it."""
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
def pool_image_version(call: Call) -> None:
    """409: an image that OKE made for its nodes is made for one Kubernetes version."""
    version = call.inputs.get("kubernetesVersion")
    for source in blocks(call.inputs, "nodeSourceDetails"):
        image = call.cloud.find(str(source.get("imageId")))
        found = re.search(r"-OKE-(\d+\.\d+\.\d+)-", image.name) if image else None
        if found and version and f"v{found[1]}" != version:
            raise conflict(
                f"Kubernetes version does not match Kubernetes version of OKE worker node image (v{found[1]})"
            )


@rule(POOL, on="create update")
def pool_size(call: Call) -> None:
    """400: no negative sizes, at least one placement."""
    for details in blocks(call.inputs, "nodeConfigDetails"):
        if (number(details, "size") or 0) < 0:
            raise invalid_parameter("Invalid size: must be greater than or equal to 0.")
        if not blocks(details, "placementConfigs"):
            raise invalid_parameter("Invalid placementConfigs: at least one is required.")


@rule(POOL, on="create update")
def pool_preemptible(call: Call) -> None:
    """400: no preemptible bare metal, nothing preemptible out of a capacity reservation."""
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
    """400: at most 110 pods a node, fewer on small flexible shapes; with addresses of the VCN, pod subnets."""
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
    """400: a compute cluster takes RDMA shapes, and only in its own availability domain."""
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
    """400: eviction within an hour; something to surge or to spare while nodes are cycled."""
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
