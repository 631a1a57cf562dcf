"""OCI Database with PostgreSQL in OCI's REST API: start, stop, passwords and the nodes' addresses."""

from typing import Any, Final

from sandbox.oci.api.actions import act
from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.generic import body_inputs, required
from sandbox.oci.api.looking_up import looks_up
from sandbox.oci.api.names import SAME
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import OciError, invalid_parameter, not_found
from sandbox.oci.model import Entry
from sandbox.oci.rules.reading import blocks
from sandbox.oci.services.postgresql.defaults_api import shown_system
from sandbox.oci.services.postgresql.nodes import REMOVED
from sandbox.oci.services.postgresql.systems import SYSTEM, nodes_of

_CLIENT: Final = "psql.PostgresqlClient"

endpoint(SYSTEM, _CLIENT, "db_system", shows=shown_system, names={"dbConfigurationParams": SAME})
endpoint("oci:Psql/configuration:Configuration", _CLIENT, "configuration")
looks_up(
    _CLIENT, "get_connection_details", "oci:Psql/getDbSystemConnectionDetail:getDbSystemConnectionDetail"
)


@answers(_CLIENT, "start_db_system", "stop_db_system")
def start_or_stop(request: Request) -> Response:
    """Start or stop a system. A start may give it another size; the provider always names one."""
    starts = request.operation.name == "StartDbSystem"
    needs, then = ("INACTIVE", "ACTIVE") if starts else ("ACTIVE", "INACTIVE")
    inputs = {**body_inputs(endpoint_of(SYSTEM), request), "state": then}
    return act(endpoint_of(SYSTEM), request, inputs, needs=needs, between="UPDATING")


@answers(_CLIENT, "patch_db_system")
def patch(request: Request) -> Response:
    """Add nodes to a system and remove others: all instructions or none.

    The instructions are those of the provider (psql_db_system_resource.go): INSERT at `instances`, REMOVE of a node by
    its id. 404 for a node that the system does not have; 400 for its primary (unverified).
    """
    steps = (request.body or {}).get("items") or []

    def patched(held: Entry) -> dict[str, Any]:
        nodes, details = nodes_of(held), blocks(held.inputs, "instancesDetails")
        for each in steps:
            if each["operation"] == "INSERT" and each["selection"] == "instances":
                nodes.append("")
                details = [*details, each["value"]] if details else []
                continue
            found = REMOVED.fullmatch(each["selection"]) if each["operation"] == "REMOVE" else None
            if found is None:
                raise OciError(
                    501,
                    "NotImplemented",
                    f"The sandbox does not model {each['operation']} of {each['selection']}.",
                )
            if found[1] not in nodes:
                raise not_found(f"selection: {found[1]}")
            place = nodes.index(found[1])
            if place == 0:
                raise invalid_parameter(f"{found[1]} is the primary node of {held.id}.")
            del nodes[place]
            del details[place : place + 1]
        own = {"instancesDetails": details} if details else {}
        return {"instanceCount": len(nodes), "patchOperations": steps, **own}

    return act(endpoint_of(SYSTEM), request, patched, needs="ACTIVE", between="UPDATING")


@answers(_CLIENT, "restart_db_instance_in_db_system")
def restart_node(request: Request) -> Response:
    """Restart a node. 404 for one that the system does not have."""
    node = request.body["dbInstanceId"]

    def change(held: Entry) -> dict[str, Any]:
        if node not in nodes_of(held):
            raise not_found(f"dbInstanceId: {node}")
        return {}

    return act(endpoint_of(SYSTEM), request, change, needs="ACTIVE", between="UPDATING")


@answers(_CLIENT, "reset_master_user_password")
def reset_password(request: Request) -> Response:
    """Give the administrator another password, or another version of a secret."""
    details = request.body["passwordDetails"]

    def change(held: Entry) -> dict[str, Any]:
        kept = held.inputs.get("credentials") or {}
        return {"credentials": {**kept, "passwordDetails": details}}

    return act(endpoint_of(SYSTEM), request, change, needs="ACTIVE", between="UPDATING")


@answers(_CLIENT, "get_primary_db_instance")
def get_primary(request: Request) -> Response:
    """The primary node."""
    nodes = nodes_of(required(endpoint_of(SYSTEM), request))
    if not nodes:
        raise not_found(request.path["dbSystemId"])
    return Response(body={"dbInstanceId": nodes[0]})
