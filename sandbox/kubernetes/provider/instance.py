"""One configured provider: its cluster and its settings."""

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
from sandbox.oci.services.container_engine.logins import other_login

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
    """The result of Configure for one connection of the engine."""

    settings: Mapping[str, str] = field(default_factory=dict)
    namespace: str = ""
    reach: Reach = field(default_factory=lambda: Reach(None, DEFAULT_VERSION, _LOAD))
    retry: Callable[[], Reach] | None = None
    """Tries again to reach the cluster, as each call of a real client does."""
    accept_secrets: bool = True
    warned: bool = False
    login: str = ""
    """Why the kubeconfig does not log in as the OCI provider does. Empty once it was said."""

    def flag(self, name: str) -> bool:
        """A boolean setting of the provider; if it is not set, its environment variable."""
        if name in self.settings:
            return self.settings[name] == "true"
        return os.environ.get(_ENVIRONMENT.get(name, ""), "") == "true"

    def server(self, servers: Servers) -> Server | None:
        """The API server, or None if it cannot be reached or its cluster has been deleted since."""
        if self.reach.closed and self.retry is not None:
            self.reach = self.retry()
        if not self.reach.reachable or self.reach.cluster_id is None:
            return None
        entry = servers.cloud.find(self.reach.cluster_id)
        if entry is None or not entry.live:
            servers.objects.forget_cluster(self.reach.cluster_id)
            why = f"cluster {self.reach.cluster_id} no longer exists"
            self.reach = Reach(self.reach.cluster_id, self.reach.version, why)
            return None
        return Server(servers, self.reach.cluster_id, self.reach.version)


@dataclass
class Connections:
    """Instances by connection: the engine opens one connection for each provider resource.

    All connections share one servicer, and calls do not name their provider. The peer identifies it.
    """

    instances: dict[str, Instance] = field(default_factory=dict)
    logs: dict[str, EngineLog] = field(default_factory=dict)
    last: str = ""

    def configure(self, peer: str, instance: Instance) -> None:
        """Store the instance that was configured over a connection."""
        self.instances[peer] = instance
        self.last = peer

    def of(self, peer: str) -> Instance:
        """The instance of a connection. A connection without its own uses the last configured instance."""
        return self.instances.get(peer) or self.instances.get(self.last) or Instance()

    def attach(self, peer: str, address: str) -> None:
        """Store the address of the engine behind a connection."""
        self.logs[peer] = EngineLog(address)

    def log(self, peer: str) -> EngineLog:
        """The log that receives messages for a connection."""
        return self.logs.get(peer) or EngineLog()


def configured(
    servers: Servers, settings: Mapping[str, Any], deployer: str | None, *, accept_secrets: bool
) -> Instance:
    """An instance for a provider's settings. Never fails: with an invalid kubeconfig the cluster is unreachable."""
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
    instance.retry = partial(reach, servers.cloud, target, deployer)
    found = instance.reach = instance.retry()
    subject = found.cluster_id or target.server
    instance.login = other_login(servers.objects.store, subject, target.login)
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
