"""Databases: where they answer."""

from typing import Any

from sandbox.oci.computed import CreateContext, special

_LEVELS = ("HIGH", "MEDIUM", "LOW", "TP", "TPURGENT")


@special("oci:Database/autonomousDatabase:AutonomousDatabase")
def autonomous_database(context: CreateContext) -> dict[str, Any]:
    inputs, name = context.inputs, str(context.inputs.get("dbName")).lower()
    private = bool(inputs.get("subnetId"))
    label = str(inputs.get("privateEndpointLabel") or context.unique)
    host = (
        f"{label}.adb.{context.region}.oraclecloud.com"
        if private
        else f"adb.{context.region}.oraclecloud.com"
    )
    port = 1522 if inputs.get("isMtlsConnectionRequired") or not private else 1521
    strings = {
        level: f"{host}:{port}/{context.unique}_{name}_{level.lower()}.adb.oraclecloud.com"
        for level in _LEVELS
    }
    return {
        "privateEndpoint": host if private else "",
        "publicEndpoint": "" if private else host,
        "role": "PRIMARY",
        "openMode": "READ_ONLY" if inputs.get("source") == "CLONE_TO_REFRESHABLE" else "READ_WRITE",
        "connectionStrings": [
            {
                "allConnectionStrings": strings,
                "high": strings["HIGH"],
                "medium": strings["MEDIUM"],
                "low": strings["LOW"],
                "dedicated": "",
                "profiles": [],
            }
        ],
    }


@special("oci:Psql/dbSystem:DbSystem")
def postgresql(context: CreateContext) -> dict[str, Any]:
    shape = str(context.inputs.get("shape"))
    credentials = context.inputs.get("credentials")
    return {
        # The service reads a shape back with its prefix, whether it was given so or not.
        "shape": shape if shape.startswith("PostgreSQL.") else f"PostgreSQL.{shape}",
        "adminUsername": credentials.get("username", "") if isinstance(credentials, dict) else "",
        "systemRole": "PRIMARY_DB_SYSTEM",
    }
