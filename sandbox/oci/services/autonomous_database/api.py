"""Autonomous Database in OCI's REST API: start, stop, keys and the change of roles."""

from dataclasses import replace
from typing import Any, Final

from sandbox.oci.api.actions import act
from sandbox.oci.api.endpoints import answers, endpoint, endpoint_of
from sandbox.oci.api.etags import etag
from sandbox.oci.api.generic import required
from sandbox.oci.api.request import Request, Response
from sandbox.oci.computed import provider_time
from sandbox.oci.errors import OciError, conflict, invalid_parameter
from sandbox.oci.model import Entry
from sandbox.oci.services.autonomous_database.databases import DATABASE, is_clone, is_standby

_CLIENT: Final = "database.DatabaseClient"
_STATUSES: Final = {
    "RegisterAutonomousDatabaseDataSafe": {"dataSafeStatus": "REGISTERED"},
    "DeregisterAutonomousDatabaseDataSafe": {"dataSafeStatus": "NOT_REGISTERED"},
    "EnableAutonomousDatabaseManagement": {"databaseManagementStatus": "ENABLED"},
    "DisableAutonomousDatabaseManagement": {"databaseManagementStatus": "NOT_ENABLED"},
    "EnableAutonomousDatabaseOperationsInsights": {"operationsInsightsStatus": "ENABLED"},
    "DisableAutonomousDatabaseOperationsInsights": {"operationsInsightsStatus": "NOT_ENABLED"},
}
"""What the operations switch on and off. The sandbox has nothing else of these services."""
_STATES: Final = {
    "StartAutonomousDatabase": ("STOPPED", "STARTING", {"state": "AVAILABLE"}),
    "StopAutonomousDatabase": ("AVAILABLE", "STOPPING", {"state": "STOPPED"}),
    "RestartAutonomousDatabase": ("AVAILABLE", "RESTARTING", {}),
    "ShrinkAutonomousDatabase": ("AVAILABLE", "SCALE_IN_PROGRESS", {}),
}
"""The state that an action needs, the one that passes, and the inputs that it leads to."""


def _shown(_: Request, entry: Entry, body: dict[str, Any]) -> dict[str, Any]:
    """With whether it is a refreshable clone, which its creation says by `source` alone."""
    return {**body, "isRefreshableClone": is_clone(entry.inputs)}


endpoint(DATABASE, _CLIENT, "autonomous_database", shows=_shown)


@answers(
    _CLIENT,
    "start_autonomous_database",
    "stop_autonomous_database",
    "restart_autonomous_database",
    "shrink_autonomous_database",
)
def start_or_stop(request: Request) -> Response:
    """Start, stop, restart or shrink a database. A forced stop is the same here."""
    needs, between, inputs = _STATES[request.operation.name]
    return act(endpoint_of(DATABASE), request, inputs, needs=needs, between=between)


@answers(
    _CLIENT,
    "register_autonomous_database_data_safe",
    "deregister_autonomous_database_data_safe",
    "enable_autonomous_database_management",
    "disable_autonomous_database_management",
    "enable_autonomous_database_operations_insights",
    "disable_autonomous_database_operations_insights",
)
def switch(request: Request) -> Response:
    """Register a database with Data Safe, Database Management or Operations Insights, or no longer."""
    inputs = _STATUSES[request.operation.name]
    return act(endpoint_of(DATABASE), request, inputs, needs="AVAILABLE", between="UPDATING")


@answers(_CLIENT, "change_autonomous_database_subscription")
def change_subscription(request: Request) -> Response:
    """Bill a database to another subscription."""
    if request.body.get("isDefault"):
        raise OciError(501, "NotImplemented", "The sandbox does not model isDefault.")
    given = {"subscriptionId": request.body.get("subscriptionId") or ""}
    return act(endpoint_of(DATABASE), request, given, needs="AVAILABLE", between="UPDATING")


@answers(_CLIENT, "rotate_autonomous_database_encryption_key")
def rotate_key(request: Request) -> Response:
    """Encrypt a database with the current version of its Vault key. 400 for a database without one (unverified)."""
    if (request.body or {}).get("keyVersionId"):
        raise OciError(501, "NotImplemented", "The sandbox does not model keyVersionId.")

    def change(held: Entry) -> dict[str, Any]:
        if not held.inputs.get("kmsKeyId"):
            raise invalid_parameter(f"{held.id} has no customer-managed key.")
        return {}

    return act(endpoint_of(DATABASE), request, change, needs="AVAILABLE", between="UPDATING")


@answers(_CLIENT, "configure_autonomous_database_vault_key")
def configure_key(request: Request) -> Response:
    """Encrypt a database with a Vault key, or with Oracle's own again."""
    own = bool(request.body.get("isUsingOracleManagedKeys"))
    names = ("kmsKeyId", "vaultId")
    if own and any(request.body.get(name) for name in names):
        raise invalid_parameter("isUsingOracleManagedKeys excludes kmsKeyId and vaultId.")
    key = {name: "" if own else request.body.get(name) for name in names}
    given = {name: value for name, value in key.items() if value is not None}
    return act(endpoint_of(DATABASE), request, given, needs="AVAILABLE", between="UPDATING")


@answers(_CLIENT, "switchover_autonomous_database", "fail_over_autonomous_database", reads=("peerDbId",))
def change_role(request: Request) -> Response:
    """Let the standby take over, in the same region or from a peer in another one.

    "Applicable only to databases with Disaster Recovery enabled", and between regions called where the standby is: the
    SDK's text of `switchover_autonomous_database`. The statuses are unverified.
    """
    found = endpoint_of(DATABASE)
    name = "timeOfLastSwitchover" if request.operation.name.startswith("Switch") else "timeOfLastFailover"
    with request.operations.call(request.account, "update", DATABASE, request.operation.name):
        database = required(found, request)
        peer = _peer(request, database)
        response = act(found, request, {}, needs="AVAILABLE", between="ROLE_CHANGE_IN_PROGRESS")
        tags: dict[str, str] = {}
        roles = {} if peer is None else {database.id: "PRIMARY", peer.id: "STANDBY"}
        for each in (database, peer):
            now = request.cloud.find(each.id) if each else None
            if now is not None:
                role = {"role": roles[now.id]} if now.id in roles else {}
                outputs = {**now.outputs, **role, name: provider_time()}
                tags[now.id] = etag(request.cloud.save(replace(now, outputs=outputs)))
    return replace(response, headers={**response.headers, "etag": tags[database.id]})


def _peer(request: Request, database: Entry) -> Entry | None:
    """The peer in another region; None for a standby in the same region. 409 where there is neither."""
    pairs = [
        each
        for each in request.cloud.all(DATABASE)
        if (is_standby(each.inputs) and each.inputs.get("sourceId") == database.id)
        or (is_standby(database.inputs) and database.inputs.get("sourceId") == each.id)
    ]
    wanted = request.argument("peerDbId")
    found = [each for each in pairs if wanted in (None, each.id)]
    if found:
        if database.outputs.get("role") != "STANDBY":
            raise conflict(f"{database.id} is not the standby: call its region.", "IncorrectState")
        return found[0]
    local = database.inputs.get("isLocalDataGuardEnabled") or database.inputs.get("isDataGuardEnabled")
    if wanted or not local:
        raise conflict(f"{database.id} has no such Disaster Recovery peer.", "IncorrectState")
    return None
