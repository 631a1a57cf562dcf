"""The monthly cost of a stack, compared with its budget. Priced, assumed, unknown and use-based parts are separate.

The amounts are list prices with their dates. Discounts, contracts and free allowances are not included.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from facts.prices import Price, PriceList, load_prices
from report.cluster_networks import as_node_pools
from report.layers import layer_of
from report.quantity import NotCounted, Usage
from report.resources import Resource, as_number
from report.usage import ESTIMATORS

PRICES_VARIABLE = "PLAYGROUND_PRICES"
BUDGET_TYPE = "oci:Budget/budget:Budget"


@dataclass(frozen=True, kw_only=True)
class CostLine:
    """The monthly cost of one price item of one resource."""

    urn: str
    name: str
    layer: str
    what: str
    price: Price
    quantity: float
    monthly: float
    assumption: str | None = None
    most: float = 0.0
    """The highest monthly cost that the program allows; `monthly` if it allows no more."""
    most_because: str = ""

    @property
    def assumed(self) -> bool:
        return self.assumption is not None or self.price.confidence == "assumed"


@dataclass(frozen=True, kw_only=True)
class Unpriced:
    """A resource, or a part of one, that may cost money but has no known amount."""

    urn: str
    name: str
    layer: str
    type: str
    reason: str
    by_use: bool = False
    """True: billed by use. False: billed for its existence, at an unknown price."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """A monthly budget of the stack."""

    name: str
    amount: float


@dataclass(frozen=True, kw_only=True)
class CostReport:
    """Monthly costs in `currency`, at the prices of `price_date`."""

    priced: tuple[CostLine, ...]
    """At published prices."""
    assumed: tuple[CostLine, ...]
    """At an assumed price, or with an assumed quantity."""
    unpriced: tuple[Unpriced, ...]
    """Billed for their existence, at an unknown price."""
    by_use: tuple[Unpriced, ...]
    """Billed by what is stored, sent or requested: nobody can know the amount in advance."""
    priced_total: float
    assumed_total: float
    monthly_total: float
    """Priced and assumed parts together. Unpriced parts and parts billed by use are not included."""
    currency: str
    price_date: str
    price_origin: str
    hours_per_month: float
    budget: Budget | None = None
    """The smallest monthly budget in the stack."""

    @property
    def over_by(self) -> float:
        """The amount over budget; 0 within the budget or without one."""
        return max(0.0, self.monthly_total - self.budget.amount) if self.budget else 0.0

    @property
    def over_budget(self) -> bool:
        return self.over_by > 0

    @property
    def at_least(self) -> bool:
        """Whether the total leaves parts out, so the bill will be higher."""
        return bool(self.unpriced or self.by_use)

    @property
    def lines(self) -> tuple[CostLine, ...]:
        """Priced and assumed lines, the most expensive first."""
        return tuple(sorted((*self.priced, *self.assumed), key=lambda line: (-line.monthly, line.urn)))

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The assumptions behind the amounts, each once."""
        prices = sorted({line.price.item for line in self.assumed if line.price.confidence == "assumed"})
        quantities = sorted({line.assumption for line in self.assumed if line.assumption})
        return (*(f"price of {item}" for item in prices), *quantities)


def prices_in_use(environment: Mapping[str, str]) -> PriceList:
    """The newest price list. The file in PLAYGROUND_PRICES overrides its items."""
    given = environment.get(PRICES_VARIABLE, "")
    return load_prices(Path(given) if given else None)


_HIGHEST_QUANTITY = 1e12
"""A slip such as 1e300 would make the total senseless."""


def estimate(resources: Iterable[Resource], prices: PriceList) -> CostReport:
    """The monthly cost of these resources."""
    found = as_node_pools(resources)
    lines: list[CostLine] = []
    unpriced: list[Unpriced] = []
    for resource in found:
        for part in _parts(resource, prices):
            if isinstance(part, CostLine):
                lines.append(part)
            else:
                unpriced.append(part)
    priced = tuple(line for line in lines if not line.assumed)
    assumed = tuple(line for line in lines if line.assumed)
    sums = sum(line.monthly for line in priced), sum(line.monthly for line in assumed)
    return CostReport(
        priced=priced,
        assumed=assumed,
        unpriced=tuple(part for part in unpriced if not part.by_use),
        by_use=tuple(part for part in unpriced if part.by_use),
        priced_total=sums[0],
        assumed_total=sums[1],
        monthly_total=sum(sums),
        currency=prices.currency,
        price_date=prices.date,
        price_origin=prices.origin,
        hours_per_month=prices.hours_per_month,
        budget=_budget(found),
    )


