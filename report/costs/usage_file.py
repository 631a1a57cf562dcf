"""The file of `--usage`: who asked which model for how many tokens in an interval, and how busy resources were.

```json
{
  "version": 1,
  "stack": "prod",
  "since": "2026-11-01T00:00:00Z",
  "until": "2026-11-08T00:00:00Z",
  "tenants": {"assistant": {"qwen3-32b": {"promptTokens": 9e8, "answerTokens": 7e7, "requests": 410000}}},
  "answerWeight": 1,
  "busy": {"prod-mi300x-pool": {"mean": 0.12, "peak": 0.3}}
}
```

`month: 2026-11` replaces `since` and `until`: the whole month in UTC.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast

from facts.json_text import read_json
from facts.problem import InvalidInput, Problem, unknown_keys
from report.resources import as_mapping
from report.times import moment_of

VERSION = 1
LONGEST_DAYS = 366
MOST_TOKENS = 1e18
"""The highest count. A slip such as 1e300 would make sums infinite."""

HEAVIEST_ANSWER = 1000
_KEYS = ("version", "stack", "month", "since", "until", "tenants", "answerWeight", "busy")
_COUNTS = ("promptTokens", "answerTokens", "requests")
_SHARES = ("mean", "peak")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What one tenant asked of one model in the interval."""

    prompt_tokens: float
    answer_tokens: float
    requests: float


@dataclass(frozen=True, kw_only=True)
class Busy:
    """How much of a resource was used, as shares from 0 to 1."""

    mean: float
    peak: float


@dataclass(frozen=True, kw_only=True)
class Usage:
    """A usage file."""

    since: datetime
    until: datetime
    """Both in UTC."""

    asked: Mapping[tuple[str, str], Asked] = field(default_factory=dict[tuple[str, str], Asked])
    """By tenant and model."""

    answer_weight: float = 1.0
    """How many tokens of a prompt a token of an answer counts for when costs are divided."""

    busy: Mapping[str, Busy] = field(default_factory=dict[str, Busy])
    """By the name of the resource in the report."""

    @property
    def hours(self) -> float:
        return (self.until - self.since).total_seconds() / 3600


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a usage file may name."""

    stack: str
    tenants: Mapping[str, Collection[str]]
    """The models of each tenant."""

    resources: Collection[str]
    """Names of the resources that `busy` may name."""

    now: datetime


def read_usage(text: str, name: str, known: Known) -> Usage:
    """Read a usage file. Raises InvalidInput with every wrong entry. `name`: the file's, for the message."""
    again = "Write the whole file again: docs/usage.md says how"
    try:
        data = read_json(text, by_hand=True)
    except ValueError as error:
        raise InvalidInput([Problem("--usage", name, f"must be whole JSON: {error}", again)], name) from error
    if not isinstance(data, dict):
        raise InvalidInput(
            [Problem("--usage", data, "must be an object with stack and tenants", again)], name
        )
    content = cast("dict[str, object]", data)
    problems = [
        *_head_problems(content, known),
        *_interval_problems(content, known.now),
        *_tenant_problems(content.get("tenants", {}), known.tenants),
        *_busy_problems(content.get("busy", {}), known.resources),
    ]
    if problems:
        raise InvalidInput(problems, name)
    since, until = _interval(content)
    return Usage(
        since=since,
        until=until,
        asked={
            (tenant, model): Asked(
                prompt_tokens=_number(counts, "promptTokens"),
                answer_tokens=_number(counts, "answerTokens"),
                requests=_number(counts, "requests"),
            )
            for tenant, models in as_mapping(content.get("tenants")).items()
            for model, counts in as_mapping(models).items()
        },
        answer_weight=_number(content, "answerWeight") if "answerWeight" in content else 1.0,
        busy={
            resource: Busy(mean=_number(shares, "mean"), peak=_number(shares, "peak"))
            for resource, shares in as_mapping(content.get("busy")).items()
        },
    )


def _number(entry: object, key: str) -> float:
    return float(cast("float", as_mapping(entry)[key]))


def _head_problems(data: Mapping[str, object], known: Known) -> Iterator[Problem]:
    yield from unknown_keys(data, _KEYS)
    if data.get("version") != VERSION or isinstance(data.get("version"), bool):
        yield Problem(
            "version", data.get("version"), f"must be {VERSION}", "This program reads no other version"
        )
    if data.get("stack") != known.stack:
        fix = "Give the usage file of this stack"
        yield Problem("stack", data.get("stack"), f"must be {known.stack}, the stack of the report", fix)
    if "answerWeight" in data:
        yield from _count_problems("answerWeight", data["answerWeight"], HEAVIEST_ANSWER)
    if "tenants" not in data and "busy" not in data:
        yield Problem("tenants", None, "must be given, or busy", "A file without either says nothing")


