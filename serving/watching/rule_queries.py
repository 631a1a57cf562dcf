"""Queries that Prometheus accepts and that nevertheless never answer, or answer always."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import promql_parser as promql

from facts.problem import Problem
from facts.scraped_metrics import EXPORTED, TARGET_LABELS, ScrapedMetric

from .monitors import INTERVAL
from .promql import adds_labels, filters, parse, parts, selectors

_SCRAPE = timedelta(seconds=int(INTERVAL.removesuffix("s")))

_OF_TWO = frozenset(
    {"rate", "irate", "increase", "delta", "idelta", "deriv", "predict_linear", "changes", "resets"}
)
"""Functions of a range that need two samples (promql/functions.go of Prometheus 3)."""


def window_problems(query: str, *, path: str) -> Iterator[Problem]:
    """Ranges so short that they never have the samples that their function needs."""
    parsed = parse(query)
    if not isinstance(parsed, str):
        yield from _windows(parsed, path)


def _windows(query: promql.Expr, path: str) -> Iterator[Problem]:
    if isinstance(query, promql.Call):
        samples = 2 if query.func.name in _OF_TWO else 1
        for each in query.args:
            if isinstance(each, promql.MatrixSelector) and each.range < samples * _SCRAPE:
                least = f"{samples * _SCRAPE.seconds}s"
                allowed = f"must have a range of {least} or more: with a sample every {INTERVAL}, it returns nothing"
                yield Problem(path, query.prettify(), allowed, "Use four times the interval or more, e.g. 1m")
    for part in parts(query):
        yield from _windows(part, path)


def condition_problems(query: str, *, path: str) -> Iterator[Problem]:
    """What is no condition of an alert: a query that Prometheus cannot evaluate as a rule, or that always fires."""
    parsed = parse(query)
    if isinstance(parsed, str):
        return
    if isinstance(failure := parse(f"sum({query}\n)"), str):
        yield Problem(path, query, f"must return a vector, as every rule: {failure}")
    elif not filters(parsed):
        allowed = (
            "must be a condition: it always has a value, whatever that is, so the alert would always fire"
        )
        yield Problem(path, query, allowed, "Compare it, e.g. > 5")


def labels_of(query: str, known: Mapping[str, ScrapedMetric]) -> frozenset[str] | None:
    """Labels that the answer of a query may have. None if the query adds some, or has an unknown metric."""
    parsed = parse(query)
    if isinstance(parsed, str) or adds_labels(parsed):
        return None
    metrics = [known.get(each.name) for each in selectors(parsed)]
    found = {label for metric in metrics if metric is not None for label in metric.labels}
    return None if None in metrics else frozenset(found) | TARGET_LABELS | EXPORTED
