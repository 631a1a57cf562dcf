"""How many engines the bounds of `traffic.scaling` allow, and what the most cost."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.cluster.pool_rules import AUTOSCALER
from facts.prices import load_prices
from facts.shapes import find_shape
from facts.wording import plural
from infra.settings import Settings
from infra.settings.serving.model_rules import gpus_of
from infra.settings.traffic.scaled import engine_bounds
from infra.settings.traffic.watching_rules import hour_prices


@dataclass(frozen=True, kw_only=True)
class ScalingPlan:
    """The bounds of a model whose number of engines follows the load."""

    least: int
    most: int
    gpus: int
    """GPUs of the most engines."""

    month: float | None
    """Price of these GPUs in a month. None without a price."""

    currency: str
    follows: bool
    """Whether the cost follows the number: the cluster autoscaler adds and removes the nodes."""

    def __str__(self) -> str:
        price = f": {self.currency} {self.month:,.0f} a month" if self.month is not None else ""
        same = "" if self.follows else ". The pool keeps its size, so fewer engines cost the same"
        return (
            f"traffic.scaling allows {self.least} to {plural('engine', self.most)}. "
            f"The most use {plural('GPU', self.gpus)}{price}{same}."
        )


def scaling_plans(settings: Settings) -> Mapping[str, ScalingPlan]:
    """The bounds of each scaled model, by name. The settings have been checked."""
    bounds = engine_bounds(settings.gpu, settings.serving, settings.traffic)
    hours, prices = hour_prices(settings.gpu, settings.serving), load_prices()
    pools = {pool.name: pool for pool in settings.gpu.pools}
    found: dict[str, ScalingPlan] = {}
    for model in settings.serving.models:
        pool = pools.get(model.pool)
        shape = find_shape(pool.shape) if pool else None
        if model.name in bounds and pool is not None and shape is not None:
            most, hour = bounds[model.name].most, hours.get(model.name)
            found[model.name] = ScalingPlan(
                least=bounds[model.name].least,
                most=most,
                gpus=most * gpus_of(model, shape),
                month=None if hour is None else hour * most * prices.hours_per_month,
                currency=prices.currency,
                follows=pool.size_owner == AUTOSCALER,
            )
    return found