def _interval_problems(data: Mapping[str, object], now: datetime) -> Iterator[Problem]:
    ends = [key for key in ("since", "until") if key in data]
    if "month" in data:
        if ends:
            yield Problem("month", data["month"], f"must be left out beside {' and '.join(ends)}")
        elif _month(data["month"]) is None:
            yield Problem("month", data["month"], "must be a month, such as 2026-11")
            return
    else:
        wrong = [key for key in ("since", "until") if moment_of(data.get(key)) is None]
        for key in wrong:
            allowed = "must be a time with its zone, such as 2026-11-01T00:00:00Z"
            yield Problem(key, data.get(key), allowed, "Or give `month` for a whole month")
        if wrong:
            return
    if "month" in data and ends:
        return
    since, until = _interval(data)
    shown = data.get("month", f"{data.get('since')} to {data.get('until')}")
    path = "month" if "month" in data else "until"
    if until <= since:
        yield Problem(path, shown, "must end after it begins: until is not after since", "Exchange the two?")
    elif until - since > timedelta(days=LONGEST_DAYS):
        yield Problem(path, shown, f"must be {LONGEST_DAYS} days or shorter")
    elif until > now:
        fix = (
            "Give since and until, up to now" if path == "month" else "Give the time to which it was counted"
        )
        yield Problem(path, shown, "must not end in the future", fix)


def _interval(data: Mapping[str, object]) -> tuple[datetime, datetime]:
    """The interval of a file whose times are valid."""
    if "month" in data:
        return cast("tuple[datetime, datetime]", _month(data["month"]))
    return cast("datetime", moment_of(data["since"])), cast("datetime", moment_of(data["until"]))


def _month(value: object) -> tuple[datetime, datetime] | None:
    if not isinstance(value, str):
        return None
    try:
        since = datetime.strptime(value, "%Y-%m").replace(tzinfo=UTC)
        return since, since.replace(year=since.year + since.month // 12, month=since.month % 12 + 1)
    except ValueError:
        return None


def _tenant_problems(tenants: object, known: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    if not isinstance(tenants, dict):
        yield Problem("tenants", tenants, "must be models and tokens by tenant")
        return
    for tenant, models in cast("dict[str, object]", tenants).items():
        path = f"tenants.{tenant}"
        if tenant not in known:
            allowed = "must be a tenant of the stack's gateway" + ("" if known else ", which has none")
            yield Problem.not_one_of(path, tenant, known, allowed)
        elif not isinstance(models, dict):
            yield Problem(path, models, "must be tokens by model")
        else:
            for model, counts in cast("dict[str, object]", models).items():
                yield from _model_problems(f"{path}.{model}", model, counts, known[tenant])


def _model_problems(path: str, model: str, counts: object, known: Collection[str]) -> Iterator[Problem]:
    if model not in known:
        yield Problem.not_one_of(path, model, known, "must be a model that the tenant may call")
    if not isinstance(counts, dict):
        yield Problem(path, counts, f"must have {', '.join(_COUNTS)}")
        return
    entry = cast("dict[str, object]", counts)
    yield from unknown_keys(entry, _COUNTS, path)
    wrong = [
        problem
        for key in _COUNTS
        for problem in _count_problems(f"{path}.{key}", entry.get(key), MOST_TOKENS)
    ]
    yield from wrong
    if not wrong and not entry["requests"] and (entry["promptTokens"] or entry["answerTokens"]):
        yield Problem(f"{path}.requests", 0, "must be more than 0 beside tokens")


def _count_problems(path: str, value: object, most: float) -> Iterator[Problem]:
    if not _is_number(value) or not 0 <= cast("float", value) <= most:
        yield Problem(path, value, f"must be a number from 0 to {most:,.0f}")


def _busy_problems(busy: object, known: Collection[str]) -> Iterator[Problem]:
    if not isinstance(busy, dict):
        yield Problem("busy", busy, "must be mean and peak by resource")
        return
    for name, shares in cast("dict[str, object]", busy).items():
        path = f"busy.{name}"
        if name not in known:
            yield Problem.not_one_of(
                path, name, sorted(known), "must be a pool, database or cache of the stack"
            )
        entry = as_mapping(shares)
        for key in entry:
            if key not in _SHARES:
                yield Problem.not_one_of(f"{path}.{key}", key, _SHARES, shown=entry[key])
        wrong = [
            key
            for key in _SHARES
            if not _is_number(entry.get(key)) or not 0 <= cast("float", entry[key]) <= 1
        ]
        for key in wrong:
            yield Problem(
                f"{path}.{key}", entry.get(key), "must be a share from 0 to 1", "Write 12 % as 0.12"
            )
        if not wrong and _number(entry, "mean") > _number(entry, "peak"):
            yield Problem(f"{path}.mean", entry["mean"], f"must not be above the peak, {entry['peak']}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
