"""Look-ups of what is in the model: one resource by its id, or all of a type."""

from typing import Any

from sandbox.oci.errors import not_found
from sandbox.oci.functions import Query, function
from sandbox.oci.service import key_of

_ONE = {
    "oci:Bastion/getBastion:getBastion": ("bastionId", "oci:Bastion/bastion:Bastion"),
    "oci:ContainerEngine/getCluster:getCluster": ("clusterId", "oci:ContainerEngine/cluster:Cluster"),
    "oci:ContainerEngine/getNodePool:getNodePool": ("nodePoolId", "oci:ContainerEngine/nodePool:NodePool"),
    "oci:Core/getImage:getImage": ("imageId", "oci:Core/image:Image"),
    "oci:Core/getInstance:getInstance": ("instanceId", "oci:Core/instance:Instance"),
    "oci:Core/getSubnet:getSubnet": ("subnetId", "oci:Core/subnet:Subnet"),
    "oci:Core/getVcn:getVcn": ("vcnId", "oci:Core/vcn:Vcn"),
    "oci:Kms/getVault:getVault": ("vaultId", "oci:Kms/vault:Vault"),
    "oci:Ons/getNotificationTopic:getNotificationTopic": (
        "topicId",
        "oci:Ons/notificationTopic:NotificationTopic",
    ),
}
"""Function -> the argument that is the id, and the resource's type."""

_MANY = {
    "oci:ContainerEngine/getAddons:getAddons": ("addons", "oci:ContainerEngine/addon:Addon"),
    "oci:ContainerEngine/getClusters:getClusters": ("clusters", "oci:ContainerEngine/cluster:Cluster"),
    "oci:ContainerEngine/getNodePools:getNodePools": ("nodePools", "oci:ContainerEngine/nodePool:NodePool"),
    "oci:Core/getComputeClusters:getComputeClusters": (
        "computeClusterCollections",
        "oci:Core/computeCluster:ComputeCluster",
    ),
    "oci:Core/getInternetGateways:getInternetGateways": (
        "gateways",
        "oci:Core/internetGateway:InternetGateway",
    ),
    "oci:Core/getNatGateways:getNatGateways": ("natGateways", "oci:Core/natGateway:NatGateway"),
    "oci:Core/getNetworkSecurityGroups:getNetworkSecurityGroups": (
        "networkSecurityGroups",
        "oci:Core/networkSecurityGroup:NetworkSecurityGroup",
    ),
    "oci:Core/getRouteTables:getRouteTables": ("routeTables", "oci:Core/routeTable:RouteTable"),
    "oci:Core/getSecurityLists:getSecurityLists": ("securityLists", "oci:Core/securityList:SecurityList"),
    "oci:Core/getSubnets:getSubnets": ("subnets", "oci:Core/subnet:Subnet"),
    "oci:Core/getVcns:getVcns": ("virtualNetworks", "oci:Core/vcn:Vcn"),
    "oci:Kms/getVaults:getVaults": ("vaults", "oci:Kms/vault:Vault"),
    "oci:Ons/getNotificationTopics:getNotificationTopics": (
        "notificationTopics",
        "oci:Ons/notificationTopic:NotificationTopic",
    ),
}
"""Function -> the result's list, and the resources' type."""

_SELECTORS = ("compartmentId", "vcnId", "clusterId", "name", "displayName", "state", "availabilityDomain")


@function(*_ONE)
def one(query: Query) -> dict[str, Any]:
    """The resource's outputs; 404 if it is not there."""
    argument, token = _ONE[query.token]
    entry = query.cloud.require(query.args[argument], token, path=argument, region=query.region)
    return entry.outputs


@function(*_MANY)
def many(query: Query) -> dict[str, Any]:
    """All that match the arguments, in the provider's region."""
    key, token = _MANY[query.token]
    wanted = {name: query.args[name] for name in _SELECTORS if query.args.get(name) is not None}
    rows = [
        each.outputs
        for each in query.cloud.all(token, region=query.region)
        if all(each.outputs.get(name) == value for name, value in wanted.items())
    ]
    return {key: [{"items": rows}] if key.endswith("Collections") else rows}


@function("oci:ObjectStorage/getBucket:getBucket")
def bucket(query: Query) -> dict[str, Any]:
    """A bucket by its namespace and name."""
    path = f"n/{query.args['namespace']}/b/{query.args['name']}"
    entry = query.cloud.find(key_of(path, query.region))
    if entry is None:
        raise not_found(f"bucket {query.args['name']}")
    return {**entry.outputs, "id": path}
