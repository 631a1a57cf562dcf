"""The default configurations of OCI Database with PostgreSQL in OCI's REST API, and a system's shape and configuration.

The service gives each system a configuration, and shows its shape without the prefix that a request has: so
terraform-provider-oci 8.28.0 reads them (`SetData` and `isFlexibleConfig` in psql_db_system_resource.go).
"""

from collections.abc import Iterator
from typing import Any

from facts.databases import POSTGRESQL_PREFIX, POSTGRESQL_SHAPES, POSTGRESQL_VERSIONS
from sandbox.oci.api.endpoints import answers
from sandbox.oci.api.request import Request, Response
from sandbox.oci.errors import not_found
from sandbox.oci.model import Entry
from sandbox.oci.provided import provided_id
from sandbox.oci.services.postgresql.systems import DEFAULTS, default_name


def default_configuration(region: str, version: str, shape: str) -> dict[str, Any]:
    """The service's own configuration for a version and a flexible shape without its prefix."""
    return {
        "id": provided_id(DEFAULTS, region, default_name(version, shape)),
        "displayName": default_name(version, shape),
        "lifecycleState": "ACTIVE",
        "dbVersion": version,
        "shape": shape,
        "isFlexible": True,
        "configurationDetails": {"items": []},
    }


def shown_system(_request: Request, _entry: Entry, body: dict[str, Any]) -> dict[str, Any]:
    """A system as the service shows it."""
    return {**body, "shape": str(body.get("shape") or "").removeprefix(POSTGRESQL_PREFIX)}


@answers("psql.PostgresqlClient", "get_default_configuration")
def get_default(request: Request) -> Response:
    """A default configuration. 404 if the service has none with that id in the region."""
    request.meet_faults(DEFAULTS)
    wanted = request.path["defaultConfigurationId"]
    for each in _all(request.account.region):
        if each["id"] == wanted:
            return Response(body=each)
    raise not_found(wanted)


def _all(region: str) -> Iterator[dict[str, Any]]:
    for version in POSTGRESQL_VERSIONS:
        for shape in POSTGRESQL_SHAPES:
            yield default_configuration(region, version, shape.removeprefix(POSTGRESQL_PREFIX))
