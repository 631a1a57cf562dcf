"""How to reach a PostgreSQL database system."""

import hashlib
from typing import Any

from sandbox.oci.functions import Query, function

SYSTEM = "oci:Psql/dbSystem:DbSystem"

_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nc2FuZGJveA==\n-----END CERTIFICATE-----\n"
"""In the form of one; nothing stands behind it."""


@function("oci:Psql/getDbSystemConnectionDetail:getDbSystemConnectionDetail")
def connection_detail(query: Query) -> dict[str, Any]:
    """The primary's endpoint, the reader's where there is one, and each node's."""
    system = query.cloud.require(query.args["dbSystemId"], SYSTEM, path="dbSystemId", region=query.region)
    unique = hashlib.blake2b(system.id.encode()).hexdigest()[:11]
    network = system.inputs.get("networkDetails") or {}
    nodes = int(system.inputs.get("instanceCount") or 1)

    def endpoint(host: str, place: int) -> dict[str, Any]:
        fqdn = f"{host}.{unique}.postgresql.{query.region}.oci.oraclecloud.com"
        return {"fqdn": fqdn, "ipAddress": f"10.0.4.{10 + place}", "port": 5432}

    return {
        "caCertificate": _CERTIFICATE,
        "primaryDbEndpoints": [endpoint("primary", 0)],
        "readerEndpoints": [endpoint("reader", 1)] if network.get("isReaderEndpointEnabled") else [],
        "instanceEndpoints": [
            {"dbInstanceId": f"{system.id}-{node}", "endpoints": [endpoint(f"node-{node}", 2 + node)]}
            for node in range(nodes)
        ],
    }
