"""Staging against a flat program: the same resources with the same inputs, no components and no settings."""

import json
import statistics
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tools.bench.figure import Figure
from tools.bench.harness import STACK, engine_on, link_repository, preview_seconds, up_seconds, write_project
from tools.component_rules import ROOT

ROUNDS = 5
BOUND = 1.10

SECRET_MARK = "4dabf18193072939515e22adb298388d"  # noqa: S105 - the engine's mark of a secret, not one


class FlatProgram:
    """Writes a state's resources as a program of plain registrations, each referring to those before it."""

    def __init__(self, resources: list[dict[str, Any]]) -> None:
        self.resources = [r for r in resources if r.get("custom") and r["type"] != "pulumi:pulumi:Stack"]
        self.variables = {resource["urn"]: f"r{index}" for index, resource in enumerate(self.resources)}
        self.ids: dict[str, str] = {}

    def source(self) -> str:
        """The program's text."""
        lines = [
            "import pulumi",
            "import pulumi_kubernetes",
            "import pulumi_oci",
            "from pulumi_oci import provider",
        ]
        for module in sorted({self._module(r["type"]) for r in self.resources} - {""}):
            lines.append(module)
        for resource in self.resources:
            lines.append(self._registration(resource))
            if resource.get("id"):
                self.ids[resource["id"]] = f"{self.variables[resource['urn']]}.id"
        return "\n".join(lines) + "\n"

    def _module(self, token: str) -> str:
        """An import that loads the SDK's class, as a typed program would."""
        package, module, name = token.split(":")
        if package == "kubernetes":
            group, _, version = module.partition("/")
            path = f"pulumi_kubernetes.{group.split('.')[0]}"
            # A custom resource has no class of its own in the SDK.
            known = find_spec(path) is not None
            return (
                f"from {path} import {version} as k_{name.lower()}; k_{name.lower()}.{name}" if known else ""
            )
        if package == "oci":
            return f"from pulumi_oci import {module.split('/')[0].lower()} as m_{name.lower()}; m_{name.lower()}.{name}"
        return ""

    def _registration(self, resource: dict[str, Any]) -> str:
        variable, name = self.variables[resource["urn"]], resource["urn"].rsplit("::", 1)[-1]
        package, _, rest = resource["type"].partition(":")
        kind = rest.rsplit(":", 1)[-1]
        inputs = self._value(resource.get("inputs") or {})
        if package == "pulumi":
            return f"{variable} = pulumi.ProviderResource({kind!r}, {name!r}, {inputs})"
        provider = self.variables[resource["provider"].rsplit("::", 1)[0]]
        options = f"pulumi.ResourceOptions(provider={provider})"
        return f"{variable} = pulumi.CustomResource({resource['type']!r}, {name!r}, {inputs}, {options})"

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
    """Ratio of a first preview of staging to that of the flat program, medians of alternating rounds."""
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
