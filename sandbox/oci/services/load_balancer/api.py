"""Load Balancer: balancers and their parts in OCI's REST API."""

from typing import Any, Final

from facts.oci_api import model
from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.generic import update
from sandbox.oci.api.names import fields_of_type
from sandbox.oci.api.outward import body_of
from sandbox.oci.api.request import Request, Response
from sandbox.oci.model import Entry
from sandbox.oci.services.load_balancer.backend_sets_api import CHECK, CLIENT, with_backends
from sandbox.oci.services.load_balancer.balancers import BALANCER
from sandbox.oci.services.load_balancer.parts import BACKEND, LISTENER, ROUTES, RULE_SET, SET

_ID: Final = "loadBalancers/{loadBalancerId}"
_CERTIFICATE: Final = "oci:LoadBalancer/certificate:Certificate"
_IDLE: Final = {"connectionConfiguration.idleTimeout": "idleTimeoutInSeconds"}

_PARTS: Final = {
    "backendSets": (SET, "BackendSet", CHECK),
    "listeners": (LISTENER, "Listener", _IDLE),
    "ruleSets": (RULE_SET, "RuleSet", {}),
    "routingPolicies": (ROUTES, "RoutingPolicy", {}),
    "certificates": (_CERTIFICATE, "Certificate", {}),
}
"""What a balancer shows of its parts, each by its name."""


def _with_parts(request: Request, entry: Entry, body: dict[str, Any]) -> dict[str, Any]:
    for name, (token, shape, told) in _PARTS.items():
        found = model("load_balancer", shape)
        if found is None:
            continue
        parts = [each for each in request.cloud.all(token) if each.inputs.get("loadBalancerId") == entry.id]
        shown = [body_of(found, each.outputs, fields_of_type(token), told) for each in parts]
        if token == SET:
            shown = [with_backends(request, *each) for each in zip(parts, shown, strict=True)]
        body[name] = {each.get("name") or each.get("certificateName"): each for each in shown}
    return body


def _named(_request: Request, entry: Entry, body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "name": f"{entry.outputs.get('ipAddress')}:{entry.outputs.get('port')}"}


endpoint(
    BALANCER, CLIENT, "load_balancer", names={"shapeName": "shape"}, shows=_with_parts, ignores=("detail",)
)
endpoint(
    BACKEND,
    CLIENT,
    "backend",
    id=f"{_ID}/backendSets/{{backendSetName}}/backends/{{backendName}}",
    shows=_named,
)
endpoint(LISTENER, CLIENT, "listener", id=f"{_ID}/listeners/{{listenerName}}", names=_IDLE)
endpoint(RULE_SET, CLIENT, "rule_set", id=f"{_ID}/ruleSets/{{ruleSetName}}")
endpoint(
    ROUTES,
    CLIENT,
    "routing_policy",
    plural="routing_policies",
    id=f"{_ID}/routingPolicies/{{routingPolicyName}}",
)
endpoint(_CERTIFICATE, CLIENT, "certificate", id=f"{_ID}/certificates/{{certificateName}}")


@answers(CLIENT, "update_load_balancer_shape", "update_network_security_groups")
def change_shape_or_groups(request: Request) -> Response:
    """Change the bandwidth of a balancer, or its security groups."""
    return update(endpoint_of(BALANCER), request)
