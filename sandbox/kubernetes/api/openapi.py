"""Validates objects against the OpenAPI schema of the cluster's Kubernetes version.

The schemas of native kinds come from the `kubernetes-validate` package. Those of custom kinds are in `schemas/` (its
README describes the format), or come from a CustomResourceDefinition in the cluster.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import Draft202012Validator
from kubernetes_validate import utils as kubernetes_schemas
from referencing import Registry, Resource

from facts.problem import Problem, did_you_mean
from sandbox.kubernetes.api.diff import path_text
from sandbox.kubernetes.api.kinds import Kind
from sandbox.kubernetes.api.values import UNKNOWN, Json

_TYPE_NAMES = {
    str: "a string",
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    dict: "an object",
    list: "an array",
    type(None): "null",
}
_SCHEMA_NAMES = {
    "string": "a string",
    "boolean": "a boolean",
    "integer": "an integer",
    "number": "a number",
    "object": "an object",
    "array": "an array",
}


@lru_cache
def schema_version(version: str) -> str:
    """The newest bundled schema version that is not newer than the cluster: "1.36.0" for "v1.36.1"."""
    wanted = minor(version)
    known = _versions()
    return next((each for each in reversed(known) if minor(each) <= wanted), known[0])


@cache
def _versions() -> tuple[str, ...]:
    """The versions of the bundled schemas, the oldest first. The library lists its folder each time."""
    return tuple(kubernetes_schemas.all_versions())


def minor(version: str) -> tuple[int, int]:
    """(1, 36) for "v1.36.1"."""
    major, minor = version.removeprefix("v").split(".")[:2]
    return int(major), int(minor)


@lru_cache
def _definitions(version: str) -> Resource[Any]:
    return Resource.from_contents(_load(version, "_definitions"))


@lru_cache(maxsize=4096)
def definition(version: str, name: str) -> Json:
    """The Kubernetes definition with a full name such as `io.k8s.api.core.v1.Container`; empty if none exists."""
    return _definitions(schema_version(version)).contents["$defs"].get(name, {})


@lru_cache(maxsize=512)
def definition_of(version: str, kind: Kind) -> str | None:
    """The full name of a kind's definition."""
    wanted = {"group": kind.group, "version": kind.version, "kind": kind.kind}
    for name, schema in _definitions(schema_version(version)).contents["$defs"].items():
        if wanted in schema.get("x-kubernetes-group-version-kind", ()):
            return name
    return None


def _load(version: str, name: str) -> Any:
    path = f"kubernetes-json-schema/v{version}-local-strict/{name}.json"
    return kubernetes_schemas.schema_contents(path, version)


def _compiled(schema: Mapping[str, Any], version: str) -> Validator:
    contents = {"$id": "https://kubernetes.io/api/custom", **schema}
    registry = _definitions(version) @ (Resource.from_contents(contents) @ Registry())
    return Draft202012Validator(contents, registry=registry)


@lru_cache(maxsize=512)
def _native(version: str, kind: Kind) -> Validator | None:
    short = kind.group.split(".")[0]
    name = f"{kind.kind.lower()}-{short}-{kind.version}" if short else f"{kind.kind.lower()}-{kind.version}"
    try:
        schema = _load(version, name)
    except FileNotFoundError:
        return None
    served = {(each["group"], each["version"]) for each in schema.get("x-kubernetes-group-version-kind", ())}
    if (kind.group, kind.version) not in served:
        return None
    return _compiled(schema, version)


@lru_cache(maxsize=1)
def native_kinds(version: str) -> tuple[Kind, ...]:
    """All native kinds of an API server; used to suggest the nearest name for a misspelt one."""
    folder = (
        files("kubernetes_validate") / "kubernetes-json-schema" / f"v{schema_version(version)}-local-strict"
    )
    found: set[Kind] = set()
    for path in folder.iterdir():
        if path.name.startswith("_") or "list-" in path.name:
            continue
        schema = json.loads(path.read_text())
        for each in schema.get("x-kubernetes-group-version-kind", ()):
            found.add(Kind(each["group"], each["version"], each["kind"]))
    return tuple(sorted(found, key=str))


# ---- custom resources


