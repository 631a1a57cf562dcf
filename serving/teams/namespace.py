"""A namespace for engines, with the pod security level that they need."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import core, meta

from facts.checked_args import CheckedArgs
from facts.names import is_system_namespace
from facts.problem import Problem, refuse
from serving.engine.server_rules import label_problems
from serving.options import child

LEVELS = ("privileged", "baseline", "restricted")
DEFAULT_LEVEL = "baseline"


@dataclass(frozen=True, kw_only=True)
class ServingNamespaceArgs:
    """The inputs of a namespace for engines."""

    namespace: str
    """Name of the namespace: 1 to 63 of a-z, 0-9 and -."""

    pod_security: str | None = None
    """Enforced level: `privileged`, `baseline` or `restricted`. Default: `baseline`, with warnings about everything
    that `restricted` would refuse. Engines of the ROCm image run as root, which `restricted` refuses."""

    labels: Mapping[str, str] | None = None
    """More labels. Default: none."""


class ServingNamespace(CheckedArgs, pulumi.ComponentResource):
    """A Kubernetes namespace with pod security labels. Deleting it deletes all its objects."""

    namespace: pulumi.Output[str]
    """Name of the namespace, known after it exists. Objects in it wait for it."""

    def __init__(
        self, name: str, args: ServingNamespaceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        level = args.pod_security or DEFAULT_LEVEL
        refuse(serving_namespace_problems(args.namespace, args.pod_security, path=name), f"namespace {name}")
        super().__init__("genai:index:ServingNamespace", name, {}, opts)
        namespace = core.v1.Namespace(
            f"{name}-namespace",
            core.v1.NamespaceInitArgs(
                metadata=meta.v1.ObjectMetaArgs(
                    name=args.namespace,
                    labels={
                        **(args.labels or {}),
                        "app.kubernetes.io/managed-by": "pulumi",
                        "pod-security.kubernetes.io/enforce": level,
                        "pod-security.kubernetes.io/warn": "restricted",
                    },
                )
            ),
            opts=child(self),
        )
        self.namespace = namespace.metadata.apply(lambda metadata: metadata.name or args.namespace)
        self.register_outputs({"namespace": self.namespace})


def serving_namespace_problems(namespace: str, pod_security: str | None, *, path: str) -> Iterator[Problem]:
    """Problems at `path`.namespace and .podSecurity."""
    yield from namespace_name_problems(namespace, f"{path}.namespace")
    yield from level_problems(pod_security, f"{path}.podSecurity")


def namespace_name_problems(namespace: str, path: str) -> Iterator[Problem]:
    """Problems of a namespace's name. Kubernetes' own namespaces are refused, because they contain its pods and
    secrets."""
    yield from label_problems(namespace, path)
    if is_system_namespace(namespace):
        yield Problem(path, namespace, "must not be a namespace of Kubernetes itself")


def level_problems(pod_security: str | None, path: str) -> Iterator[Problem]:
    """Problems of a pod security level. None is the default level."""
    if pod_security is not None and pod_security not in LEVELS:
        yield Problem.not_one_of(path, pod_security, LEVELS)
