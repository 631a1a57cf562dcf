"""The kinds that an API server takes, as far as their schema goes."""

from dataclasses import dataclass

from jsonschema.protocols import Validator

from sandbox.kubernetes.api import openapi
from sandbox.kubernetes.api.kinds import Kind


@dataclass(frozen=True)
class Served:
    """How a server takes a kind: its scope, and the schema that objects must meet."""

    namespaced: bool
    check: Validator


def known_custom(version: str, kind: Kind) -> Served | None:
    """A custom kind that this project keeps a schema of."""
    schema = openapi.project_schema(kind)
    check = openapi.validator(version, kind)
    if schema is None or check is None:
        return None
    return Served(schema.get("x-sandbox-scope", "Namespaced") != "Cluster", check)
