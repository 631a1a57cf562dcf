"""The predicted speed of a model, as the program gives it to the report, and its price."""

from dataclasses import dataclass

from facts.prices import PriceList

_SECONDS_PER_HOUR = 3600
_MILLION = 1e6


@dataclass(frozen=True, kw_only=True)
class Between:
    """A predicted figure with the range that the predictor believes."""

    low: float
    value: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Speed:
    """The speed of one engine under the load."""

    output_tps: Between
    """Answer tokens a second."""

    ttft_seconds: Between
    """Mean time to the first token."""

    itl_seconds: Between
    """Mean time between tokens."""

    running: float
    """Requests at the same time that have room in its cache, at most those of the load."""


@dataclass(frozen=True, kw_only=True)
class ModelSpeed:
    """One model of the stack file."""

    name: str
    model: str
    pool: str
    shape: str
    engines: int
    gpus: int
    """GPUs of one engine."""

    context_tokens: int
    """Longest request that the settings allow."""

    load: str
    """The assumed load of each engine, in words."""

    speed: Speed | None
    """None: unknown."""

    unknown: tuple[str, ...] = ()
    """Why the speed is unknown."""


def per_million(model: ModelSpeed, prices: PriceList) -> Between | None:
    """The price of a million answer tokens of engines that are always busy with the load. None: the speed or the price
    is unknown."""
    price = prices.gpu_hour(model.shape)
    if price is None or model.speed is None:
        return None
    hour, speed = price * model.gpus, model.speed.output_tps
    low, value, high = (
        hour / (each * _SECONDS_PER_HOUR) * _MILLION for each in (speed.high, speed.value, speed.low)
    )
    return Between(low=low, value=value, high=high)
