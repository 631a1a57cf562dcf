"""The failure policy of a job's pods.

Source: validatePodFailurePolicy in Kubernetes 1.36.1, pkg/apis/batch/validation/validation.go.
"""

from collections.abc import Iterator
from typing import Any

from sandbox.kubernetes.api.values import Json, at

from .names import qualified
from .wording import invalid, required, unsupported

_MOST = {"rules": 20, "onPodConditions": 20, "values": 255}
"""Most items of each list."""

_STATUSES = ("False", "True", "Unknown")


def failure_policy_problems(job: Json, path: str) -> Iterator[str]:
    """Problems of the policy in a job's spec; nothing without one."""
    policy = job.get("podFailurePolicy")
    if not isinstance(policy, dict):
        return
    restart = at(job, "template", "spec", "restartPolicy")
    if restart == "OnFailure":
        why = 'only "Never" is supported when podFailurePolicy is specified'
        yield invalid(f"{path}.template.spec.restartPolicy", restart, why)
    rules = policy.get("rules") or ()
    yield from _too_many("rules", rules, f"{path}.podFailurePolicy")
    for index, rule in enumerate(rules):
        yield from _rule(rule, job, f"{path}.podFailurePolicy.rules[{index}]")


def _rule(rule: Json, job: Json, path: str) -> Iterator[str]:
    codes, conditions = rule.get("onExitCodes"), rule.get("onPodConditions")
    if rule.get("action") == "FailIndex" and job.get("backoffLimitPerIndex") is None:
        yield invalid(f"{path}.action", "FailIndex", "requires the backoffLimitPerIndex to be set")
    if codes is not None:
        yield from _exit_codes(codes, job, f"{path}.onExitCodes")
    if codes is not None and conditions:
        yield f"{path}: Invalid value: specifying both OnExitCodes and OnPodConditions is not supported"
    if codes is None and not conditions:
        yield f"{path}: Invalid value: specifying one of OnExitCodes and OnPodConditions is required"
    yield from _too_many("onPodConditions", conditions or (), path)
    for index, pattern in enumerate(conditions or ()):
        yield from _condition(pattern, f"{path}.onPodConditions[{index}]")


def _condition(pattern: Json, path: str) -> Iterator[str]:
    yield from qualified(pattern.get("type"), f"{path}.type")
    status = pattern.get("status")
    if status not in (None, "", *_STATUSES):
        yield unsupported(f"{path}.status", status, _STATUSES)


def _exit_codes(codes: Json, job: Json, path: str) -> Iterator[str]:
    operator, values = codes.get("operator"), codes.get("values") or []
    if not operator:
        yield required(f"{path}.operator", 'valid values: ["In" "NotIn"]')
    name = codes.get("containerName")
    if name is not None and name not in _containers(job):
        why = "must be one of the container or initContainer names in the pod template"
        yield invalid(f"{path}.containerName", name, why)
    if not values:
        yield invalid(f"{path}.values", [], "at least one value is required")
    yield from _too_many("values", values, path)
    for index, value in enumerate(values):
        if operator == "In" and value == 0:
            yield invalid(f"{path}.values[{index}]", 0, "must not be 0 for the In operator")
    if values != sorted(values):
        yield invalid(f"{path}.values", values, "must be ordered")


def _containers(job: Json) -> set[Any]:
    pod = at(job, "template", "spec") or {}
    return {each.get("name") for key in ("containers", "initContainers") for each in pod.get(key) or ()}


def _too_many(name: str, items: Any, path: str) -> Iterator[str]:
    if len(items) > _MOST[name]:
        yield f"{path}.{name}: Too many: {len(items)}: must have at most {_MOST[name]} items"
