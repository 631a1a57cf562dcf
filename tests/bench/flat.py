"""Staging compared with a flat program: the same resources with the same inputs, without components and settings."""

import json
import statistics
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.bench.figure import Figure
from tests.bench.harness import STACK, engine_on, link_repository, preview_seconds, up_seconds, write_project
from tools.component_rules import ROOT

ROUNDS = 5
BOUND = 1.10

SECRET_MARK = "4dabf18193072939515e22adb298388d"


@dataclass(frozen=True)
class TypedClass:
    """The SDK's class of a token, as a program imports it."""

    module: str
    name: str
    names: Mapping[str, str]
    """Python's name of each input."""


@cache
def typed_class(token: str) -> TypedClass | None:
    """The SDK's class of a token. None for a Kubernetes custom resource: the SDK has no class for it."""
    package, path, name = token.split(":")
    if package == "pulumi":
        return None
    group, _, version = path.partition("/")
    kubernetes = f"pulumi_kubernetes.{group.split('.')[0]}.{version}"
    module = f"pulumi_oci.{group.lower()}" if package == "oci" else kubernetes
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError):
        return None
    properties = {key: value for key, value in vars(found).items() if isinstance(value, property)}
    return TypedClass(module, name, {pulumi_name(prop, key): key for key, prop in properties.items()})


def pulumi_name(prop: property, key: str) -> str:
    """A property's name in the schema. The SDK stores it on the getter."""
    return getattr(prop.fget, "_pulumi_name", key)


class FlatProgram:
    """Writes the resources of a state as one program of SDK calls. Later resources refer to earlier ones."""

    def __init__(self, resources: list[dict[str, Any]]) -> None:
        self.resources = [r for r in resources if r.get("custom") and r["type"] != "pulumi:pulumi:Stack"]
        self.variables = {resource["urn"]: f"r{index}" for index, resource in enumerate(self.resources)}
        self.ids: dict[str, str] = {}

    def source(self) -> str:
        """The program's text."""
        modules = sorted({typed.module for typed in map(typed_class, self._tokens()) if typed})
        lines = ["import pulumi", *(f"import {module}" for module in modules)]
        for resource in self.resources:
            lines.append(self._registration(resource))
            if resource.get("id"):
                self.ids[resource["id"]] = f"{self.variables[resource['urn']]}.id"
        return "\n".join(lines) + "\n"

    def _tokens(self) -> list[str]:
        return [resource["type"] for resource in self.resources]

    def _registration(self, resource: dict[str, Any]) -> str:
        variable, name = self.variables[resource["urn"]], resource["urn"].rsplit("::", 1)[-1]
        inputs = {
            key: value for key, value in (resource.get("inputs") or {}).items() if not key.startswith("__")
        }
        if resource["type"].startswith("pulumi:"):
            kind = resource["type"].rsplit(":", 1)[-1]
            return f"{variable} = pulumi.ProviderResource({kind!r}, {name!r}, {self._value(inputs)})"
        provider = self.variables[resource["provider"].rsplit("::", 1)[0]]
        options = f"pulumi.ResourceOptions(provider={provider})"
        typed = typed_class(resource["type"])
        if typed is None:
            plain = f"{resource['type']!r}, {name!r}, {self._value(inputs)}"
            return f"{variable} = pulumi.CustomResource({plain}, {options})"
        # The class itself sends an input that has no argument, for example `compat` of a Helm release.
        given = {typed.names[key]: value for key, value in inputs.items() if key in typed.names}
        arguments = "".join(f"{key}={self._value(value)}, " for key, value in given.items())
        return f"{variable} = {typed.module}.{typed.name}({name!r}, {arguments}opts={options})"

    def _value(self, value: Any) -> str:
        if isinstance(value, dict):
            if SECRET_MARK in value:
                return "pulumi.Output.secret('secret')"
            parts = ", ".join(
                f"{key!r}: {self._value(part)}" for key, part in value.items() if key != "__defaults"
            )
            return "{" + parts + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self._value(part) for part in value) + "]"
        if isinstance(value, str) and value in self.ids:
            return self.ids[value]
        return repr(value)


def figures() -> list[Figure]:
    """Time of a first preview of staging divided by that of the flat program: median of alternating rounds."""
    with tempfile.TemporaryDirectory() as scratch:
        built, ours, flat = Path(scratch) / "built", Path(scratch) / "ours", Path(scratch) / "flat"
        link_repository(built, ROOT, "staging")
        with engine_on(built) as process:
            up_seconds(process)
            state = json.loads(process.ask(["stack", "export", "--stack", STACK]))["deployment"]["resources"]
        link_repository(ours, ROOT, "staging")
        program = FlatProgram(state)
        write_project(flat, program.source())
        with engine_on(ours) as our_engine, engine_on(flat) as flat_engine:
            pairs = [(preview_seconds(our_engine), preview_seconds(flat_engine)) for _ in range(ROUNDS)]
    ratio = statistics.median(mine / other for mine, other in pairs)
    mine, other = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    return [
        Figure(
            "preview of staging against a flat program",
            ratio,
            "x",
            f"{len(program.resources)} resources, median of {ROUNDS} pairs: {mine:.2f} s against {other:.2f} s",
            BOUND,
        )
    ]