def referred(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema itself, or the schema of the Kubernetes type that it refers to."""
    target = str(schema.get("$ref", "")).rpartition("/")[2]
    return definition(_versions()[-1], target) if target else schema


@lru_cache(maxsize=512)
def project_schema(kind: Kind) -> Mapping[str, Any] | None:
    """The project's own schema for a custom kind."""
    path = files("sandbox.kubernetes.api") / "schemas" / kind.group / kind.version / f"{kind.kind}.json"
    return json.loads(path.read_text()) if path.is_file() else None


@lru_cache(maxsize=512)
def _project(version: str, kind: Kind) -> Validator | None:
    schema = project_schema(kind)
    if schema is None:
        return None
    return _compiled(schema, version)


def strict(schema: Any) -> Any:
    """A CustomResourceDefinition's structural schema, changed into a JSON Schema that refuses unknown fields."""
    if not isinstance(schema, dict):
        return schema
    out: Json = {
        key: value for key, value in schema.items() if key in ("enum", "required", "minimum", "maximum")
    }
    kind = schema.get("type")
    if schema.get("x-kubernetes-int-or-string"):
        out["type"] = ["string", "integer"]
    elif kind:
        out["type"] = [kind, "null"] if schema.get("nullable") else kind
    if "properties" in schema:
        out["properties"] = {key: strict(value) for key, value in schema["properties"].items()}
    if "items" in schema:
        out["items"] = strict(schema["items"])
    extra = schema.get("additionalProperties")
    if extra is not None:
        out["additionalProperties"] = strict(extra)
    elif "properties" in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
        out["additionalProperties"] = False
    return out


def defined_schema(definition: Json, version: str) -> Json | None:
    """The schema of one version of a CustomResourceDefinition; None if it does not serve that version."""
    for each in definition["spec"].get("versions", ()):
        if each.get("name") == version and each.get("served", True):
            return (each.get("schema") or {}).get("openAPIV3Schema") or {}
    return None


def definition_validator(definition: Json, version: str) -> Validator | None:
    """The validator of one version of a CustomResourceDefinition; None if it does not serve that version."""
    found = defined_schema(definition, version)
    if found is None:
        return None
    schema = strict(found)
    if "properties" in schema:
        for key in ("apiVersion", "kind", "metadata"):
            schema["properties"][key] = {}
    return Draft202012Validator(schema)


def validator(version: str, kind: Kind) -> Validator | None:
    """The validator of a kind on a cluster of a version, from Kubernetes' or this project's schemas."""
    release = schema_version(version)
    return _native(release, kind) if kind.native else _project(release, kind)


# ---- problems


def problems(check: Validator, body: Json) -> list[Problem]:
    """All problems that the schema finds. Unknown values pass. No value is quoted, because it may be secret."""
    found = (problem for error in check.iter_errors(body) for problem in _problems(error))
    return sorted(found, key=lambda problem: problem.path)


def _problems(error: ValidationError) -> Iterator[Problem]:
    value: Any = error.instance
    path = path_text(list(error.absolute_path))
    if value is UNKNOWN:
        return
    schema = error.schema if isinstance(error.schema, dict) else {}
    match error.validator:
        case "additionalProperties":
            known: Json = schema.get("properties", {})
            for name in sorted(set(value) - set(known)):
                fix = did_you_mean(name, known) or f"Known fields: {', '.join(sorted(known))}"
                yield Problem(f"{path}.{name}" if path else name, name, "unknown field", fix)
        case "required":
            for name in _listed(schema.get("required")):
                if name not in value:
                    yield Problem(f"{path}.{name}" if path else name, None, "missing; it is required")
        case "type":
            yield Problem(path, _type(value), f"must be {_types(schema.get('type'))}, is {_type(value)}")
        case "oneOf" | "anyOf":
            yield Problem(path, _type(value), _none_of(schema[error.validator], value))
        case "enum":
            yield Problem(path, _type(value), f"must be one of {', '.join(map(str, schema['enum']))}")
        case _:
            yield Problem(path, _type(value), f"breaks {error.validator} {schema.get(str(error.validator))}")


def _none_of(choices: list[Json], value: object) -> str:
    names = [name for each in choices for name in _listed(each.get("required"))]
    if isinstance(value, dict) and names:
        return f"must have exactly one of {', '.join(names)}"
    wanted = [kind for each in choices for kind in _listed(each.get("type"))]
    return f"must be {_types(wanted)}, is {_type(value)}"


def _type(value: object) -> str:
    return _TYPE_NAMES.get(type(value), type(value).__name__)


def _listed(types: object) -> list[str]:
    return [types] if isinstance(types, str) else list(types) if isinstance(types, list) else []


def _types(types: object) -> str:
    names = [_SCHEMA_NAMES[name] for name in dict.fromkeys(_listed(types)) if name in _SCHEMA_NAMES]
    return " or ".join(names) or "of another type"


def reason(problem: Problem) -> str:
    """What is wrong, without the path."""
    return f"{problem.allowed}. {problem.fix}" if problem.fix else problem.allowed
