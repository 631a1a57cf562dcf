"""Network Load Balancer: addresses, and the ids of its parts."""

from typing import Any, Final

from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.generic import update
from sandbox.oci.api.request import Request, Response
from sandbox.oci.computed import CreateContext, computed
from sandbox.oci.resource_types import describe
from sandbox.oci.services.load_balancer.balancers import first_address

BALANCER: Final = "oci:NetworkLoadBalancer/networkLoadBalancer:NetworkLoadBalancer"

_PARTS: Final = "networkLoadBalancers/{networkLoadBalancerId}"
describe(
    "oci:NetworkLoadBalancer/backend:Backend",
    id=f"{_PARTS}/backendSets/{{backendSetName}}/backends/{{name}}",
)
describe("oci:NetworkLoadBalancer/backendSet:BackendSet", id=f"{_PARTS}/backendSets/{{name}}")
describe("oci:NetworkLoadBalancer/listener:Listener", id=f"{_PARTS}/listeners/{{name}}")


@computed(BALANCER)
def balancer_outputs(context: CreateContext) -> dict[str, Any]:
    """An address of its subnet, or a public one. Either stays the same."""
    if context.old and context.outputs.get("ipAddresses"):
        return {}
    return {"ipAddresses": [first_address(context)]}


_CLIENT = "network_load_balancer.NetworkLoadBalancerClient"
endpoint(BALANCER, _CLIENT, "network_load_balancer")


@answers(_CLIENT, "update_network_security_groups")
def change_groups(request: Request) -> Response:
    """Change the security groups of a balancer."""
    return update(endpoint_of(BALANCER), request)
