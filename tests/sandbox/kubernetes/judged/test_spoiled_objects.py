"""Objects with one invalid field: the sandbox refuses exactly those that the real API server refuses."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial

import pytest

from tests.infra.snapshots import EXAMPLES, STACKS
from tests.sandbox.kubernetes.judged.exceptions import excused
from tests.sandbox.kubernetes.judged.lasting import lasting
from tests.sandbox.kubernetes.judged.objects import Body, comparable, differences, objects
from tests.sandbox.kubernetes.judged.sandbox import Sandbox
from tests.sandbox.kubernetes.judged.spoils import shape, spoils
from tests.support.api_server import ApiServer

pytestmark = [pytest.mark.prove, pytest.mark.api_server]


KINDS = (
    "apps/v1 DaemonSet",
    "apps/v1 Deployment",
    "batch/v1 CronJob",
    "batch/v1 Job",
    "cert-manager.io/v1 Certificate",
    "external-secrets.io/v1 ClusterSecretStore",
    "external-secrets.io/v1 ExternalSecret",
    "gateway.envoyproxy.io/v1alpha1 Backend",
    "gateway.envoyproxy.io/v1alpha1 BackendTrafficPolicy",
    "gateway.envoyproxy.io/v1alpha1 ClientTrafficPolicy",
    "gateway.envoyproxy.io/v1alpha1 EnvoyExtensionPolicy",
    "gateway.envoyproxy.io/v1alpha1 EnvoyProxy",
    "gateway.envoyproxy.io/v1alpha1 SecurityPolicy",
    "gateway.networking.k8s.io/v1 Gateway",
    "gateway.networking.k8s.io/v1 GatewayClass",
    "keda.sh/v1alpha1 ScaledObject",
    "leaderworkerset.x-k8s.io/v1 LeaderWorkerSet",
    "monitoring.coreos.com/v1 PodMonitor",
    "monitoring.coreos.com/v1 PrometheusRule",
    "networking.k8s.io/v1 NetworkPolicy",
    "policy/v1 PodDisruptionBudget",
    "rbac.authorization.k8s.io/v1 Role",
    "rbac.authorization.k8s.io/v1 RoleBinding",
    "scheduling.k8s.io/v1 PriorityClass",
    "storage.k8s.io/v1 StorageClass",
    "v1 ConfigMap",
    "v1 LimitRange",
    "v1 Namespace",
    "v1 PersistentVolume",
    "v1 PersistentVolumeClaim",
    "v1 ResourceQuota",
    "v1 Secret",
    "v1 Service",
    "v1 ServiceAccount",
)

UNJUDGED = (
    "aigateway.envoyproxy.io/v1beta1 AIGatewayRoute",
    "aigateway.envoyproxy.io/v1beta1 AIServiceBackend",
    "aigateway.envoyproxy.io/v1beta1 GatewayConfig",
)
"""Kinds that no real server judges, because AI Gateway's definitions are in no Go module (`definitions.py`)."""


@dataclass(frozen=True)
class Spoiled:
    """One object with one invalid field."""

    kind: str
    path: str
    what: str
    body: Body

    def __str__(self) -> str:
        return f"{self.kind}: {self.path} {self.what}"


@cache
def every_kind() -> dict[str, list[Body]]:
    """The objects of all stacks and examples by kind, each in the namespace `default`."""
    found: dict[str, list[Body]] = {}
    for stack in (*STACKS, *EXAMPLES):
        for each in objects(stack):
            body = copy.deepcopy(each)
            if "namespace" in body["metadata"]:
                body["metadata"]["namespace"] = "default"
            found.setdefault(f"{body['apiVersion']} {body['kind']}", []).append(body)
    return found


def spoiled(kind: str) -> Iterator[Spoiled]:
    """Each invalid form of each field of a kind, once."""
    seen: set[tuple[str, str]] = set()
    for body in every_kind()[kind]:
        for path, what, bad in spoils(body):
            # A LeaderWorkerSet has the definition of a pod twice.
            field = shape(path).replace("leaderTemplate", "workerTemplate")
            if (field, what) not in seen:
                seen.add((field, what))
                yield Spoiled(kind, shape(path), what, bad)


def compared(judge: ApiServer, sandbox: Sandbox, case: Spoiled) -> Iterator[str]:
    """The differences between the two verdicts."""
    real, ours = judge.apply(case.body), sandbox.apply(case.body)
    if real.accepted != ours.accepted:
        yield f"{case}: the real server says {real.message!r}, the sandbox {ours.message!r}"
    elif real.accepted:
        for difference in differences(comparable(real.body), comparable(ours.body)):
            yield f"{case}: {difference}"


def test_every_kind_of_the_stacks_is_judged() -> None:
    assert set(every_kind()) == {*KINDS, *UNJUDGED}


@pytest.mark.parametrize("kind", KINDS)
def test_the_sandbox_refuses_what_the_real_server_refuses_and_nothing_else(
    judge: ApiServer, sandbox: Sandbox, kind: str
) -> None:
    differing = (lasting(partial(compared, judge, sandbox, case), excused=excused) for case in spoiled(kind))
    assert [each for found in differing for each in found] == []
