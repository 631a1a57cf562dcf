"""Fields of workloads: counts that must not be negative, rollouts, schedules."""

from collections.abc import Iterator
from zoneinfo import available_timezones

from facts.schedules import schedule_problem
from sandbox.kubernetes.api.values import Json, at

from .job_failures import failure_policy_problems
from .names import not_negative
from .walk import Check
from .wording import invalid, required, unsupported

_MOST_INDEXED = 100_000
"""Source: maxParallelismForIndexedJob in Kubernetes 1.36.1, pkg/apis/batch/validation/validation.go."""


def _replicated(value: Json, path: str) -> Iterator[str]:
    yield from not_negative(value, ("replicas", "revisionHistoryLimit", "minReadySeconds"), path)


def _rolling(value: Json, path: str) -> Iterator[str]:
    yield from not_negative(value, ("maxUnavailable", "maxSurge"), path)


def _rolling_daemons(value: Json, path: str) -> Iterator[str]:
    yield from _rolling(value, path)
    surges = str(value.get("maxSurge", 0)) not in ("0", "0%")
    if surges and str(value.get("maxUnavailable", 0)) not in ("0", "0%"):
        yield invalid(path, value, "maxSurge may not be set when maxUnavailable is non-zero")


def _job(value: Json, path: str) -> Iterator[str]:
    counts = (
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "backoffLimitPerIndex",
        "maxFailedIndexes",
        "ttlSecondsAfterFinished",
    )
    yield from not_negative(value, counts, path)
    yield from _indexed(value, path)
    policy, place = at(value, "template", "spec", "restartPolicy"), f"{path}.template.spec.restartPolicy"
    if not policy:
        yield required(place, 'valid values: "OnFailure", "Never"')
    elif policy not in ("OnFailure", "Never"):
        yield unsupported(place, policy, ["OnFailure", "Never"])
    yield from failure_policy_problems(value, path)


def _indexed(value: Json, path: str) -> Iterator[str]:
    """Source: validateJobSpec in Kubernetes 1.36.1, pkg/apis/batch/validation/validation.go."""
    failed, completions = value.get("maxFailedIndexes"), value.get("completions")
    if failed is not None and value.get("backoffLimitPerIndex") is None:
        yield required(f"{path}.backoffLimitPerIndex", "when maxFailedIndexes is specified")
    if value.get("completionMode") != "Indexed":
        for name in ("backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"):
            if value.get(name) is not None:
                yield invalid(f"{path}.{name}", value[name], "requires indexed completion mode")
        return
    if completions is None:
        yield required(f"{path}.completions", "when completion mode is Indexed")
    elif isinstance(failed, int) and failed > completions:
        yield invalid(f"{path}.maxFailedIndexes", failed, "must be less than or equal to completions")
    parallelism = value.get("parallelism")
    if isinstance(parallelism, int) and parallelism > _MOST_INDEXED:
        why = f"must be less than or equal to {_MOST_INDEXED} when completion mode is Indexed"
        yield invalid(f"{path}.parallelism", parallelism, why)


def _job_template(value: Json, path: str) -> Iterator[str]:
    if not value.get("spec"):
        yield required(f"{path}.spec.template.spec.containers")


def _cron(value: Json, path: str) -> Iterator[str]:
    schedule, zone = value.get("schedule"), value.get("timeZone")
    if not schedule:
        yield required(f"{path}.schedule")
    else:
        why = schedule_problem(str(schedule))
        if why:
            yield invalid(f"{path}.schedule", schedule, why)
    if zone is not None and zone not in available_timezones():
        why = "unknown time zone " + str(zone) if zone else "timeZone must be nil or non-empty string"
        yield invalid(f"{path}.timeZone", zone, why)
    limits = ("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit")
    yield from not_negative(value, limits, path)


CHECKS: dict[str, Check] = {
    "v1.CronJobSpec": _cron,
    "v1.DaemonSetSpec": _replicated,
    "v1.DeploymentSpec": _replicated,
    "v1.JobSpec": _job,
    "v1.JobTemplateSpec": _job_template,
    "v1.ReplicaSetSpec": _replicated,
    "v1.RollingUpdateDaemonSet": _rolling_daemons,
    "v1.RollingUpdateDeployment": _rolling,
    "v1.StatefulSetSpec": _replicated,
}
