"""Unit prices: dated, in one currency, each with where it comes from and how far to trust it.

The files lie in facts/prices/, named by their date; the newest is used. Oracle publishes no price file that could
be kept current here, so a user's own (`PLAYGROUND_PRICES=FILE`) overrides item by item.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast, get_args

import yaml

from facts.problem import InvalidInput, Problem

Confidence = Literal["primary", "secondary", "assumed"]
"""Read at Oracle or in the user's contract; quoted by somebody; remembered and unchecked."""

FOLDER = Path(__file__).parent / "prices"


@dataclass(frozen=True, kw_only=True)
class Price:
    """One unit price. The item's last part is its unit: gpu-hour, ocpu-hour, gib-month..."""

    item: str
    amount: float
    confidence: Confidence
    source: str

    @property
    def unit(self) -> str:
        return self.item.rsplit("/", 1)[-1]


@dataclass(frozen=True, kw_only=True)
class PriceList:
    """All prices of one date in one currency."""

    date: str
    """ISO date; of the override where there is one, for its figures are the ones relied on."""
    currency: str
    hours_per_month: float
    items: Mapping[str, Price]
    free: tuple[str, ...] = ()
    """Resource types that cost nothing by themselves; `*` matches anything."""
    by_usage: Mapping[str, str]
    """Resource types whose cost follows their use, with what it follows."""
    origin: str
    """File name of the list, or both names where one overrides the other."""

    def is_free(self, token: str) -> bool:
        return any(fnmatchcase(token, pattern) for pattern in self.free)


def newest() -> Path:
    """The newest of the price files that come with this package."""
    return max(FOLDER.glob("*.yaml"))


def load_prices(override: Path | None = None) -> PriceList:
    """The newest price list, with the items of `override` in place of its own.

    An override in another currency replaces the list whole: amounts of two currencies can't be added.
    Raises InvalidInput, naming every wrong entry of the override.
    """
    own = _read(newest())
    if override is None:
        return own
    given = _read(override)
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


def _read(path: Path) -> PriceList:
    try:
        raw: object = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(
            [Problem(str(path), path.name, f"must be a readable file: {error.strerror}")]
        ) from error
    except yaml.YAMLError as error:
        raise InvalidInput([Problem(str(path), path.name, f"must be YAML: {error}")]) from error
    data = _mapping(raw)
    problems = [
        Problem(key, None, "must be given", f"add it to {path.name}")
        for key in ("date", "currency")
        if key not in data
    ]
    entries = _mapping(data.get("items"))
    items = {item: _price(item, _mapping(entry), problems) for item, entry in entries.items()}
    hours = data.get("hoursPerMonth", 730)
    if not isinstance(hours, int | float) or isinstance(hours, bool) or not 1 <= hours <= 744:
        problems.append(Problem("hoursPerMonth", hours, "must be a number of hours from 1 to 744"))
        hours = 730
    if problems:
        raise InvalidInput(problems, path.name)
    free = data.get("free")
    return PriceList(
        date=str(data["date"]),
        currency=str(data["currency"]),
        hours_per_month=float(hours),
        items=MappingProxyType(items),
        free=tuple(str(entry) for entry in cast("list[object]", free)) if isinstance(free, list) else (),
        by_usage=MappingProxyType({token: str(why) for token, why in _mapping(data.get("byUsage")).items()}),
        origin=path.name,
    )


def _price(item: str, entry: Mapping[str, object], problems: list[Problem]) -> Price:
    amount = entry.get("amount")
    confidence = entry.get("confidence", "primary")
    if not isinstance(amount, int | float) or isinstance(amount, bool) or amount < 0:
        problems.append(Problem(f"items.{item}.amount", amount, "must be a number, 0 or more"))
        amount = 0
    if confidence not in get_args(Confidence):
        allowed = ", ".join(get_args(Confidence))
        problems.append(Problem(f"items.{item}.confidence", confidence, f"must be one of {allowed}"))
    return Price(
        item=item,
        amount=float(amount),
        confidence=cast("Confidence", confidence),
        source=str(entry.get("source", "the user's own price file")),
    )


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        return {}
    return {str(key): entry for key, entry in cast("dict[object, object]", value).items()}
