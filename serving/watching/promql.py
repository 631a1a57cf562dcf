"""Checks of queries in Prometheus' language: the grammar, and whether metrics, labels and buckets exist."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import promql_parser as promql

from facts.problem import Problem
from facts.scraped_metrics import EXPORTED, TARGET_LABELS, ScrapedMetric

_VALUES = re.compile(r"[^|()\[\]*+?^$\\]+(\|[^|()\[\]*+?^$\\]+)*")
_FUNCTION_LABELS = frozenset({"label_replace", "label_join"})
_SELECTING = frozenset({"topk", "bottomk", "limitk", "limit_ratio"})
"""Aggregations that return some of their series, with all labels."""

_ONE_VALUE = frozenset({"absent", "absent_over_time", "scalar", "time", "vector"})


_LONGEST, _DEEPEST = 10_000, 100
"""Characters and levels of a query. The longest rule of this toolkit has a tenth of them."""


@dataclass(frozen=True)
class Series:
    """One selector of a query."""

    name: str
    matchers: tuple[tuple[str, str, bool], ...]
    """Label, value, and whether the value is a regular expression."""

    equal: tuple[tuple[str, str], ...] = ()
    """Label and value of the matchers with `=`."""


def parse(query: str) -> promql.Expr | str:
    """The parsed query, or what is wrong with it."""
    if len(query) > _LONGEST:
        return f"it has {len(query):,} characters, and {_LONGEST:,} are allowed"
    try:
        parsed = promql.parse(query)
    except ValueError as wrong:
        return str(wrong)
    return f"it is nested more than {_DEEPEST} levels deep" if _is_deep(parsed) else parsed


def _is_deep(query: promql.Expr) -> bool:
    """Whether functions that call themselves for each part would exceed Python's stack."""
    level = [query]
    for _ in range(_DEEPEST):
        level = [part for each in level for part in parts(each)]
        if not level:
            return False
    return True


def selectors(query: promql.Expr) -> Iterator[Series]:
    """Every selector, also those in ranges and subqueries."""
    match query:
        case promql.VectorSelector():
            found = query.matchers.matchers
            matchers = tuple(
                (each.name, each.value, each.op in (promql.MatchOp.Re, promql.MatchOp.NotRe))
                for each in found
                if each.name != "__name__"
            )
            equal = tuple((each.name, each.value) for each in found if each.op == promql.MatchOp.Equal)
            own = next((each.value for each in found if each.name == "__name__"), "")
            yield Series(query.name or own, matchers, equal)
        case promql.MatrixSelector():
            yield from selectors(query.vector_selector)
        case _:
            for part in parts(query):
                yield from selectors(part)


def parts(query: promql.Expr) -> Iterator[promql.Expr]:
    """The queries of which a query consists, without those of its ranges."""
    match query:
        case promql.Call():
            yield from query.args
        case promql.BinaryExpr():
            yield from (query.lhs, query.rhs)
        case promql.AggregateExpr():
            yield query.expr
            if query.param is not None:
                yield query.param
        case promql.ParenExpr() | promql.SubqueryExpr() | promql.UnaryExpr():
            yield query.expr
        case _:
            pass


def grouped_labels(query: promql.Expr) -> Iterator[str]:
    """Labels that the query groups by or matches on."""
    if isinstance(query, promql.AggregateExpr) and query.modifier is not None:
        yield from query.modifier.labels
    if isinstance(query, promql.BinaryExpr) and query.modifier is not None:
        yield from query.modifier.group_labels or ()
        if query.modifier.matching is not None:
            yield from query.modifier.matching.labels
    for part in parts(query):
        yield from grouped_labels(part)


def query_problems(query: str, known: Mapping[str, ScrapedMetric], *, path: str) -> Iterator[Problem]:
    """What is wrong with a query: its grammar, or metrics, labels and buckets that nothing sends."""
    parsed = parse(query)
    if isinstance(parsed, str):
        yield Problem(path, query, f"must be a query of Prometheus: {parsed}")
        return
    found = list(selectors(parsed))
    if not found:
        yield Problem(path, query, "must query a metric")
    for series in found:
        yield from _series_problems(series, known, path)
    yield from _quantile_problems(parsed, path)
    metrics = [known[each.name] for each in found if each.name in known]
    if len(metrics) < len(found):
        return
    labels = {label for metric in metrics for label in metric.labels} | TARGET_LABELS | EXPORTED
    for label in dict.fromkeys(grouped_labels(parsed)):
        if label not in labels and not adds_labels(parsed):
            yield Problem.not_one_of(path, label, sorted(labels), "is not a label of these metrics")


_QUANTILES = frozenset({"histogram_quantile", "quantile_over_time"})


