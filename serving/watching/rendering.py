"""Renders the catalogue's rules for one environment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from facts.scraped_metrics import ScrapedMetric, known_series
from serving.routing.target import CANDIDATE

from .catalogue import SEVERITIES, AlertDefinition, load_subject, subjects
from .objectives import burn_expression, objectives, recordings

Rule = dict[str, object]

RUNBOOKS = "docs/runbooks"
"""Folder of the runbooks in this project."""


@dataclass(frozen=True, kw_only=True)
class Objectives:
    """Service level objectives. None: the default."""

    availability_percent: float | None = None
    first_token_seconds: float | None = None
    inter_token_seconds: float | None = None


@dataclass(frozen=True, kw_only=True)
class OwnRule:
    """An alert of the user's own."""

    expr: str
    severity: str
    summary: str
    for_time: str
    runbook: str


OWN = "own"
"""Subject of the user's own alerts."""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What an environment watches."""

    features: frozenset[str]
    """Keys of `catalogue.FEATURES`."""

    models: Mapping[str, int]
    """Seconds that an engine may take to start, by the name of the model."""

    candidates: Mapping[str, int] = field(default_factory=dict[str, int])
    """Seconds that a candidate may have no engine, by the name of its model."""

    gpu_prefix: str = "amd_"
    objectives: Objectives = Objectives()
    thresholds: Mapping[str, float] = field(default_factory=dict[str, float])
    hour_prices: Mapping[str, float] = field(default_factory=dict[str, float])
    """Price of one engine in an hour, by model."""

    own: Mapping[str, OwnRule] = field(default_factory=dict[str, OwnRule])
    runbooks: str = RUNBOOKS
    """Address of the folder of the runbooks, without a slash at the end."""


def rule_groups(watched: Watched) -> Mapping[str, Sequence[Rule]]:
    """The rules of each subject that has any. Recording rules come first, so that alerts read the newest values."""
    found = {subject: [*_subject_rules(subject, watched)] for subject in subjects()}
    if "engines" in watched.features:
        recorded: list[Rule] = [
            {"record": name, "expr": expr}
            for objective in objectives(watched.objectives, watched.features).values()
            for name, expr in recordings(objective)
        ]
        found["objectives"] = [*recorded, *found["objectives"]]
    found[OWN] = [_own_rule(name, rule) for name, rule in watched.own.items()]
    return {subject: rules for subject, rules in found.items() if rules}


def all_series(gpu_prefix: str) -> Mapping[str, ScrapedMetric]:
    """Every series that a query may read: the scraped ones and the recorded ones."""
    recorded = {
        name: ScrapedMetric(name=name, kind="gauge", labels=frozenset(), source="objectives")
        for objective in objectives(Objectives(), frozenset()).values()
        for name, _ in recordings(objective)
    }
    return {**known_series(gpu_prefix), **recorded}


def _subject_rules(subject: str, watched: Watched) -> Iterator[Rule]:
    for name, alert in load_subject(subject).items():
        if not alert.wanted(watched.features):
            continue
        for model, startup in _watched_by(alert, watched).items():
            yield _rule(name, alert, watched, {"model": model, "startup": f"{startup}s"})


def _watched_by(alert: AlertDefinition, watched: Watched) -> Mapping[str, int]:
    """What the alert has a rule for: seconds by model."""
    return {"": {"": 0}, "model": watched.models, "candidate": watched.candidates}[alert.each]


def _rule(name: str, alert: AlertDefinition, watched: Watched, words: Mapping[str, str]) -> Rule:
    threshold = watched.thresholds.get(name, alert.threshold)
    filled = {**words, **threshold_words(threshold), "gpu": watched.gpu_prefix}
    expr = alert.expr
    if alert.objective:
        wanted = objectives(watched.objectives, watched.features)[alert.objective]
        expr = burn_expression(wanted, alert.burn)
    annotations = {
        "summary": fill(alert.summary, filled),
        "description": fill(alert.means, filled),
        "runbook_url": f"{watched.runbooks}/{name}.md",
    }
    rule = _alert(name, fill(expr, filled), fill(alert.for_, filled), alert.severity, annotations)
    return {**rule, "labels": {"severity": alert.severity, **_own_labels(alert, words["model"])}}


def _own_labels(alert: AlertDefinition, model: str) -> Mapping[str, str]:
    """Labels that tell the rules of one alert apart. Without them, `absent` gives all of them the same labels, and
    Alertmanager takes two alerts for one."""
    found = {"model_name": model} if alert.each else {}
    return found | ({"track": CANDIDATE} if alert.each == "candidate" else {})


def _own_rule(name: str, rule: OwnRule) -> Rule:
    annotations = {"summary": rule.summary, "runbook_url": rule.runbook}
    given = {key: text for key, text in annotations.items() if text}
    return _alert(name, rule.expr, rule.for_time, rule.severity, given)


def _alert(name: str, expr: str, for_time: str, severity: str, annotations: Mapping[str, str]) -> Rule:
    times = SEVERITIES[severity]
    return {
        "alert": name,
        "expr": expr,
        "for": for_time,
        "labels": {"severity": severity},
        "annotations": {
            **annotations,
            "respond_within": in_words(times.respond_minutes),
            "escalate_after": in_words(times.escalate_minutes),
        },
    }


def threshold_words(threshold: float | None) -> Mapping[str, str]:
    """A threshold for `${threshold}`, and as `${percent}` if it is a share."""
    value = threshold or 0
    return {"threshold": f"{value:g}", "percent": f"{100 * value:g}"}


def fill(text: str, words: Mapping[str, str]) -> str:
    """A text with the values of `${…}`."""
    for word, value in words.items():
        text = text.replace(f"${{{word}}}", value)
    return text


def in_words(minutes: int) -> str:
    """A time such as `15 minutes`, `4 hours` or `7 days`."""
    for size, unit in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes % size == 0 and minutes >= size:
            count = minutes // size
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return "at once"
