"""Values of kube-prometheus-stack beside receivers of alerts, with which the receivers would get nothing.

Sources: values.yaml and templates/alertmanager/alertmanager.yaml of kube-prometheus-stack 88.5.3, and the type
AlertmanagerSpec in pkg/apis/monitoring/v1 of prometheus-operator.
"""

from collections.abc import Iterator, Mapping
from typing import cast

from facts.problem import Problem
from infra.settings.serving import Serving
from serving.watching.alertmanager import CONFIG_SECRET

VALUES = "serving.platform.prometheus.values"
_WITH = "traffic.watching.receivers"

_REPLACED = ("useExistingSecret", "configSecret", "volumes", "volumeMounts", "alertmanagerConfiguration")
"""Keys of the Alertmanager that say where its configuration and the secrets are. Helm replaces lists."""

_WATCHDOG: Mapping[str, object] = {"create": False, "rules.general": False, "disabled.Watchdog": True}
"""Keys of `defaultRules`, with the values that remove the alert of heartbeats."""


def own_alerting_problems(serving: Serving, *, beats: bool) -> Iterator[Problem]:
    """Values that replace the configuration of Alertmanager, or remove it. `beats`: a receiver is a heartbeat."""
    chart = serving.platform.prometheus
    values = chart.values if chart else {}
    own = _mapping(values, "alertmanager")
    path = f"{VALUES}.alertmanager"
    for key in ("config", "stringConfig"):
        if key in own:
            allowed = f"has no effect with {_WITH}: Alertmanager reads the Secret {CONFIG_SECRET}"
            yield Problem(f"{path}.{key}", "given", allowed, "Remove one of them")
    spec = _mapping(own, "alertmanagerSpec")
    for key in _REPLACED:
        if key in spec:
            allowed = f"must be left out with {_WITH}: it would replace where Alertmanager finds them"
            yield Problem(f"{path}.alertmanagerSpec.{key}", "given", allowed, "Remove one of them")
    none = f"would leave no Alertmanager for {_WITH}"
    if own.get("enabled") is False:
        yield Problem(f"{path}.enabled", False, none, "Remove one of them")
    if spec.get("replicas") == 0:
        yield Problem(f"{path}.alertmanagerSpec.replicas", 0, none, "Two is the default")
    if beats:
        yield from _watchdog_problems(_mapping(values, "defaultRules"))


def _watchdog_problems(rules: Mapping[str, object]) -> Iterator[Problem]:
    for key, removes in _WATCHDOG.items():
        group, _, name = key.rpartition(".")
        if (_mapping(rules, group) if group else rules).get(name) is removes:
            allowed = "removes the alert Watchdog, whose messages the receiver of the kind heartbeat gets"
            yield Problem(f"{VALUES}.defaultRules.{key}", removes, allowed, "Remove one of them")


def _mapping(holder: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = holder.get(key)
    return cast(Mapping[str, object], found) if isinstance(found, Mapping) else {}
