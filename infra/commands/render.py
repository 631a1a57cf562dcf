"""`playground render`: every Kubernetes object of a stack as YAML, for review or GitOps."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import click

from facts.json_output import as_json
from infra.offline.recording import Registered
from infra.offline.run import run_offline
from infra.project.stackfile import StackFile

from .common import file_option, json_option, stack_argument, stack_file
from .refusal import PROBLEMS, fail
from .settings import settings_or_exit
from .yaml_text import as_yaml

HIDDEN = "REDACTED"
"""Replaces encrypted values of the stack file, which are never written to a file."""

MARK = "# Rendered by `playground render`: changes here are lost."

_SECRET_KEY = "4dabf18193072939515e22adb298388d"  # noqa: S105  the engine's mark, no secret
_GROUP_KINDS = re.compile(r"^kubernetes:(?P<group>[^/:]+)/(?P<version>[^:]+):(?P<kind>\w+)$", re.ASCII)
_CHARTS = ("kubernetes:helm.sh/",)


@dataclass(frozen=True)
class Manifest:
    """An object and its file."""

    file: str
    urn: str
    body: Mapping[str, object]

    @property
    def row(self) -> dict[str, object]:
        metadata = cast(Mapping[str, object], self.body.get("metadata") or {})
        return {
            "file": self.file,
            "apiVersion": self.body["apiVersion"],
            "kind": self.body["kind"],
            "namespace": metadata.get("namespace"),
            "name": metadata.get("name"),
            "urn": self.urn,
        }


@click.command()
@stack_argument
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the files, one for each object. Default: print the objects.",
)
@file_option
@json_option
def render(stack: str, output: Path | None, config_file: Path | None, json_output: bool) -> None:
    """Write every Kubernetes object of STACK as YAML. Needs neither an engine nor an account.

    A file is named after the namespace, kind and name of its object. The same settings give the same files. Files of an
    earlier rendering without an object are removed. Helm releases are written as releases: charts are not rendered.
    Secrets are redacted.
    """
    settings_or_exit(stack, config_file)
    found = rendered(stack_file(stack, config_file), stack)
    if output is not None:
        _write(found, output)
    if json_output:
        click.echo(as_json([manifest.row for manifest in found]))
    elif output is None:
        click.echo("---\n".join(as_yaml(manifest.body) for manifest in found), nl=False)
    else:
        for manifest in found:
            click.echo(output / manifest.file)


def rendered(file: StackFile, stack: str) -> list[Manifest]:
    """The Kubernetes objects that the program registers, in the order of their files."""
    resources = run_offline(file, stack).resources
    return sorted(manifests(resources), key=lambda manifest: manifest.file)


def manifests(resources: Sequence[Registered]) -> Iterator[Manifest]:
    """The objects among resources. Two objects with the same file are an error, because they would be the same
    object."""
    taken: dict[str, str] = {}
    for resource in resources:
        body = _body(resource)
        if body is None:
            continue
        file = _file(body)
        if file in taken:
            raise click.ClickException(f"{resource.urn} and {taken[file]} are the same object, {file}")
        taken[file] = resource.urn
        yield Manifest(file, resource.urn, body)


def _body(resource: Registered) -> Mapping[str, object] | None:
    """The object that the API server would get; None if the resource is not an object."""
    if not resource.custom or not resource.type.startswith("kubernetes:") or ":providers:" in resource.type:
        return None
    plain = cast(Mapping[str, object], _plain(resource.inputs))
    if resource.type.startswith(_CHARTS):
        return _release(resource, plain)
    if "kind" in plain and "apiVersion" in plain:
        return _ordered(plain)
    found = _GROUP_KINDS.match(resource.type)
    if found is None:
        return None
    group = "" if found["group"] == "core" else f"{found['group']}/"
    return _ordered({**plain, "apiVersion": f"{group}{found['version']}", "kind": found["kind"]})


def _release(resource: Registered, plain: Mapping[str, object]) -> Mapping[str, object]:
    """A Helm release with Helm's names. Its kind does not exist in Kubernetes, so no cluster accepts it as an
    object."""
    metadata = {"name": plain.get("name") or resource.name, "namespace": plain.get("namespace")}
    spec = {key: value for key, value in plain.items() if key not in {"name", "namespace"}}
    return {"apiVersion": "helm.sh/v3", "kind": "Release", "metadata": metadata, "spec": spec}


def _ordered(body: Mapping[str, object]) -> Mapping[str, object]:
    first = ("apiVersion", "kind", "metadata")
    rest = sorted(key for key in body if key not in first)
    return {key: body[key] for key in (*first, *rest) if key in body}


def _plain(value: object) -> object:
    """The value with redacted secrets and sorted keys."""
    if isinstance(value, Mapping):
        mapping = cast(Mapping[str, object], value)
        if _SECRET_KEY in mapping:
            return _redacted(mapping.get("value"))
        return {key: _plain(mapping[key]) for key in sorted(mapping)}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in cast(Sequence[object], value)]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _redacted(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _redacted(inner) for key, inner in sorted(cast(Mapping[str, object], value).items())}
    return HIDDEN


def _file(body: Mapping[str, object]) -> str:
    metadata = cast(Mapping[str, object], body.get("metadata") or {})
    folder = str(metadata.get("namespace") or "cluster")
    group = str(body["apiVersion"]).rpartition("/")[0].split(".")[0]
    kind = str(body["kind"]).lower() + (f".{group}" if group else "")
    return f"{folder}/{kind}-{re.sub(r'[^a-zA-Z0-9.-]', '-', str(metadata.get('name')))}.yaml"


def _write(found: Sequence[Manifest], output: Path) -> None:
    """Write the files and remove those of an earlier rendering. Files from elsewhere are kept, or refused if in the
    way."""
    wanted = {output / manifest.file: manifest for manifest in found}
    for path in wanted:
        if path.exists() and not _ours(path):
            click.echo(f"{path} was not rendered: move it, or choose another folder", err=True)
            raise SystemExit(PROBLEMS)
    for path in sorted(output.rglob("*.yaml")) if output.is_dir() else []:
        if path not in wanted and _ours(path):
            path.unlink()
    try:
        for path, manifest in wanted.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{MARK}\n{as_yaml(manifest.body)}", encoding="utf-8")
    except OSError as error:
        fail(f"--output: {output} cannot be written: {error.strerror}: {error.filename}")


def _ours(path: Path) -> bool:
    return path.read_text(encoding="utf-8", errors="replace").startswith(MARK)
