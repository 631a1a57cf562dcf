"""Problems of what an environment watches."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from facts.problem import Problem, did_you_mean
from facts.scraped_metrics import ScrapedMetric
from facts.web_addresses import shown_address, split_address
from serving.routing.target import ROUTERS

from .alertmanager import WATCHDOG
from .catalogue import SEVERITIES, all_alerts
from .objectives import ObjectiveChoices, objective_problems
from .promql import query_problems
from .rule_queries import condition_problems, labels_of, window_problems
from .rule_text import summary_problems

_NAME = re.compile(r"([A-Z][A-Za-z0-9]+)")
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
        elif (most := alerts[name].below) is not None and value >= most:
            unit = "it is a share, not percent" if most == 1 else "it is in percent"
            allowed = f"must be below {most:g}: {unit}, so the alert would never fire"
            yield Problem(f"{path}.{name}", value, allowed, f"The default is {alerts[name].threshold:g}")


def _address_problems(address: str | None, path: str) -> Iterator[Problem]:
    if address is None:
        return
    if not _is_page(address) or address.endswith("/") or any(mark in address for mark in "?#"):
        allowed = "must be an address that begins with https:// and does not end with /, without ? and #"
        yield Problem(path, shown_address(address), allowed, "The name of each page is added to it")


def _is_page(address: str) -> bool:
    """Whether it is the address of a page, which Prometheus does not read as a template."""
    return split_address(address) is not None and not any(each in address for each in ("{{", "}}"))


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
    yield from summary_problems(rule.summary, labels_of(rule.expr, known), f"{path}.summary")
    if rule.severity not in SEVERITIES:
        yield Problem.not_one_of(f"{path}.severity", rule.severity, SEVERITIES)
    if rule.runbook is not None and not _is_page(rule.runbook):
        allowed = "must be the address of a page that begins with https://"
        yield Problem(f"{path}.runbook", shown_address(rule.runbook), allowed)
    if rule.for_time is not None and not _TIME.fullmatch(rule.for_time):
        yield Problem(f"{path}.forTime", rule.for_time, "must be a time such as 5m, 1h or 0m")
    wrong = list(query_problems(rule.expr, known, path=f"{path}.expr"))
    yield from wrong
    if not wrong:
        yield from window_problems(rule.expr, path=f"{path}.expr")
        yield from condition_problems(rule.expr, path=f"{path}.expr")


def namespace_problems(namespaces: Sequence[str], features: Sequence[str], *, path: str) -> Iterator[Problem]:
    """Monitors of engines or routers that would watch no namespace."""
    if not namespaces and set(features) & {"engines", *ROUTERS}:
        yield Problem(path, list(namespaces), "must name the namespaces of the models")
