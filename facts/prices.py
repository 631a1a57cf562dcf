"""Unit prices in one currency, each with its date, its source and how reliable it is.

The files are in facts/prices/, named by their date; the newest is used. Oracle publishes no price file from which this
list could be updated, so a user's own file (`PLAYGROUND_PRICES=FILE`) overrides single items.
"""

import datetime
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase, translate
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast, get_args

from facts.currencies import CURRENCIES
from facts.engine_yaml import EngineDate, read_yaml
from facts.problem import InvalidInput, Problem, unknown_keys
from facts.provider_fields import resource_tokens

Confidence = Literal["primary", "secondary", "assumed"]
"""From Oracle or the user's contract; quoted by a third party; unverified."""

FOLDER = Path(__file__).parent / "prices"

_HIGHEST = 1_000_000_000
"""The highest amount. A slip such as 1e300 would make the total infinite."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
"""Python also reads 20261120 and 2026-W47-5, and a report shows the date as it is written."""

_KEYS = frozenset({"date", "currency", "hoursPerMonth", "items", "free", "byUsage"})
_ITEM_KEYS = frozenset({"amount", "confidence", "source", "date"})


@dataclass(frozen=True, kw_only=True)
class Price:
    """One unit price. The last part of the item is its unit: gpu-hour, ocpu-hour, gib-month..."""

    item: str
    amount: float
    confidence: Confidence
    source: str
    date: str
    """ISO date on which the source had the price. Default: the date of the list."""

    @property
    def unit(self) -> str:
        return self.item.rsplit("/", 1)[-1]


@dataclass(frozen=True, kw_only=True)
class PriceList:
    """All prices of one date in one currency."""

    date: str
    """ISO date. If there is an override, the override's date: its prices are the ones that are used."""
    currency: str
    hours_per_month: float
    items: Mapping[str, Price]
    free: tuple[str, ...] = ()
    """Resource types that cost nothing themselves; `*` matches anything."""
    by_usage: Mapping[str, str]
    """Resource types that are billed by use, with the unit of use."""
    origin: str
    """File name of the list, or both names if one overrides the other."""

    def gpu_hour(self, shape: str) -> float | None:
        """The price of one GPU of a shape for an hour. None: the list does not have it."""
        found = self.items.get(gpu_hour_item(shape))
        return found.amount if found else None

    @cached_property
    def _free(self) -> re.Pattern[str]:
        return re.compile("|".join(map(translate, self.free)) or "(?!)")

    def is_free(self, token: str) -> bool:
        return self._free.match(token) is not None


def gpu_hour_item(shape: str) -> str:
    """The item that has the price of one GPU of a shape for an hour."""
    return f"compute/{shape}/gpu-hour"


def newest() -> Path:
    """The newest of the price files that come with this package."""
    return max(FOLDER.glob("*.yaml"))


def load_prices(override: Path | None = None) -> PriceList:
    """The newest price list. Items of `override` replace its own.

    An override in another currency replaces the whole list, because amounts of two currencies cannot be added.
    Raises InvalidInput with every wrong entry of the override: an unknown item, type or currency, an invalid or future
    date, an invalid amount.
    """
    own = _read(newest())
    if override is None:
        return own
    given = _read(override, known=own)
    if given.currency != own.currency:
        return replace(given, free=own.free + given.free, by_usage={**own.by_usage, **given.by_usage})
    return PriceList(
        date=given.date,
        currency=own.currency,
        hours_per_month=given.hours_per_month,
        items=MappingProxyType({**own.items, **given.items}),
        free=own.free + given.free,
        by_usage=MappingProxyType({**own.by_usage, **given.by_usage}),
        origin=f"{given.origin} over {own.origin}",
    )


def _read(path: Path, known: PriceList | None = None) -> PriceList:
    """A price file. With `known`, a user's own file, which may only contain items of that list."""
    data = _content(path)
    problems = [
        *_head_problems(data),
        *_item_problems(_mapping(data.get("items"))),
        *(_unknown_names(data, known) if known else ()),
    ]
    if problems:
        raise InvalidInput(problems, str(path))
    date = str(data["date"])
    return PriceList(
        date=date,
        currency=str(data["currency"]),
        hours_per_month=float(cast("float", data.get("hoursPerMonth", 730))),
        items=MappingProxyType(
            {item: _price(item, _mapping(entry), date) for item, entry in _mapping(data.get("items")).items()}
        ),
        free=_names(data.get("free")),
        by_usage=MappingProxyType({token: str(why) for token, why in _mapping(data.get("byUsage")).items()}),
        origin=path.name,
    )