def _quantile_problems(query: promql.Expr, path: str) -> Iterator[Problem]:
    """Quantiles outside 0 to 1, which Prometheus answers with an infinity, and those of what has no buckets, which it
    answers with nothing."""
    wanted: promql.Expr | None = None
    if isinstance(query, promql.AggregateExpr) and str(query.op) == "quantile":
        wanted = query.param
    elif isinstance(query, promql.Call) and query.func.name in _QUANTILES:
        wanted = query.args[0]
    if isinstance(wanted, promql.NumberLiteral) and not 0 <= wanted.val <= 1:
        yield Problem(path, wanted.val, "must be a quantile from 0 to 1, e.g. 0.95")
    if isinstance(query, promql.Call) and query.func.name == "histogram_quantile":
        vector = query.args[1]
        for name in sorted({each.name for each in selectors(vector) if not each.name.endswith("_bucket")}):
            yield Problem(
                path, name, "must be the buckets of a histogram: histogram_quantile returns nothing else"
            )
        if not _keeps_buckets(vector):
            allowed = "must keep the label le: without it, histogram_quantile returns nothing"
            yield Problem(path, vector.prettify(), allowed, "Add it, e.g. sum by (le) (…)")
    for part in parts(query):
        yield from _quantile_problems(part, path)


def _keeps_buckets(query: promql.Expr) -> bool:
    """Whether the outermost aggregations leave the label of a histogram's buckets."""
    if isinstance(query, promql.AggregateExpr):
        modifier = query.modifier
        if modifier is None or ("le" in modifier.labels) != (modifier.type == promql.AggModifierType.By):
            return str(query.op) in _SELECTING
        return _keeps_buckets(query.expr)
    return all(_keeps_buckets(part) for part in parts(query))


def adds_labels(query: promql.Expr) -> bool:
    """Whether the answer may have labels that no metric has."""
    own = isinstance(query, promql.Call) and query.func.name in _FUNCTION_LABELS
    return own or any(adds_labels(part) for part in parts(query))


def _series_problems(series: Series, known: Mapping[str, ScrapedMetric], path: str) -> Iterator[Problem]:
    metric = known.get(series.name)
    if metric is None:
        allowed = "is not a metric of the pinned versions"
        yield Problem.not_one_of(path, series.name or "a selector without a name", known, allowed)
        return
    labels = metric.labels | TARGET_LABELS | EXPORTED
    for label, value, pattern in series.matchers:
        if label not in labels:
            allowed = f"is not a label of {series.name}"
            yield Problem.not_one_of(path, label, sorted(labels), allowed)
        elif label == "le":
            yield from _edge_problems(series.name, metric, value, pattern=pattern, path=path)


def _edge_problems(
    name: str, metric: ScrapedMetric, value: str, *, pattern: bool, path: str
) -> Iterator[Problem]:
    if pattern and not _VALUES.fullmatch(value):
        yield Problem(path, value, "must name buckets, e.g. 1|1.0")
        return
    for each in value.split("|") if pattern else [value]:
        if each != "+Inf" and not _is_edge(each, metric.buckets):
            edges = ", ".join(f"{edge:g}" for edge in metric.buckets) or "unknown before the model is"
            yield Problem(path, each, f"is not a bucket of {name}; its buckets are {edges}")


def _is_edge(text: str, buckets: tuple[float, ...]) -> bool:
    try:
        return float(text) in buckets
    except ValueError:
        return False


def one_series_problems(query: str, *, path: str) -> Iterator[Problem]:
    """A query that can return several series. KEDA ends with an error if its query does, and does not scale."""
    parsed = parse(query)
    if not isinstance(parsed, str) and not _returns_one(parsed):
        allowed = "can return several series, but must return one"
        yield Problem(path, query, allowed, "Aggregate it, e.g. sum(…) without `by`")


def _returns_one(query: promql.Expr) -> bool:
    """Whether the query returns at most one series, as far as its form shows."""
    match query:
        case promql.NumberLiteral():
            return True
        case promql.ParenExpr() | promql.UnaryExpr():
            return _returns_one(query.expr)
        case promql.AggregateExpr():
            whole = query.modifier is None or (
                query.modifier.type == promql.AggModifierType.By and not query.modifier.labels
            )
            return whole and str(query.op) not in {*_SELECTING, "count_values"}
        case promql.Call():
            vectors = [each for each in query.args if not isinstance(each, promql.StringLiteral)]
            return query.func.name in _ONE_VALUE or (
                bool(vectors) and all(_returns_one(each) for each in vectors)
            )
        case promql.BinaryExpr():
            return _returns_one(query.lhs) and _returns_one(query.rhs)
        case _:
            return False


_FILTERS = frozenset({"==", "!=", ">", "<", ">=", "<=", "unless"})


_EMPTY = frozenset({"absent", "absent_over_time"})
_NEVER_EMPTY = frozenset({"scalar", "time", "vector"})


def filters(query: promql.Expr) -> bool:
    """Whether the query returns nothing while a comparison is false or while what it asks for is there, as far as its
    form shows."""
    match query:
        case promql.ParenExpr() | promql.UnaryExpr() | promql.AggregateExpr() | promql.SubqueryExpr():
            return filters(query.expr)
        case promql.Call():
            name = query.func.name
            return name in _EMPTY or (name not in _NEVER_EMPTY and any(filters(each) for each in query.args))
        case promql.BinaryExpr():
            sides, compared = (filters(query.lhs), filters(query.rhs)), str(query.op) in _FILTERS
            as_number = query.modifier is not None and query.modifier.return_bool
            return all(sides) if str(query.op) == "or" else (compared and not as_number) or any(sides)
        case _:
            return False
