"""Values of kube-prometheus-stack beside receivers of alerts, with which the receivers would get nothing.

Sources: values.yaml and templates/alertmanager/alertmanager.yaml of kube-prometheus-stack 88.5.3, and the type
AlertmanagerSpec in pkg/apis/monitoring/v1 of prometheus-operator.
"""

from collections.abc import Iterator, Mapping
from typing import cast

from facts.problem import Problem
from serving.watching.alertmanager import CONFIG_SECRET

VALUES = "serving.platform.prometheus.values"
_WITH = "traffic.watching.receivers"

_REPLACED = ("useExistingSecret", "configSecret", "volumes", "volumeMounts", "alertmanagerConfiguration")
"""Keys of the Alertmanager that say where its configuration and the secrets are. Helm replaces lists."""


def own_alerting_problems(values: Mapping[str, object]) -> Iterator[Problem]:
    """Values that replace the configuration of Alertmanager. `prometheus_needs` has those that remove it."""
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


def _mapping(holder: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = holder.get(key)
    return cast(Mapping[str, object], found) if isinstance(found, Mapping) else {}
