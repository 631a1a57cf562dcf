"""Problems of the autoscaler's choices."""

import math
import re
from collections.abc import Iterator, Mapping

from facts.problem import Problem
from facts.scraped_metrics import ScrapedMetric, bucket_edges
from serving.watching.objectives import FIRST_TOKEN
from serving.watching.promql import filters, one_series_problems, parse, query_problems
from serving.watching.rule_queries import window_problems

from .policy import OwnQueryChoices, ScalingChoices, policy_of

MOST_ENGINES = 1000
OUT_SECONDS = (15, 1800)
IN_SECONDS = (60, 1800)
"""Kubernetes allows periods of 1 to 1,800 s, and computes every 15 s (pkg/apis/autoscaling/validation)."""

MOST_PER_ENGINE = 1_000_000
OWN_SIGNALS = ("requests", "cache", "first-token")
_NAME = re.compile(r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?")


def scaling_problems(
    choices: ScalingChoices, known: Mapping[str, ScrapedMetric], *, path: str
) -> Iterator[Problem]:
    """Bounds, thresholds, periods and queries with which the autoscaler could not work."""
    yield from _bound_problems(choices, path)
    yield from _threshold_problems(choices, path)
    for key, value, (low, high) in (
        ("outSeconds", choices.out_seconds, OUT_SECONDS),
        ("inSeconds", choices.in_seconds, IN_SECONDS),
    ):
        if value is not None and not low <= value <= high:
            yield Problem(f"{path}.{key}", value, f"must be {low} to {high:,} seconds")
    edges = bucket_edges(FIRST_TOKEN)
    late = choices.first_token_seconds
    if late is not None and late not in edges:
        shown = ", ".join(f"{edge:g}" for edge in edges)
        yield Problem(f"{path}.firstTokenSeconds", late, f"must be a bucket of {FIRST_TOKEN}: {shown}")
    for name, query in (choices.queries or {}).items():
        yield from _query_problems(name, query, known, f"{path}.queries.{name}")


def _bound_problems(choices: ScalingChoices, path: str) -> Iterator[Problem]:
    low, high = choices.min_engines, choices.max_engines
    if low == 0:
        allowed = f"must be 1 to {MOST_ENGINES:,}: an engine on MI300X takes many minutes to start"
        yield Problem(f"{path}.minEngines", low, allowed, "A first request would wait that long")
    elif low is not None and not 1 <= low <= MOST_ENGINES:
        yield Problem(f"{path}.minEngines", low, f"must be 1 to {MOST_ENGINES:,}")
    if high is not None and not 1 <= high <= MOST_ENGINES:
        yield Problem(f"{path}.maxEngines", high, f"must be 1 to {MOST_ENGINES:,}")
    elif low is not None and high is not None and low > high:
        yield Problem(f"{path}.minEngines", low, f"must be at most maxEngines, {high}")


def _threshold_problems(choices: ScalingChoices, path: str) -> Iterator[Problem]:
    policy = policy_of(choices)
    requests, cache = policy.requests, policy.cache
    given = {
        "requestsOut": (choices.requests_out, MOST_PER_ENGINE, 0),
        "requestsIn": (choices.requests_in, MOST_PER_ENGINE, 0),
        "cachePercentOut": (choices.cache_percent_out, 100, 1),
        "cachePercentIn": (choices.cache_percent_in, 100, 1),
    }
    wrong: set[str] = set()
    for key, (value, most, least) in given.items():
        if value is not None and not (0 < value <= most and value >= least):
            wrong.add(key)
            allowed = (
                f"must be {least} to {most} percent" if least else f"must be above 0, and {most:,} or less"
            )
            yield Problem(f"{path}.{key}", value, allowed)
    if not wrong & {"requestsOut", "requestsIn"} and requests.into >= requests.out:
        yield _out_of_order(f"{path}.requestsIn", requests.into, "requestsOut", requests.out)
    if not wrong & {"cachePercentOut", "cachePercentIn"} and cache.into >= cache.out:
        yield _out_of_order(f"{path}.cachePercentIn", cache.into * 100, "cachePercentOut", cache.out * 100)


def _out_of_order(path: str, value: float, above: str, most: float) -> Problem:
    allowed = f"must be below {above}, {most:g}: an engine would come and go again and again"
    return Problem(path, float(f"{value:g}"), allowed)


def _query_problems(
    name: str, query: OwnQueryChoices, known: Mapping[str, ScrapedMetric], path: str
) -> Iterator[Problem]:
    if not _NAME.fullmatch(name):
        yield Problem(path, name, "must have a name of 1 to 40 of a-z, 0-9 and -, that begins with a letter")
    if name in OWN_SIGNALS:
        yield Problem(path, name, f"must have another name than the toolkit's own: {', '.join(OWN_SIGNALS)}")
    wrong = list(query_problems(query.expr, known, path=f"{path}.expr"))
    yield from wrong
    yield from one_series_problems(query.expr, path=f"{path}.expr")
    if not wrong:
        yield from window_problems(query.expr, path=f"{path}.expr")
        yield from _form_problems(query.expr, f"{path}.expr")
    values = {"outAbove": query.out_above, "inBelow": query.in_below}
    for key, value in values.items():
        if not 0 < value < math.inf:
            yield Problem(f"{path}.{key}", value, "must be a number above 0")
    if 0 < query.out_above <= query.in_below < math.inf:
        yield _out_of_order(f"{path}.inBelow", query.in_below, "outAbove", query.out_above)


def _form_problems(expr: str, path: str) -> Iterator[Problem]:
    """What the toolkit's own query around it could not use."""
    parsed = parse(expr)
    if isinstance(failure := parse(f"sum({expr}\n)"), str):
        yield Problem(path, expr, f"must return a vector: {failure}", "Use vector(…)")
    elif isinstance(parse(f"sum({expr})"), str):
        yield Problem(
            path, expr, "must not end with a comment: a query goes on behind it", "Remove the comment"
        )
    elif not isinstance(parsed, str) and filters(parsed):
        allowed = (
            "must have a value at all times, also while its comparison is false: else no engine is removed"
        )
        yield Problem(path, expr, allowed, "Write `> bool`, or add `or vector(0)`")