def _parts(resource: Resource, prices: PriceList) -> Iterable[CostLine | Unpriced]:
    if not resource.custom or resource.is_provider or prices.is_free(resource.type):
        return
    estimator = ESTIMATORS.get(resource.type)
    if estimator:
        for part in estimator(resource):
            yield _line(resource, part, prices)
    elif resource.type in prices.by_usage:
        yield _unpriced(resource, prices.by_usage[resource.type], by_use=True)
    elif not resource.type.startswith(("kubernetes:", "pulumi:")):
        yield _unpriced(resource, "the price list does not have this type")


def _line(resource: Resource, part: Usage | NotCounted, prices: PriceList) -> CostLine | Unpriced:
    if isinstance(part, NotCounted):
        return _unpriced(resource, part.reason, by_use=part.by_use)
    price = prices.items.get(part.item)
    if price is None:
        return _unpriced(resource, f"no price for {part.item} ({part.what})")
    quantity, most = part.quantity, max(part.quantity, part.most or 0)
    if quantity < 0 or most > _HIGHEST_QUANTITY:
        return _unpriced(resource, f"{part.what}: no cloud has a quantity of {quantity:g} to {most:g}")
    hours = prices.hours_per_month if price.unit.endswith("-hour") else 1
    each = hours * price.amount
    return CostLine(
        urn=resource.urn,
        name=resource.name,
        layer=layer_of(resource),
        what=part.what,
        price=price,
        quantity=quantity,
        monthly=quantity * each,
        assumption=part.assumption,
        most=most * each,
        most_because=part.most_because,
    )


def _unpriced(resource: Resource, reason: str, *, by_use: bool = False) -> Unpriced:
    return Unpriced(
        urn=resource.urn,
        name=resource.name,
        layer=layer_of(resource),
        type=resource.type,
        reason=reason,
        by_use=by_use,
    )


def _budget(resources: Iterable[Resource]) -> Budget | None:
    budgets = [
        Budget(name=str(resource.inputs.get("displayName") or resource.name), amount=amount)
        for resource in resources
        if resource.type == BUDGET_TYPE
        and resource.inputs.get("resetPeriod", "MONTHLY") == "MONTHLY"
        and (amount := as_number(resource.inputs.get("amount"))) is not None
    ]
    return min(budgets, key=lambda budget: budget.amount, default=None)


def as_json(report: CostReport) -> dict[str, object]:
    """The report as JSON values; amounts rounded to cents."""
    return {
        "currency": report.currency,
        "priceDate": report.price_date,
        "priceOrigin": report.price_origin,
        "hoursPerMonth": report.hours_per_month,
        "monthlyTotal": round(report.monthly_total, 2),
        "pricedTotal": round(report.priced_total, 2),
        "assumedTotal": round(report.assumed_total, 2),
        "atLeast": report.at_least,
        "budget": {"name": report.budget.name, "amount": report.budget.amount} if report.budget else None,
        "overBudget": report.over_budget,
        "overBy": round(report.over_by, 2),
        "priced": [_line_json(line) for line in report.priced],
        "assumed": [_line_json(line) for line in report.assumed],
        "unpriced": [_unpriced_json(part) for part in report.unpriced],
        "byUse": [_unpriced_json(part) for part in report.by_use],
        "assumptions": list(report.assumptions),
    }


def _unpriced_json(part: Unpriced) -> dict[str, object]:
    return {"urn": part.urn, "name": part.name, "layer": part.layer, "type": part.type, "reason": part.reason}


def _line_json(line: CostLine) -> dict[str, object]:
    return {
        "urn": line.urn,
        "name": line.name,
        "layer": line.layer,
        "what": line.what,
        "item": line.price.item,
        "unitPrice": line.price.amount,
        "confidence": line.price.confidence,
        "source": line.price.source,
        "sourceDate": line.price.date,
        "quantity": line.quantity,
        "monthly": round(line.monthly, 2),
        "assumption": line.assumption,
    }
