"""The kinds that an API server serves, with their schemas."""

from dataclasses import dataclass

from jsonschema.protocols import Validator

from sandbox.kubernetes.api import openapi
from sandbox.kubernetes.api.kinds import Kind


@dataclass(frozen=True)
class Served:
    """A kind that a server serves: its scope, and the schema that its objects must match."""

    namespaced: bool
    check: Validator


def known_custom(version: str, kind: Kind) -> Served | None:
    """A custom kind for which this project has a schema; None if it has none."""
    schema = openapi.project_schema(kind)
    check = openapi.validator(version, kind)
    if schema is None or check is None:
        return None
    return Served(schema.get("x-sandbox-scope", "Namespaced") != "Cluster", check)
