"""The definitions of custom kinds, from the Go modules of their projects.

Only kinds that the sandbox has a schema of. The versions are those of the charts in `facts.charts`, with two
exceptions: LeaderWorkerSet 0.10.0 and external-secrets 2.9.0 are not available as modules, so the newest available
modules are used. They serve the same API versions: leaderworkerset.x-k8s.io/v1 and external-secrets.io/v1.

AI Gateway has no module, so no real server judges the sandbox's schemas of aigateway.envoyproxy.io.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sandbox.engine import go


@dataclass(frozen=True)
class Source:
    """A module, its version, the checksum of its content, and the files in it."""

    module: str
    version: str
    sum: str
    folder: str
    files: tuple[str, ...]

    chart: str | None = None
    """Key in `facts.charts` of the chart that brings these definitions. None: the chart states its own version of
    them."""

    instead_of: str | None = None
    """The chart's version, where no module of that version is available."""


SOURCES = (
    Source(
        "sigs.k8s.io/lws",
        "v0.9.0",
        "h1:DcJCgxjjoGOx//QHZkeKpyiblxYq70aCRZNYSfykWyI=",
        "config/crd/bases",
        ("leaderworkerset.x-k8s.io_leaderworkersets.yaml",),
        chart="leaderWorkerSet",
        instead_of="0.10.0",
    ),
    Source(
        "github.com/external-secrets/external-secrets",
        "v1.3.2",
        "h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=",
        "config/crds/bases",
        ("external-secrets.io_externalsecrets.yaml", "external-secrets.io_clustersecretstores.yaml"),
        chart="externalSecrets",
        instead_of="2.9.0",
    ),
    Source(
        "sigs.k8s.io/gateway-api",
        "v1.5.1",
        "h1:RqVRIlkhLhUO8wOHKTLnTJA6o/1un4po4/6M1nRzdd0=",
        "config/crd/standard",
        ("gateway.networking.k8s.io_gatewayclasses.yaml", "gateway.networking.k8s.io_gateways.yaml"),
    ),
    Source(
        "github.com/envoyproxy/gateway",
        "v1.8.3",
        "h1:RY8DKli7Z1w3WuMwbA8J5j2sriIxXTWjVv1Bk77nbHo=",
        "charts/gateway-helm/charts/crds/crds/generated",
        (
            "gateway.envoyproxy.io_backends.yaml",
            "gateway.envoyproxy.io_backendtrafficpolicies.yaml",
            "gateway.envoyproxy.io_clienttrafficpolicies.yaml",
            "gateway.envoyproxy.io_envoyextensionpolicies.yaml",
            "gateway.envoyproxy.io_envoyproxies.yaml",
            "gateway.envoyproxy.io_securitypolicies.yaml",
        ),
        chart="gateway",
    ),
    Source(
        "github.com/cert-manager/cert-manager",
        "v1.21.1",
        "h1:0LttV37Q5c2CBNoHkjuI8sLKTXWZDC2SwQkxrBMKV9w=",
        "deploy/crds",
        ("cert-manager.io_certificates.yaml",),
        chart="certManager",
    ),
    Source(
        "github.com/prometheus-operator/prometheus-operator",
        "v0.93.1",
        "h1:4Juk8v93RdG1DSGD/mGp+SeQKPmnlLIj2iq3blLZgFY=",
        "example/prometheus-operator-crd",
        (
            "monitoring.coreos.com_podmonitors.yaml",
            "monitoring.coreos.com_prometheusrules.yaml",
            "monitoring.coreos.com_servicemonitors.yaml",
        ),
    ),
    Source(
        "github.com/kedacore/keda/v2",
        "v2.20.2",
        "h1:SR60v8uIcelbveS8n/1jcl8tLdBBIbHMxmdOHw8tKqA=",
        "config/crd/bases",
        ("keda.sh_scaledobjects.yaml",),
        chart="keda",
    ),
)


def definitions() -> Iterator[dict[str, Any]]:
    """Every CustomResourceDefinition. Raises `go.BuildError` if a module is not available or has another checksum."""
    for source in SOURCES:
        folder = _fetched(source)
        for name in source.files:
            text = (folder / source.folder / name).read_text(encoding="utf-8")
            yield yaml.load(text, Loader=yaml.CSafeLoader)


def _fetched(source: Source) -> Path:
    """The module's folder in Go's own cache."""
    wanted = f"{source.module}@{source.version}"
    with tempfile.TemporaryDirectory() as empty:
        done = subprocess.run(
            [go.program(), "mod", "download", "-json", wanted],
            cwd=empty,
            env=go.environment() | {"GOFLAGS": "-mod=mod"},
            capture_output=True,
            text=True,
            check=False,
        )
    try:
        found: dict[str, str] = json.loads(done.stdout)
    except ValueError as failure:
        raise go.BuildError(f"{wanted}: {done.stderr.strip()}") from failure
    if found.get("Error"):
        raise go.BuildError(f"{wanted}: {found['Error']}")
    if found["Sum"] != source.sum:
        raise go.BuildError(f"{wanted} has the checksum {found['Sum']}, but {source.sum} is pinned")
    return Path(found["Dir"])
