"""The Monitoring Query Language (MQL) of OCI's alarms: reads an expression into its parts.

Sources: Oracle's page "Monitoring Query Language (MQL) Reference", and MQL_QUERY.md of oracle/mcp for arithmetic, `in`
and joins. An expression compares queries, `Metric[interval]{dimensions}.groupBy(…).statistic()`, or arithmetic of
queries and numbers, with a number; or it ends in `absent()`. `&&` and `||` join comparisons.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .metrics import MINUTES

STATISTICS = frozenset(
    {
        "absent",
        "avg",
        "count",
        "first",
        "increment",
        "last",
        "max",
        "mean",
        "min",
        "percentile",
        "rate",
        "sum",
    }
)
WITH_ARGUMENT = frozenset({"absent", "percentile"})
"""The statistics that take an argument."""

GROUPINGS = ("groupBy", "grouping")
LONGEST: dict[str, int] = {"m": 60, "h": 24, "d": 1}
"""Largest amount of each unit of an interval."""

LONGEST_ABSENCE = 3 * MINUTES["d"]
"""Longest detection period of absent(), in minutes."""

_PERIOD = re.compile(r"([1-9][0-9]{0,8})([mhd])", re.ASCII)
_TOKEN = re.compile(
    r"\s*(?:(?P<query>[A-Za-z][\w.$/-]*\s*\[[^\]]*\]\s*(?:\{[^}]*\}\s*)?(?:\.\s*\w+\s*\([^()]*\)\s*)+)"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<word>not\b|in\b)"
    r"|(?P<sign>&&|\|\||>=|<=|==|!=|[><()+*/%,-]))",
    re.ASCII | re.IGNORECASE,
)
_QUERY = re.compile(
    r"(?P<metric>[^\s\[]+)\s*\[(?P<interval>[^\]]*)\]\s*(?:\{(?P<dimensions>[^}]*)\})?", re.ASCII
)
_CALL = re.compile(r"\.\s*(\w+)\s*\(([^()]*)\)", re.ASCII)
_DIMENSION = re.compile(r"\s*(\w+)\s*(=~|!=|=)\s*\"([^\"]*)\"\s*", re.ASCII)
_COMPARISONS = frozenset({">", "<", ">=", "<=", "==", "!="})


@dataclass(frozen=True)
class Query:
    """One metric of an expression, with its interval, dimensions and functions."""

    metric: str
    interval: str
    filters: str
    """The dimensions as written, without braces."""

    calls: tuple[tuple[str, str], ...]
    """Names and arguments, e.g. `("percentile", "0.9")`. The last one is the statistic."""

    @property
    def statistic(self) -> tuple[str, str]:
        """Name and argument of the last function."""
        return self.calls[-1]

    @property
    def dimensions(self) -> dict[str, tuple[str, str]] | None:
        """Operator and value by dimension; None if a dimension has another form."""
        if not self.filters.strip():
            return {}
        found = [
            _DIMENSION.fullmatch(part)
            for part in re.split(r",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", self.filters)
        ]
        return {each[1]: (each[2], each[3]) for each in found if each} if all(found) else None

    @property
    def groups(self) -> tuple[str, ...]:
        """The dimensions that it groups by."""
        names = (argument for name, argument in self.calls[:-1] if name == "groupBy")
        return tuple(word.strip() for argument in names for word in argument.split(",") if word.strip())


@dataclass(frozen=True)
class Condition:
    """One comparison of an expression."""

    queries: tuple[Query, ...]
    """The queries on its left side."""

    operator: str = ""
    """`>`, `in`, … Empty for absent()."""

    values: tuple[str, ...] = ()
    bare: bool = False
    """Whether its left side is one query, without arithmetic."""


def parse_mql(text: str) -> tuple[Condition, ...] | None:
    """The comparisons of an expression, or None if it does not have this form."""
    tokens = [*_tokens(text)]
    if not tokens or None in tokens:
        return None
    reader = _Reader([each for each in tokens if each])
    try:
        found = reader.joined()
    except (_WrongFormError, RecursionError):  # the second: hundreds of parentheses inside each other
        return None
    return found if not reader.rest else None


def metrics_in(text: str) -> frozenset[str]:
    """The metrics of an expression; none of one that is invalid."""
    return frozenset(query.metric for condition in parse_mql(text) or () for query in condition.queries)


def minutes_of(period: str) -> int | None:
    """Minutes of `5m`, `3h` or `1d`; None for another form."""
    found = _PERIOD.fullmatch(period)
    return int(found[1]) * MINUTES[found[2]] if found else None


def is_interval(text: str) -> bool:
    """Whether an alarm can have this interval."""
    found = _PERIOD.fullmatch(text)
    return found is not None and int(found[1]) <= LONGEST[found[2]]


def is_detection_period(text: str) -> bool:
    """Whether absent() can have this period."""
    minutes = minutes_of(text)
    return minutes is not None and minutes <= LONGEST_ABSENCE


def is_group(name: str, argument: str) -> bool:
    """Whether groupBy() or grouping() can have this argument: dimensions for the first, none for the second."""
    if name == "grouping":
        return not argument
    return all(re.fullmatch(r"\w+", each.strip(), re.ASCII) for each in argument.split(","))


def is_share(text: str) -> bool:
    """Whether percentile() can have this argument: above 0 and below 1."""
    return bool(re.fullmatch(r"0?\.\d{1,9}", text, re.ASCII)) and float(text) > 0


class _WrongFormError(Exception):
    """The tokens are not an expression."""


def _tokens(text: str) -> Iterator[tuple[str, str] | None]:
    """Kind and text of each token. None where the text is no token."""
    place, end = 0, len(text.rstrip())
    while place < end:
        found = _TOKEN.match(text, place)
        if found is None:
            yield None
            return
        kind = str(found.lastgroup)
        yield kind, found[kind]
        place = found.end()


def _query(text: str) -> Query:
    head = _QUERY.match(text)
    if head is None:
        raise _WrongFormError
    calls = tuple((name, argument.strip()) for name, argument in _CALL.findall(text[head.end() :]))
    return Query(head["metric"], head["interval"].strip(), (head["dimensions"] or "").strip(), calls)


@dataclass
class _Reader:
    """Reads tokens by recursive descent."""

    rest: list[tuple[str, str]]
    queries: list[Query] = field(default_factory=list[Query])

    def joined(self) -> tuple[Condition, ...]:
        found = [*self.comparison()]
        while self.take("&&", "||"):
            found += self.comparison()
        return tuple(found)

    def comparison(self) -> Iterator[Condition]:
        """A comparison, or comparisons in parentheses."""
        before = [*self.rest]
        if self.take("("):
            try:
                inner = self.joined()
                if self.take(")") and any(each.operator for each in inner):
                    yield from inner
                    return
            except _WrongFormError:
                pass
            self.rest = before
        self.queries, length = [], len(self.rest)
        self.sum()
        bare = len(self.queries) == length - len(self.rest) == 1
        queries, operator = tuple(self.queries), self.take(*_COMPARISONS)
        if operator:
            yield Condition(queries, operator, (self.number(),), bare)
            return
        word = "not in" if self.take("not") else "in"
        if self.take("in"):
            yield Condition(queries, word, self.range(), bare)
        elif word == "not in":
            raise _WrongFormError
        else:
            yield Condition(queries)

    def sum(self) -> None:
        self.product()
        while self.take("+", "-"):
            self.product()

    def product(self) -> None:
        self.operand()
        while self.take("*", "/", "%"):
            self.operand()

    def operand(self) -> None:
        if self.take("("):
            self.sum()
            self.must(")")
        elif self.rest and self.rest[0][0] == "query":
            self.queries.append(_query(self.rest.pop(0)[1]))
        else:
            self.number()

    def range(self) -> tuple[str, str]:
        self.must("(")
        low = self.number()
        self.must(",")
        high = self.number()
        self.must(")")
        return low, high

    def number(self) -> str:
        sign = self.take("-")
        if not self.rest or self.rest[0][0] != "number":
            raise _WrongFormError
        return sign + self.rest.pop(0)[1]

    def must(self, text: str) -> None:
        if not self.take(text):
            raise _WrongFormError

    def take(self, *texts: str) -> str:
        if self.rest and self.rest[0][1].lower() in texts and self.rest[0][0] in ("sign", "word"):
            return self.rest.pop(0)[1].lower()
        return ""
