"""A team's namespace: its GPU quota, the roles of its members, and the connections of its pods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import core, meta, rbac

from facts.checked_args import CheckedArgs
from facts.kubernetes import GPU_RESOURCE
from facts.problem import refuse
from serving.options import child

from .namespace import ServingNamespace, ServingNamespaceArgs
from .network_isolation import NetworkIsolation, NetworkIsolationArgs
from .team_roles import ROLES, rules, subject_kind
from .team_rules import Quota, quota_of, team_problems


@dataclass(frozen=True, kw_only=True)
class TeamNamespaceArgs:
    """The inputs of a team's namespace."""

    team: str
    """Name of the team and of its namespace: 1 to 63 of a-z, 0-9 and -."""

    gpus: int
    """GPUs that all its pods together may request. 0: none."""

    cpus: int | None = None
    """Hardware threads that all its pods together may request. Default: 16, and 24 for each GPU."""

    memory_gib: int | None = None
    """Memory in GiB that all its pods together may request. Default: 64, and 224 for each GPU."""

    pods: int | None = None
    """Pods at the same time. Default: 50."""

    volumes_gib: int | None = None
    """GiB of all block volumes together. Default: 500."""

    pod_security: str | None = None
    """Enforced level: `privileged`, `baseline` or `restricted`. Default: `baseline`."""

    developers: Sequence[str] | None = None
    """OCIDs of OCI groups and users who may deploy here. Default: none."""

    viewers: Sequence[str] | None = None
    """OCIDs of OCI groups and users who may read everything except secrets. Default: none."""

    priorities: Sequence[str] | None = None
    """Priority classes that its pods may have. Pods without a class are always allowed. Default: none."""

    from_namespaces: Sequence[str] | None = None
    """Namespaces whose pods may connect. Default: Envoy Gateway's and Prometheus's."""

    egress_cidrs: Sequence[str] | None = None
    """Networks that pods may reach over HTTPS. Default: all, except the node's metadata service."""

    api_cidr: str | None = None
    """Network of the Kubernetes API. Default: pods may not reach it."""


class TeamNamespace(CheckedArgs, pulumi.ComponentResource):
    """A namespace with quotas, container defaults, roles, bindings, network policies and a pod security level.

    Teams may not create load balancers or node ports, because traffic enters through the gateway. Deleting the
    component deletes all objects in the namespace.
    """

    namespace: pulumi.Output[str]
    """Name of the namespace, known after its quota exists, so that the quota counts all objects."""

    def __init__(
        self, name: str, args: TeamNamespaceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        people: Mapping[str, Sequence[str]] = {
            "developers": args.developers or (),
            "viewers": args.viewers or (),
        }
        quota = quota_of(args)
        refuse(team_problems(args, name=args.team, path=name), f"team {name}")
        super().__init__("genai:index:TeamNamespace", name, {}, opts)
        space = ServingNamespace(
            f"{name}-space",
            ServingNamespaceArgs(
                namespace=args.team, pod_security=args.pod_security, labels={"genai/team": args.team}
            ),
            child(self),
        ).namespace
        held = self._limits(name, space, quota)
        self._priorities(name, space, args.priorities or ())
        self._roles(name, space, people)
        isolation = NetworkIsolationArgs(
            namespace=space,
            from_namespaces=args.from_namespaces,
            egress_cidrs=args.egress_cidrs,
            api_cidr=args.api_cidr,
        )
        NetworkIsolation(f"{name}-isolation", isolation, child(self))
        self.namespace = held.metadata.apply(lambda metadata: metadata.namespace or args.team)
        self.register_outputs({"namespace": self.namespace})

    def _limits(self, name: str, space: pulumi.Output[str], quota: Quota) -> "core.v1.ResourceQuota":
        metadata = meta.v1.ObjectMetaArgs(name="team", namespace=space)
        core.v1.LimitRange(
            f"{name}-limits",
            core.v1.LimitRangeInitArgs(
                metadata=metadata, spec=core.v1.LimitRangeSpecArgs(limits=[_defaults()])
            ),
            opts=child(self),
        )
        return core.v1.ResourceQuota(
            f"{name}-quota",
            core.v1.ResourceQuotaInitArgs(
                metadata=metadata, spec=core.v1.ResourceQuotaSpecArgs(hard=hard_limits(quota))
            ),
            opts=child(self),
        )

    def _priorities(self, name: str, space: pulumi.Output[str], allowed: Sequence[str]) -> None:
        core.v1.ResourceQuota(
            f"{name}-priorities",
            core.v1.ResourceQuotaInitArgs(
                metadata=meta.v1.ObjectMetaArgs(name="priorities", namespace=space),
                spec=without_other_classes(allowed),
            ),
            opts=child(self),
        )

    def _roles(self, name: str, space: pulumi.Output[str], people: Mapping[str, Sequence[str]]) -> None:
        for role in ROLES:
            made = rbac.v1.Role(
                f"{name}-{role}",
                rbac.v1.RoleInitArgs(
                    metadata=meta.v1.ObjectMetaArgs(name=f"team-{role}", namespace=space),
                    rules=rules(role),
                ),
                opts=child(self),
            )
            if not people[role]:
                continue
            rbac.v1.RoleBinding(
                f"{name}-{role}-binding",
                rbac.v1.RoleBindingInitArgs(
                    metadata=meta.v1.ObjectMetaArgs(name=f"team-{role}", namespace=space),
                    role_ref=rbac.v1.RoleRefArgs(
                        api_group="rbac.authorization.k8s.io", kind="Role", name=f"team-{role}"
                    ),
                    subjects=[
                        rbac.v1.SubjectArgs(
                            kind=subject_kind(ocid), name=ocid, api_group="rbac.authorization.k8s.io"
                        )
                        for ocid in people[role]
                    ],
                ),
                opts=child(self, pulumi.ResourceOptions(depends_on=[made])),
            )


def hard_limits(quota: Quota) -> dict[str, str]:
    """The quota in Kubernetes' terms. For extended resources it supports only requests."""
    return {
        f"requests.{GPU_RESOURCE}": str(quota.gpus),
        "requests.cpu": str(quota.cpus),
        "requests.memory": f"{quota.memory_gib}Gi",
        "limits.memory": f"{quota.memory_gib}Gi",
        "pods": str(quota.pods),
        "requests.storage": f"{quota.volumes_gib}Gi",
        "services.loadbalancers": "0",
        "services.nodeports": "0",
    }


def without_other_classes(allowed: Sequence[str]) -> "core.v1.ResourceQuotaSpecArgs":
    """A quota of 0 pods for all other priority classes, so that a team's pods never preempt those of others.

    It also covers Kubernetes' own classes, and classes that are created later.
    """
    terms = [core.v1.ScopedResourceSelectorRequirementArgs(scope_name="PriorityClass", operator="Exists")]
    if allowed:
        terms.append(
            core.v1.ScopedResourceSelectorRequirementArgs(
                scope_name="PriorityClass", operator="NotIn", values=sorted(allowed)
            )
        )
    selector = core.v1.ScopeSelectorArgs(match_expressions=terms)
    return core.v1.ResourceQuotaSpecArgs(hard={"pods": "0"}, scope_selector=selector)


def _defaults() -> "core.v1.LimitRangeItemArgs":
    """Defaults for containers without requests: a quota refuses such pods."""
    return core.v1.LimitRangeItemArgs(
        type="Container",
        default={"memory": "4Gi"},
        default_request={"cpu": "500m", "memory": "1Gi"},
    )