def _content(path: Path) -> Mapping[str, object]:
    content = read_yaml(path).value
    if content is None or isinstance(content, dict):
        return _mapping(cast("object", content))
    raise InvalidInput([Problem("the file", content, "must be keys and values")], str(path))


def _head_problems(data: Mapping[str, object]) -> Iterator[Problem]:
    yield from unknown_keys(data, sorted(_KEYS))
    yield from _date_problems("date", data.get("date"))
    currency = data.get("currency")
    if not isinstance(currency, str) or currency not in CURRENCIES:
        yield Problem("currency", currency, "must be an ISO 4217 code, such as USD or EUR")
    hours = data.get("hoursPerMonth", 730)
    if not _is_number(hours) or not 1 <= cast("float", hours) <= 744:
        yield Problem("hoursPerMonth", hours, "must be a number of hours from 1 to 744")
    for key, form in (("items", dict), ("byUsage", dict), ("free", list)):
        if key in data and not isinstance(data[key], form):
            yield Problem(key, data[key], "must be a list" if form is list else "must be keys and values")


def _date_problems(path: str, value: object) -> Iterator[Problem]:
    try:
        # The local date: the hour does not matter.
        day = datetime.date.fromisoformat(str(value))
    except ValueError:
        day = None
    if day is None or not _DAY.fullmatch(str(value)):
        yield Problem(path, value, "must be the day of the prices, such as 2026-11-20")
        return
    if day > datetime.date.today():
        yield Problem(
            path, str(value), "must not be in the future", "Give the day on which the prices were read"
        )


def _item_problems(items: Mapping[str, object]) -> Iterator[Problem]:
    for item, raw in items.items():
        entry, path = _mapping(raw), f"items.{item}"
        amount, confidence = entry.get("amount"), entry.get("confidence", "primary")
        if not _is_number(amount) or not 0 <= cast("float", amount) <= _HIGHEST:
            yield Problem(f"{path}.amount", amount, f"must be a finite number, from 0 to {_HIGHEST:,}")
        if confidence not in get_args(Confidence):
            at = f"{path}.confidence"
            yield Problem.not_one_of(at, str(confidence), get_args(Confidence), shown=confidence)
        if "date" in entry:
            yield from _date_problems(f"{path}.date", entry["date"])
        yield from unknown_keys(entry, sorted(_ITEM_KEYS), path)


def _unknown_names(data: Mapping[str, object], known: PriceList) -> Iterator[Problem]:
    """A misspelled item would silently leave the list's own price in use."""
    for item in _mapping(data.get("items")):
        if item not in known.items:
            allowed = "must be an item of the price list in this package"
            yield Problem.not_one_of(f"items.{item}", item, known.items, allowed, otherwise=f"See {newest()}")
    tokens = resource_tokens()
    for key in ("free", "byUsage"):
        value = data.get(key)
        for token in _mapping(value) or _names(value):
            if not any(fnmatchcase(each, token) for each in tokens):
                yield Problem.not_one_of(f"{key}.{token}", token, tokens, "must match a resource type")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _price(item: str, entry: Mapping[str, object], date: str) -> Price:
    return Price(
        item=item,
        amount=float(cast("float", entry["amount"])),
        confidence=cast("Confidence", entry.get("confidence", "primary")),
        source=str(entry.get("source", "the user's own price file")),
        date=str(entry.get("date", date)),
    )


def _names(value: object) -> tuple[str, ...]:
    return tuple(map(str, cast("list[object]", value))) if isinstance(value, list) else ()


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        return {}
    # A date is kept as it is written, with or without quotes.
    return {
        key: entry.written if isinstance(entry, EngineDate) else entry
        for key, entry in cast("dict[str, object]", value).items()
    }
