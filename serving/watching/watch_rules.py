"""Problems of what an environment watches."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from facts.problem import Problem, did_you_mean
from facts.scraped_metrics import ScrapedMetric
from facts.web_addresses import shown_address, split_address

from .alertmanager import WATCHDOG
from .catalogue import SEVERITIES, all_alerts
from .objectives import ObjectiveChoices, objective_problems
from .promql import query_problems

_NAME = re.compile(r"([A-Z][A-Za-z0-9]+)")
_SUMMARY = re.compile(r"(?=.*\S)(?:(?!\{\{|\}\}).|\{\{(?:(?!\{\{|\}\}).)+\}\})+")
_TIME = re.compile(r"0m|[1-9][0-9]{0,3}[smhd]")


class OwnRuleChoices(Protocol):
    """The plain values of a user's own alert."""

    @property
    def expr(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def for_time(self) -> str | None: ...
    @property
    def runbook(self) -> str | None: ...


class WatchChoices(Protocol):
    """The plain values that the settings and the component share."""

    @property
    def objectives(self) -> ObjectiveChoices | None: ...
    @property
    def thresholds(self) -> Mapping[str, float] | None: ...
    @property
    def runbooks(self) -> str | None: ...
    @property
    def rules(self) -> Mapping[str, OwnRuleChoices] | None: ...


def watch_problems(
    choices: WatchChoices, known: Mapping[str, ScrapedMetric], *, path: str
) -> Iterator[Problem]:
    """Objectives off a bucket, thresholds of unknown alerts, and own rules on metrics that do not exist."""
    if choices.objectives is not None:
        yield from objective_problems(choices.objectives, path=f"{path}.objectives")
    yield from _threshold_problems(choices.thresholds or {}, f"{path}.thresholds")
    yield from _address_problems(choices.runbooks, f"{path}.runbooks")
    for name, rule in (choices.rules or {}).items():
        yield from _own_rule_problems(name, rule, known, f"{path}.rules.{name}")


def _threshold_problems(thresholds: Mapping[str, float], path: str) -> Iterator[Problem]:
    alerts = all_alerts()
    for name, value in thresholds.items():
        if name not in alerts:
            allowed = "must be the threshold of one of the alerts (docs/runbooks)"
            yield Problem(f"{path}.{name}", value, allowed, did_you_mean(name, alerts))
        elif alerts[name].threshold is None:
            yield Problem(f"{path}.{name}", value, "must be left out: the alert has no threshold")
        elif not 0 <= value < float("inf"):
            yield Problem(f"{path}.{name}", value, "must be a number from 0")


def _address_problems(address: str | None, path: str) -> Iterator[Problem]:
    if address is not None and (not address.startswith("https://") or address.endswith("/")):
        yield Problem(path, address, "must be an address that begins with https:// and does not end with /")


def _own_rule_problems(
    name: str, rule: OwnRuleChoices, known: Mapping[str, ScrapedMetric], path: str
) -> Iterator[Problem]:
    if not _NAME.fullmatch(name):
        yield Problem(path, name, "must have a name of letters and digits that begins with a capital")
    if name in all_alerts():
        yield Problem(path, name, "must have another name than the toolkit's own alerts")
    if name == WATCHDOG:
        allowed = "must have another name: Alertmanager sends alerts of this name to heartbeats only"
        yield Problem(path, name, allowed)
    if not _SUMMARY.fullmatch(rule.summary):
        allowed = "must be one line, in which each {{ has its }}: Prometheus reads it as a template"
        yield Problem(f"{path}.summary", rule.summary, allowed)
    if rule.severity not in SEVERITIES:
        yield Problem.not_one_of(f"{path}.severity", rule.severity, SEVERITIES)
    if rule.runbook is not None and split_address(rule.runbook) is None:
        allowed = "must be the address of a page that begins with https://"
        yield Problem(f"{path}.runbook", shown_address(rule.runbook), allowed)
    if rule.for_time is not None and not _TIME.fullmatch(rule.for_time):
        yield Problem(f"{path}.forTime", rule.for_time, "must be a time such as 5m, 1h or 0m")
    yield from query_problems(rule.expr, known, path=f"{path}.expr")


def namespace_problems(namespaces: Sequence[str], features: Sequence[str], *, path: str) -> Iterator[Problem]:
    """Monitors of engines or routers that would watch no namespace."""
    if not namespaces and set(features) & {"engines", "smg", "vllm-router"}:
        yield Problem(path, list(namespaces), "must name the namespaces of the models")
