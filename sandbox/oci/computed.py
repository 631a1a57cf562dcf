"""What the provider fills in: identifiers, states, times, and whatever else a resource computes."""

import hashlib
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from facts.provider_fields import Field
from sandbox.oci.cloud import Cloud
from sandbox.oci.discovery import import_all
from sandbox.oci.ids import derived_ocid, new_ocid, ocid_type
from sandbox.oci.schema import Fields
from sandbox.oci.wire import UNKNOWN

_EMPTY: dict[str, Any] = {"str": "", "int": 0, "float": 0, "bool": False}
_ENABLED = ("oci:Kms/key:Key", "oci:Kms/keyVersion:KeyVersion")
_RUNNING = ("oci:Core/instance:Instance", "oci:Core/instancePool:InstancePool")
_ACTIVE_IN_CORE = (
    "oci:Core/computeCluster:ComputeCluster",
    "oci:Core/computeCapacityReservation:ComputeCapacityReservation",
)


@dataclass(frozen=True)
class CreateContext:
    """What the special outputs of a resource that is created or updated may be computed from.

    `outputs` begin as the inputs and the general computed values; `old` are the outputs before an update.
    """

    cloud: Cloud
    id: str
    token: str
    region: str
    tenancy: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    old: dict[str, Any] | None

    @property
    def unique(self) -> str:
        """Eleven letters for host names, always the same for the same id."""
        return hashlib.blake2b(self.id.encode()).hexdigest()[:11]


Special = Callable[[CreateContext], dict[str, Any]]
_SPECIALS: dict[str, Special] = {}


def special(*tokens: str) -> Callable[[Special], Special]:
    """Register a function that gives a resource's particular outputs, on create and on update."""

    def register(function: Special) -> Special:
        _SPECIALS.update(dict.fromkeys(tokens, function))
        return function

    return register


def outputs_of(context: CreateContext, fields: Fields) -> dict[str, Any]:
    """All outputs of a resource that is created or updated."""
    import_all()
    outputs = context.outputs
    for name, field in fields.items():
        if field.computed and outputs.get(name) is None:
            known = context.old.get(name) if context.old else None
            outputs[name] = known if known is not None else _general(context, name, field)
    outputs["id"] = context.id
    if "timeUpdated" in fields:
        outputs["timeUpdated"] = provider_time()
    found = _SPECIALS.get(context.token)
    if found is not None:
        outputs.update(found(context))
    return {name: value for name, value in outputs.items() if value is not None}


def preview_outputs(fields: Fields, inputs: dict[str, Any]) -> dict[str, Any]:
    """What a preview of a create shows: the inputs, and unknown for all that the cloud decides."""
    unknown = {name: UNKNOWN for name, field in fields.items() if field.computed and inputs.get(name) is None}
    return {**inputs, **unknown}


def state_of(token: str, fields: Fields, outputs: dict[str, Any]) -> str:
    """The lifecycle state that the model keeps: the resource's own where it has one."""
    field = fields.get("state")
    shown = outputs.get("state") if field is not None and not field.input else None
    return shown or resting_state(token)


def resting_state(token: str) -> str:
    """The state in which a resource of this type is ready."""
    if token in _ENABLED:
        return "ENABLED"
    if token in _RUNNING:
        return "RUNNING"
    service = token.split(":")[1].split("/", maxsplit=1)[0]
    in_core = service == "Core" and token not in _ACTIVE_IN_CORE
    return "AVAILABLE" if in_core or service == "Database" else "ACTIVE"


def provider_time(at: datetime | None = None) -> str:
    """A time as the provider prints it: 2026-11-21 10:04:21.312 +0000 UTC."""
    at = at or datetime.now(UTC)
    return f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d} +0000 UTC"


def _general(context: CreateContext, name: str, field: Field) -> Any:
    if field.type == "map":
        return {}
    if field.type in ("list", "set"):
        return None if field.single else []
    if field.type == "str":
        return _text(context, name, read_only=not field.input)
    return _EMPTY[field.type]


def _text(context: CreateContext, name: str, *, read_only: bool) -> str:
    """A computed string. Only what is always there gets a value: an optional reference that is not set is empty."""
    if name == "state":
        return resting_state(context.token)
    if name == "displayName":
        return f"{ocid_type(context.token)}{datetime.now(UTC):%Y%m%d%H%M%S}"
    if not read_only:
        return context.tenancy if name == "compartmentId" else ""
    if re.match(r"time(Created|Updated|Modified|Last)", name):
        return provider_time()
    return _identifier(context, name)


