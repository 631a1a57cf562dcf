"""The names of operations and resources in work requests."""

import re
from functools import cache
from itertools import permutations

from facts.oci_api import Operation, clients, model, operations_of

_ALIASES = {
    "INSTALLADDON": "ENABLEADDON",
    "DELETETAG": "DELETETAGDEFINITION",
    "WEBAPPFIREWALLPOLICY": "WAFPOLICY",
    "DBSYSTEM": "POSTGRESQLDBSYSTEM",
    "UNIFIEDAGENTCONFIGURATION": "CONFIGURATION",
}
"""Words of the API's operations, by the service's words for the same in `operationType` (Oracle's SDK, `oci`)."""

_USUAL = frozenset({"CREATE", "UPDATE", "DELETE"})

_FEW = frozenset({"identity", "object_storage"})
"""Services with work requests for the operations in their choices only. Elsewhere, actions have one too: unverified."""

_ALSO = frozenset({"DeleteSchedule"})
"""Operations with a work request of no listed type. The provider waits for it (`facts.provider_lifecycles`)."""

_GENERAL = frozenset(
    {
        "CreateImage",
        "CreateComputeCapacityReservation",
        "UpdateInstance",
        "RotateAutonomousDatabaseEncryptionKey",
        "RegisterAutonomousDatabaseDataSafe",
        "DeregisterAutonomousDatabaseDataSafe",
        "EnableAutonomousDatabaseManagement",
        "DisableAutonomousDatabaseManagement",
        "EnableAutonomousDatabaseOperationsInsights",
        "DisableAutonomousDatabaseOperationsInsights",
    }
)
"""Operations with a work request of the general service: the provider fails without one.

Source: terraform-provider-oci 8.28.0, the resources of core and database. It needs none for the others, and gets none:
its general client ignores addresses of other servers (oracle/terraform-provider-oci, issue 2620).
"""

_UPDATE_DATABASE = "UpdateAutonomousDatabase"
_UPDATES_OF_DATABASES = {
    "dbVersion": frozenset[str](),
    "nsgIds": frozenset({"subnetId", "privateEndpointLabel"}),
    "isLocalDataGuardEnabled": frozenset({"localAdgAutoFailoverMaxDataLossLimit"}),
}
"""The updates of a database after which the provider needs one too: a property, and those that may be beside it.

Source: `updateDbVersion`, `updateNsgIds` and `UpdateLocalAdg` in database_autonomous_database_resource.go.
"""


def has_work_request(operation: Operation, body: object) -> bool:
    """Whether a call has a work request, if its operation has one at all."""
    if operation.name != _UPDATE_DATABASE or not isinstance(body, dict):
        return True
    return any({name} <= body.keys() <= {name, *more} for name, more in _UPDATES_OF_DATABASES.items())


@cache
def client_of_work_requests(operation: Operation) -> str | None:
    """The client that answers for the work requests of an operation: its own, or another one of the package."""
    package, client = operation.package, operation.client
    if operation.name in (*_GENERAL, _UPDATE_DATABASE):
        return "work_requests.WorkRequestClient"
    if package == "core":
        return None
    own = f"{package}.{client}"
    others = (each for each in clients() if each.partition(".")[0] == package)
    return next((each for each in (own, *others) if "get_work_request" in operations_of(each)), None)


@cache
def operation_type(operation: Operation) -> str | None:
    """The operation's name in a work request. None if the service makes no work request for it.

    Source: the choices of `operationType`. An action may have another name there, so it keeps its own name.
    """
    client = client_of_work_requests(operation)
    if client is None:
        return None
    get = operations_of(client)["get_work_request"]
    found = model(get.package, get.answer.name) if get.answer else None
    value = found.properties.get("operationType") if found else None
    words = tuple(word.upper() for word in re.findall(r"[A-Z][a-z0-9]*", operation.name))
    if value is None or not value.choices:
        return "_".join(words)
    if words[0] == "CHANGE" and words[-1] == "COMPARTMENT":
        words = ("MOVE", *words[1:-1])
    verb, noun = words[0], "".join(words[1:])
    wanted = {_alias("".join(pair)) for pair in permutations((verb, _alias(noun)))}
    exact = next((each for each in value.choices if each.replace("_", "") in wanted), None)
    if operation.name not in _ALSO and (exact or verb in _USUAL or operation.package in _FEW):
        return exact
    return "_".join(words)


_ENTITIES = {"stream_pool": "stream_pool", "schedule": "resourceschedule"}
"""Types of resources that are not the operation's noun in one word (`facts.provider_lifecycles`)."""


def entity_type(noun: str) -> str:
    """The type of a resource in a work request.

    The provider finds a resource by it: "nodepool", "dbsystem", "stream_pool" (`facts.provider_lifecycles`). OCI's own
    spelling is unverified.
    """
    return _ENTITIES.get(noun) or noun.replace("_", "")


def _alias(word: str) -> str:
    return _ALIASES.get(word, word)
