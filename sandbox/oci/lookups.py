"""Functions that look something up: answered from the model, one module a service, found by itself."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from facts.provider_fields import function_fields
from sandbox.oci.cloud import Cloud
from sandbox.oci.discovery import import_all
from sandbox.oci.errors import OciError
from sandbox.oci.schema import Failure, Fields, check
from sandbox.oci.wire import holds_unknown, opened


class Caller(Protocol):
    """Who asks: region and tenancy of the provider."""

    @property
    def region(self) -> str: ...
    @property
    def tenancy(self) -> str: ...


@dataclass(frozen=True)
class Query:
    """One look-up. `args` are plain values by Pulumi's names."""

    cloud: Cloud
    token: str
    region: str
    tenancy: str
    args: dict[str, Any]


Function = Callable[[Query], dict[str, Any]]
_FUNCTIONS: dict[str, Function] = {}


def function(*tokens: str) -> Callable[[Function], Function]:
    """Register the answer of functions such as "oci:Core/getShapes:getShapes"."""

    def register(answer: Function) -> Function:
        _FUNCTIONS.update(dict.fromkeys(tokens, answer))
        return answer

    return register


@cache
def modelled() -> frozenset[str]:
    """The tokens of all functions that the model answers."""
    import_all()
    return frozenset(_FUNCTIONS)


def invoke(cloud: Cloud, caller: Caller, token: str, args: dict[str, Any]) -> dict[str, Any] | list[Failure]:
    """The answer, or what is wrong with the arguments. A function nobody modelled is an error that names it."""
    if token not in modelled():
        raise OciError(501, "NotImplemented", f"not modelled: {token}")
    if holds_unknown(args):
        raise OciError(400, "InvalidParameter", f"{token} was asked with arguments that are not known yet")
    checked, failures = check(function_fields(token) or {}, args)
    if failures:
        return failures
    plain = opened(checked)
    query = Query(cloud, token, caller.region, caller.tenancy, plain)
    answer = projected(function_fields(token) or {}, {**plain, **_FUNCTIONS[token](query)})
    answer.setdefault("id", f"{token.rsplit(':', 1)[1]}-{caller.region}")
    return filtered(answer, plain.get("filters") or [])


def filtered(answer: dict[str, Any], filters: list[dict[str, Any]]) -> dict[str, Any]:
    """The answer with its lists of objects reduced by the provider's `filters` argument."""
    for each in filters:
        for name, value in answer.items():
            if name != "filters" and isinstance(value, list):
                answer[name] = [item for item in value if not isinstance(item, dict) or _passes(item, each)]
    return answer


def projected(fields: Fields, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the function's result has them: nothing missing, and single blocks in lists of plural names."""
    shown = {name: value for name, value in values.items() if name in fields or name == "id"}
    for name, field in fields.items():
        value = _plural(values, name)
        if value is None:
            value = None if field.input else _EMPTY.get(field.type)
        elif isinstance(field.of, Mapping):
            inner, items = field.of, value if isinstance(value, list) else [value]
            value = [projected(inner, each) if isinstance(each, dict) else each for each in items]
        if value is not None:
            shown[name] = value
    return shown


def _plural(values: Mapping[str, Any], name: str) -> Any:
    for each in (name, name.removesuffix("s"), f"{name.removesuffix('ies')}y"):
        if values.get(each) is not None:
            return values[each]
    return None


_EMPTY: dict[str, Any] = {"str": "", "int": 0, "float": 0, "bool": False, "map": {}, "list": [], "set": []}


def _passes(item: dict[str, Any], wanted: dict[str, Any]) -> bool:
    value: Any = item
    for part in str(wanted["name"]).split("."):
        value = value.get(_camel(part)) if isinstance(value, dict) else None
    found = [str(each) for each in (value if isinstance(value, list) else [value])]
    if wanted.get("regex"):
        return any(re.search(pattern, each) for pattern in wanted["values"] for each in found)
    return any(each in wanted["values"] for each in found)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


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
