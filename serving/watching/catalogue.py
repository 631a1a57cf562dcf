"""The alert rules of the traffic path: reads rules/<subject>.yaml.

Each entry is an alert by its name, with its runbook and with the fault that a test raises it by. In texts, `${model}`,
`${startup}`, `${threshold}`, `${percent}` (the threshold times 100) and `${gpu}` are filled in when the rules are
rendered.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import cast

from facts.engine_yaml import parse_yaml
from facts.problem import Problem, refuse

FOLDER = Path(__file__).parent / "rules"
_NAME = re.compile(r"([A-Z][a-z0-9]+)+")

FEATURES: Mapping[str, str] = {
    "engines": "models",
    "smg": "routers with the implementation smg",
    "vllm-router": "routers with the implementation vllm-router",
    "gateway": "Envoy Gateway",
    "aiGateway": "Envoy AI Gateway",
    "gpu": "AMD's metrics exporter",
    "weights": "weights that are staged to the nodes",
    "keda": "KEDA",
    "certManager": "cert-manager",
}
"""What an alert can require of its environment. If nothing sends the metric, the alert never fires, or always."""

EACH: Mapping[str, str] = {
    "model": "models; `startup` is how long an engine may take to start",
    "candidate": "candidates of models; `startup` is how long a candidate may have no engine",
}
"""What an alert can have a rule for."""

OBJECTIVES = ("availability", "firstToken", "interToken")
BURNS = ("fast", "medium", "slow")


@dataclass(frozen=True, kw_only=True)
class Severity:
    """How urgent an alert is. The times are the toolkit's own defaults: agree on yours and set them."""

    respond_minutes: int
    """Minutes until someone has begun to work on it."""

    escalate_minutes: int
    """Minutes until the next person is called if nobody has."""

    meaning: str


SEVERITIES: Mapping[str, Severity] = {
    "P1": Severity(respond_minutes=15, escalate_minutes=30, meaning="users get no answers, or wrong ones"),
    "P2": Severity(
        respond_minutes=30, escalate_minutes=120, meaning="many users are affected, or soon will be"
    ),
    "P3": Severity(
        respond_minutes=240, escalate_minutes=1440, meaning="reserve is lost; users notice little"
    ),
    "P4": Severity(respond_minutes=1440, escalate_minutes=10080, meaning="to be planned"),
}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """The change of a quiet hour (quiet_hour.yaml) that raises an alert."""

    series: Mapping[str, str | float]
    """Values of series that replace those of the quiet hour, in its notation."""

    after: str = "30m"
    """Time at which the alert fires, in Prometheus' notation."""

    interval: str = "1m"
    """Interval of samples and evaluations. A long one keeps tests of long windows short."""

    also: tuple[str, ...] = ()
    """Other alerts that the same fault raises at that time."""


@dataclass(frozen=True, kw_only=True)
class AlertDefinition:
    """One entry of a rules file."""

    severity: str
    """A key of SEVERITIES."""

    summary: str
    """One line for a message. Prometheus fills in `{{ $labels.… }}`."""

    means: str
    """The meaning of the alert for users, and likely causes."""

    commands: tuple[str, ...]
    """The first three commands to type. Words in capitals are placeholders."""

    ends: str
    """What to do, and when the alert ends."""

    fault: Fault
    near: Mapping[str, str | float] = field(default_factory=dict[str, str | float])
    """Values of series that are nearly the fault and raise nothing."""

    expr: str = ""
    """The condition in PromQL. Empty for the alerts of an objective."""

    for_: str = "0m"
    """How long the condition must be true."""

    threshold: float | None = None
    """Value for `${threshold}`, in the metric's unit. The settings may change it."""

    below: float | None = None
    """Threshold from which the alert can never fire: 1 for a share, 100 for percent. Default: there is none."""

    each: str = ""
    """A key of EACH: one rule for each of them, with `${model}` and `${startup}`. Default: one rule."""

    only_with: str = ""
    """Keys of FEATURES. The environment needs one of them. Default: every environment gets the alert."""

    objective: str = ""
    """One of OBJECTIVES, whose burn rate the alert reports."""

    burn: str = ""
    """One of BURNS: the windows of the burn rate."""

    def wanted(self, features: frozenset[str]) -> bool:
        """Whether an environment with these features gets the alert."""
        return not self.only_with or bool(features & set(self.only_with.split(" ")))


