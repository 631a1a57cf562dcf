"""One configured provider: the cluster it talks to and how it was told to behave."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from facts.kubernetes import DEFAULT_VERSION
from sandbox.kubernetes.api.server import Server, Servers
from sandbox.kubernetes.api.values import UNKNOWN
from sandbox.kubernetes.api.words import words
from sandbox.kubernetes.provider.clusters import KubeconfigError, Reach, reach, read_kubeconfig
from sandbox.kubernetes.provider.host import EngineLog

SETTINGS = frozenset(
    words(
        "alwaysRender cluster clusterIdentifier context deleteUnreachable enableConfigMapMutable "
        "enablePatchForce enableSecretMutable enableServerSideApply helmReleaseSettings "
        "kubeClientSettings kubeconfig namespace renderYamlToDirectory skipUpdateUnreachable strictMode "
        "suppressDeprecationWarnings suppressHelmHookWarnings upsertExistingObjects version "
        "pluginDownloadURL"
    )
)
_ENVIRONMENT = {
    "deleteUnreachable": "PULUMI_K8S_DELETE_UNREACHABLE",
    "skipUpdateUnreachable": "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE",
    "enableConfigMapMutable": "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
    "enableSecretMutable": "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
    "upsertExistingObjects": "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
}
_PARSE = "failed to parse kubeconfig data in `kubernetes:config:kubeconfig`- "
_LOAD = "unable to load Kubernetes client configuration from kubeconfig file: no kubeconfig was given"


@dataclass
class Instance:
    """What Configure settled for one connection of the engine."""

    settings: Mapping[str, str] = field(default_factory=dict)
    namespace: str = ""
    reach: Reach = field(default_factory=lambda: Reach(None, DEFAULT_VERSION, _LOAD))
    again: Callable[[], Reach] | None = None
    """Tries to reach the cluster again, as every call of a real client does."""
    accept_secrets: bool = True
    warned: bool = False

    def flag(self, name: str) -> bool:
        """A switch, from the provider's settings, else from its environment variable."""
        if name in self.settings:
            return self.settings[name] == "true"
        return os.environ.get(_ENVIRONMENT.get(name, ""), "") == "true"

    def server(self, servers: Servers) -> Server | None:
        """The API server, or None if it cannot be reached or its cluster has been deleted since."""
        if self.reach.closed and self.again is not None:
            self.reach = self.again()
        if not self.reach.reachable or self.reach.cluster_id is None:
            return None
        entry = servers.cloud.find(self.reach.cluster_id)
        if entry is None or not entry.live:
            servers.objects.forget_cluster(self.reach.cluster_id)
            gone = f"cluster {self.reach.cluster_id} is gone"
            self.reach = Reach(self.reach.cluster_id, self.reach.version, gone)
            return None
        return Server(servers, self.reach.cluster_id, self.reach.version)


@dataclass
class Connections:
    """Instances by the engine's connection: the engine opens one for each provider resource.

    All share one servicer, and calls do not name their provider, so the peer tells them apart.
    """

    instances: dict[str, Instance] = field(default_factory=dict)
    logs: dict[str, EngineLog] = field(default_factory=dict)
    last: str = ""

    def configure(self, peer: str, instance: Instance) -> None:
        """Keep what was configured over a connection."""
        self.instances[peer] = instance
        self.last = peer

    def of(self, peer: str) -> Instance:
        """The instance of a connection; of one that never configured, the one configured last."""
        return self.instances.get(peer) or self.instances.get(self.last) or Instance()

    def attach(self, peer: str, address: str) -> None:
        """Remember where the engine of a connection listens."""
        self.logs[peer] = EngineLog(address)

    def log(self, peer: str) -> EngineLog:
        """Where to send messages."""
        return self.logs.get(peer) or EngineLog()


def configured(
    servers: Servers, settings: Mapping[str, Any], deployer: str | None, *, accept_secrets: bool
) -> Instance:
    """An instance for a provider's settings. Never fails: a bad kubeconfig is a cluster out of reach."""
    texts = {key: _text(value) for key, value in settings.items() if value is not UNKNOWN}
    instance = Instance(texts, texts.get("namespace", ""), accept_secrets=accept_secrets)
    kubeconfig = texts.get("kubeconfig") or os.environ.get("KUBECONFIG", "")
    if settings.get("kubeconfig") is UNKNOWN or not kubeconfig:
        return instance
    try:
        target = read_kubeconfig(kubeconfig, texts.get("context", ""), texts.get("cluster", ""))
    except KubeconfigError as error:
        instance.reach = Reach(None, DEFAULT_VERSION, _PARSE + str(error))
        return instance
    instance.namespace = texts.get("namespace") or target.namespace
    instance.again = partial(reach, servers.cloud, target, deployer)
    found = instance.reach = instance.again()
    subject = found.cluster_id or target.server
    if found.reachable:
        detail = {"assumed": found.assumed} if found.assumed else {}
        servers.objects.store.record("kubernetes", "connect", subject, server=target.server, **detail)
    else:
        servers.objects.store.record(
            "kubernetes", "unreachable", subject, server=target.server, why=found.why
        )
    return instance


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