def _identifier(context: CreateContext, name: str) -> str:
    host = f"{context.unique}.{context.region}.oci.oraclecloud.com"
    if name in ("compartmentId", "tenancyId", "tenancyOcid", "compartmentOcid"):
        return context.tenancy
    if name.endswith(("Endpoint", "Url")):
        return f"https://{host}"
    known: dict[str, Callable[[], str]] = {
        "etag": lambda: str(uuid.uuid4()),
        "namespace": lambda: namespace_of(context.tenancy),
        "fqdn": lambda: host,
        "hostname": lambda: host,
        "ocid": lambda: derived_ocid(ocid_type(context.token), context.region, context.id),
    }
    return known.get(name, str)()


def namespace_of(tenancy: str) -> str:
    """The tenancy's object storage namespace: twelve letters."""
    digest = hashlib.blake2b(tenancy.encode(), digest_size=12).digest()
    return "ax" + "".join("abcdefghijklmnopqrstuvwxyz"[byte % 26] for byte in digest[:10])


_PATHS = {
    "oci:ContainerEngine/addon:Addon": "clusters/{clusterId}/addons/{addonName}",
    "oci:Identity/tag:Tag": "tagNamespaces/{tagNamespaceId}/tags/{name}",
    "oci:LoadBalancer/backend:Backend": "loadBalancers/{loadBalancerId}/backendSets/{backendsetName}"
    "/backends/{ipAddress}:{port}",
    "oci:LoadBalancer/backendSet:BackendSet": "loadBalancers/{loadBalancerId}/backendSets/{name}",
    "oci:LoadBalancer/certificate:Certificate": "loadBalancers/{loadBalancerId}/certificates/{certificateName}",
    "oci:LoadBalancer/hostname:Hostname": "loadBalancers/{loadBalancerId}/hostnames/{name}",
    "oci:LoadBalancer/listener:Listener": "loadBalancers/{loadBalancerId}/listeners/{name}",
    "oci:LoadBalancer/loadBalancerRoutingPolicy:LoadBalancerRoutingPolicy": "loadBalancers/{loadBalancerId}"
    "/routingPolicies/{name}",
    "oci:LoadBalancer/pathRouteSet:PathRouteSet": "loadBalancers/{loadBalancerId}/pathRouteSets/{name}",
    "oci:LoadBalancer/ruleSet:RuleSet": "loadBalancers/{loadBalancerId}/ruleSets/{name}",
    "oci:LoadBalancer/sslCipherSuite:SslCipherSuite": "loadBalancers/{loadBalancerId}/sslCipherSuites/{name}",
    "oci:NetworkLoadBalancer/backend:Backend": "networkLoadBalancers/{networkLoadBalancerId}"
    "/backendSets/{backendSetName}/backends/{name}",
    "oci:NetworkLoadBalancer/backendSet:BackendSet": "networkLoadBalancers/{networkLoadBalancerId}"
    "/backendSets/{name}",
    "oci:NetworkLoadBalancer/listener:Listener": "networkLoadBalancers/{networkLoadBalancerId}/listeners/{name}",
    "oci:ObjectStorage/bucket:Bucket": "n/{namespace}/b/{name}",
    "oci:ObjectStorage/objectLifecyclePolicy:ObjectLifecyclePolicy": "n/{namespace}/b/{bucket}/l",
    "oci:ObjectStorage/storageObject:StorageObject": "n/{namespace}/b/{bucket}/o/{object}",
    "oci:Dns/rrset:Rrset": "zoneNameOrId/{zoneNameOrId}/domain/{domain}/rtype/{rtype}",
}
_CHILDREN = {
    "oci:ObjectStorage/replicationPolicy:ReplicationPolicy": "n/{namespace}/b/{bucket}/replicationPolicies/{new}",
    "oci:ObjectStorage/preauthrequest:PreauthenticatedRequest": "n/{namespace}/b/{bucket}/p/{new}",
    "oci:Kms/keyVersion:KeyVersion": "{managementEndpoint}/keys/{keyId}/keyVersions/{new}",
}
_MANAGED_DEFAULTS = (
    "oci:Core/defaultDhcpOptions:DefaultDhcpOptions",
    "oci:Core/defaultRouteTable:DefaultRouteTable",
    "oci:Core/defaultSecurityList:DefaultSecurityList",
)


def new_id(token: str, region: str, inputs: dict[str, Any]) -> str:
    """The id of a resource about to be created: mostly an OCID, for some a path of their parent's."""
    if token in _MANAGED_DEFAULTS:
        return str(inputs["manageDefaultResourceId"])
    if token == "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule":  # noqa: S105
        return uuid.uuid4().hex[:8].upper()
    if token in _PATHS:
        return _PATHS[token].format_map(_Parts(inputs))
    fresh = new_ocid(ocid_type(token), region)
    if token in _CHILDREN:
        return _CHILDREN[token].format_map(_Parts({**inputs, "new": fresh}))
    return fresh


class _Parts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return key