def subjects() -> tuple[str, ...]:
    """The subjects with alerts."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yaml")))


@cache
def load_subject(subject: str) -> Mapping[str, AlertDefinition]:
    """The alerts of a subject by name. Raises InvalidInput if the file is invalid."""
    return parse_rules((FOLDER / f"{subject}.yaml").read_text(encoding="utf-8"), subject)


def all_alerts() -> Mapping[str, AlertDefinition]:
    """All alerts by name."""
    return {name: alert for subject in subjects() for name, alert in load_subject(subject).items()}


def parse_rules(text: str, path: str) -> Mapping[str, AlertDefinition]:
    """Alert definitions from YAML. Raises InvalidInput with all problems at once."""
    entries = cast("Mapping[str, object]", parse_yaml(text, path).value or {})
    refuse(
        [problem for name, entry in entries.items() for problem in _shape_problems(name, entry, path)],
        f"the rules of {path}",
    )
    alerts = {name: _definition(cast("dict[str, object]", entry)) for name, entry in entries.items()}
    refuse(
        [each for name, alert in alerts.items() for each in definition_problems(alert, f"{path}.{name}")],
        f"the rules of {path}",
    )
    return alerts


def definition_problems(alert: AlertDefinition, path: str) -> Iterator[Problem]:
    """Problems of one definition, except those of its query."""
    if alert.severity not in SEVERITIES:
        yield Problem.not_one_of(f"{path}.severity", alert.severity, SEVERITIES)
    for feature in alert.only_with.split(" ") if alert.only_with else ():
        if feature not in FEATURES:
            yield Problem.not_one_of(f"{path}.onlyWith", feature, FEATURES)
    if len(alert.commands) != 3:
        yield Problem(f"{path}.commands", len(alert.commands), "must be three commands")
    if bool(alert.expr) == bool(alert.objective):
        yield Problem(f"{path}.expr", alert.expr, "must be set if there is no objective, and only then")
    if alert.objective and alert.objective not in OBJECTIVES:
        yield Problem.not_one_of(f"{path}.objective", alert.objective, OBJECTIVES)
    if alert.objective and alert.burn not in BURNS:
        yield Problem.not_one_of(f"{path}.burn", alert.burn, BURNS)
    if (alert.threshold is None) == ("${threshold}" in alert.expr):
        yield Problem(
            f"{path}.threshold", alert.threshold, "must be set if the query has ${threshold}, and only then"
        )
    yield from _each_problems(alert, f"{path}.each")


def _each_problems(alert: AlertDefinition, path: str) -> Iterator[Problem]:
    if alert.each and alert.each not in EACH:
        yield Problem.not_one_of(path, alert.each, EACH)
    if ("${model}" in alert.expr) != bool(alert.each):
        yield Problem(path, alert.each, "must be set if the query has ${model}, and only then")


_NAMES = {"for_": "for"}
_KEYS = {
    _NAMES.get(
        each.name, re.sub(r"_(\w)", lambda match: match[1].upper(), each.name, flags=re.ASCII)
    ): each.name
    for each in fields(AlertDefinition)
}
_REQUIRED = ("severity", "summary", "means", "commands", "ends", "fault")
_FAULT_KEYS = tuple(each.name for each in fields(Fault))


def _shape_problems(name: str, entry: object, path: str) -> Iterator[Problem]:
    at = f"{path}.{name}"
    if not _NAME.fullmatch(name):
        yield Problem(at, name, "must be words that begin with a capital, without hyphens")
    if not isinstance(entry, dict):
        yield Problem(at, entry, "must be a mapping")
        return
    values = cast("Mapping[str, object]", entry)
    for key, value in values.items():
        if key not in _KEYS:
            yield Problem.not_one_of(f"{at}.{key}", key, _KEYS, "is not a key of an alert", shown=value)
    for key in _REQUIRED:
        if key not in values:
            yield Problem(f"{at}.{key}", None, "must be given")
    fault = values.get("fault")
    for key in cast("dict[str, object]", fault) if isinstance(fault, dict) else dict[str, object]():
        if key not in _FAULT_KEYS:
            yield Problem.not_one_of(f"{at}.fault.{key}", key, _FAULT_KEYS)


def _definition(entry: dict[str, object]) -> AlertDefinition:
    values = {_KEYS[key]: value for key, value in entry.items()}
    fault = cast("dict[str, object]", values["fault"])
    fault["also"] = tuple(cast("list[str]", fault.get("also", [])))
    values |= {"fault": Fault(**fault), "commands": tuple(cast("list[str]", values["commands"]))}  # pyright: ignore[reportArgumentType]  checked above
    return AlertDefinition(**values)  # pyright: ignore[reportArgumentType]  checked above
