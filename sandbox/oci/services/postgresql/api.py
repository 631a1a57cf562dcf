"""OCI Database with PostgreSQL in OCI's REST API: start, stop, passwords and the nodes' addresses."""

from typing import Any, Final

from sandbox.oci.api.actions import act
from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.generic import required
from sandbox.oci.api.looking_up import looks_up
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import OciError, not_found
from sandbox.oci.model import Entry
from sandbox.oci.services.postgresql.defaults_api import shown_system
from sandbox.oci.services.postgresql.systems import SYSTEM, nodes_of

_CLIENT: Final = "psql.PostgresqlClient"

endpoint(SYSTEM, _CLIENT, "db_system", shows=shown_system)
endpoint("oci:Psql/configuration:Configuration", _CLIENT, "configuration")
looks_up(
    _CLIENT, "get_connection_details", "oci:Psql/getDbSystemConnectionDetail:getDbSystemConnectionDetail"
)


@answers(_CLIENT, "start_db_system", "stop_db_system")
def start_or_stop(request: Request) -> Response:
    """Start or stop a system. Another size at the start is not modelled."""
    for name, value in (request.body or {}).items():
        if value is not None:
            raise OciError(501, "NotImplemented", f"The sandbox does not model {name}.")
    starts = request.operation.name == "StartDbSystem"
    needs, then = ("INACTIVE", "ACTIVE") if starts else ("ACTIVE", "INACTIVE")
    return act(endpoint_of(SYSTEM), request, {"state": then}, needs=needs, between="UPDATING")


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
    return Response(body={"dbInstanceId": nodes_of(required(endpoint_of(SYSTEM), request))[0]})
