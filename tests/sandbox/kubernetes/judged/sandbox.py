"""The sandbox's API server, with the same calls as the real one."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.kubernetes.api import openapi
from sandbox.kubernetes.api.errors import ApiError
from sandbox.kubernetes.api.objects import Live, Objects
from sandbox.kubernetes.api.server import Server, Servers
from sandbox.kubernetes.provider.checkpoint import kind_of_body, normalized
from sandbox.kubernetes.provider.helm import record
from sandbox.oci.cloud import Cloud
from sandbox.store import open_store
from tests.sandbox.kubernetes.bed import CLUSTER_ID, add_cluster
from tools.api_server.build import VERSION

Body = dict[str, Any]

CHARTS = ("gateway-helm", "lws", "external-secrets", "keda", "prometheus-operator-crds", "cert-manager")
"""The charts that install the custom kinds."""


@dataclass(frozen=True)
class Verdict:
    """A server's verdict on an object."""

    accepted: bool
    message: str = ""
    code: int = 0
    problems: tuple[str, ...] = ()
    body: Body = field(default_factory=dict[str, Any])


class Sandbox:
    """An empty cluster of the sandbox with the charts of all custom kinds."""

    def __init__(self, folder: Path) -> None:
        self.store = open_store(folder / "cloud.db")
        cloud = Cloud(self.store)
        add_cluster(cloud)
        self.objects = Objects(self.store)
        self.server = Server(Servers(self.objects, cloud), CLUSTER_ID, f"v{VERSION}")
        for chart in CHARTS:
            self._release(chart)

    def _release(self, chart: str) -> None:
        body = record({"name": chart, "namespace": "default", "chart": chart}, 1)
        key = ("helm.sh", "Release", "default", chart)
        body["metadata"] |= {"uid": chart, "generation": 1}
        self.objects.save(Live(CLUSTER_ID, key, 0, "", acknowledged=True, body=body))

    def apply(self, body: Body, *, dry: bool = True) -> Verdict:
        """Create or change an object. With `dry`, nothing is stored."""
        body = normalized(body)
        kind = kind_of_body(body)
        served = self.server.serves(kind)
        if served is None:
            return Verdict(False, f"no matches for kind {kind.kind!r}", 404)
        wrong = openapi.problems(served.check, body)
        if wrong:
            return Verdict(False, "; ".join(f"{each.path}: {openapi.reason(each)}" for each in wrong), 400)
        try:
            key = self.server.key(body)
            if self.server.get(key) is None:
                live = self.server.create(body, f"urn:{key}", dry=dry)
            else:
                live = self.server.update(key, {}, body, dry=dry)
        except ApiError as refusal:
            return Verdict(False, str(refusal), refusal.code, refusal.problems)
        return Verdict(True, body=live.body)

    def delete(self, body: Body) -> None:
        self.server.delete(self.server.key(body))
