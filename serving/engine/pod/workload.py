"""The workload of engines: a Deployment if an engine is one pod, a LeaderWorkerSet if it is several."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes import apiextensions, apps, core, meta, policy

from serving.engine.server_plan import ServerPlan

from .engine_pod import PodChoices, engine_template

DELETE_MARGIN_SECONDS = 300
LEADER_WORKER_SET = ("leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet")


@dataclass(frozen=True, kw_only=True)
class Workload:
    """The inputs of both kinds."""

    plan: ServerPlan
    choices: PodChoices
    metadata: "meta.v1.ObjectMetaArgs"
    labels: dict[str, str]
    """Labels of the pods."""

    selector: dict[str, str]
    replicas: int
    surge: bool
    """Whether a rollout starts a new engine before it stops an old one."""

    autoscaled: bool

    def options(self, opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
        """`opts` with timeouts from the size of the weights. Ignores changes of the replicas if they are autoscaled."""
        budget, grace = self.plan.budget, self.plan.grace_seconds
        # The workers of a replaced group get SIGTERM after their leader is deleted.
        drain = grace * min(2, self.plan.nodes)
        waits = pulumi.CustomTimeouts(
            create=f"{budget.create_seconds(drain)}s",
            update=f"{budget.update_seconds(self.replicas, drain)}s",
            delete=f"{drain + DELETE_MARGIN_SECONDS}s",
        )
        ignored = ["spec.replicas"] if self.autoscaled else None
        own = pulumi.ResourceOptions(custom_timeouts=waits, ignore_changes=ignored)
        return pulumi.ResourceOptions.merge(opts, own)


def create_workload(name: str, workload: Workload, opts: pulumi.ResourceOptions) -> pulumi.CustomResource:
    """The Deployment, or the LeaderWorkerSet if an engine spans nodes."""
    if workload.plan.nodes > 1:
        return _leader_worker_set(name, workload, opts)
    return _deployment(name, workload, opts)


def _deployment(name: str, workload: Workload, opts: pulumi.ResourceOptions) -> "apps.v1.Deployment":
    plan = workload.plan
    surge, unavailable = (1, 0) if workload.surge else (0, 1)
    spec = apps.v1.DeploymentSpecArgs(
        replicas=workload.replicas,
        selector=meta.v1.LabelSelectorArgs(match_labels=workload.selector),
        strategy=apps.v1.DeploymentStrategyArgs(
            type="RollingUpdate",
            rolling_update=apps.v1.RollingUpdateDeploymentArgs(max_surge=surge, max_unavailable=unavailable),
        ),
        progress_deadline_seconds=plan.budget.progress_seconds(plan.grace_seconds),
        revision_history_limit=3,
        template=engine_template(plan, workload.choices, workload.labels),
    )
    args = apps.v1.DeploymentInitArgs(metadata=workload.metadata, spec=spec)
    return apps.v1.Deployment(name, args, opts=workload.options(opts))


def _leader_worker_set(
    name: str, workload: Workload, opts: pulumi.ResourceOptions
) -> "apiextensions.CustomResource":
    api_version, kind = LEADER_WORKER_SET

    def template(*, worker: bool) -> "core.v1.PodTemplateSpecArgs":
        return engine_template(workload.plan, workload.choices, workload.labels, worker=worker)

    spec = {
        "replicas": workload.replicas,
        "startupPolicy": "LeaderCreated",
        "rolloutStrategy": {
            "type": "RollingUpdate",
            "rollingUpdateConfiguration": {"maxSurge": 1 if workload.surge else 0, "maxUnavailable": 1},
        },
        "leaderWorkerTemplate": {
            "size": workload.plan.nodes,
            "restartPolicy": "RecreateGroupOnPodRestart",
            "leaderTemplate": template(worker=False),
            "workerTemplate": template(worker=True),
        },
    }
    return apiextensions.CustomResource(
        name,
        api_version=api_version,
        kind=kind,
        metadata=workload.metadata,
        spec=spec,
        opts=workload.options(opts),
    )


def disruption_budget(
    name: str, metadata: "meta.v1.ObjectMetaArgs", selector: dict[str, str], opts: pulumi.ResourceOptions
) -> None:
    """Allow the eviction of one engine at a time, e.g. when a node is drained."""
    policy.v1.PodDisruptionBudget(
        name,
        policy.v1.PodDisruptionBudgetInitArgs(
            metadata=metadata,
            spec=policy.v1.PodDisruptionBudgetSpecArgs(
                max_unavailable=1,
                selector=meta.v1.LabelSelectorArgs(match_labels=selector),
                # An engine that never became ready serves no requests, and must not delay the repair of its node.
                unhealthy_pod_eviction_policy="AlwaysAllow",
            ),
        ),
        opts=opts,
    )
