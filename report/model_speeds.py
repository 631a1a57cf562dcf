"""The predicted speed of a model, as the program gives it to the report, and its price.

The program has it in an output of the stack. So previews, states and reports without an engine say the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from facts.prices import PriceList

SPEEDS = "modelSpeeds"
"""The output of the stack."""

_DIGITS = 4
"""Decimals of its figures."""

_CAMEL = ConfigDict(alias_generator=to_camel, validate_by_name=False)
_SECONDS_PER_HOUR = 3600
_MILLION = 1e6


@dataclass(frozen=True, kw_only=True)
class Between:
    """A predicted figure with the range that the predictor believes."""

    __pydantic_config__: ClassVar[ConfigDict] = _CAMEL

    low: float
    value: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Speed:
    """The speed of one engine under the load."""

    __pydantic_config__: ClassVar[ConfigDict] = _CAMEL

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

    __pydantic_config__: ClassVar[ConfigDict] = _CAMEL

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


_LIST: TypeAdapter[list[ModelSpeed]] = TypeAdapter(list[ModelSpeed])


def as_output(speeds: Sequence[ModelSpeed]) -> list[dict[str, object]]:
    """The value of the output: lists and objects with camelCase keys."""
    return cast("list[dict[str, object]]", _rounded(_LIST.dump_python([*speeds], mode="json", by_alias=True)))


def from_outputs(outputs: Mapping[str, object]) -> list[ModelSpeed] | None:
    """The speeds in the outputs of a stack. None: its program said none, or in another form."""
    try:
        return _LIST.validate_python(outputs[SPEEDS])
    except (KeyError, ValidationError):
        return None


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in cast("dict[str, object]", value).items()}
    return [*map(_rounded, cast("list[object]", value))] if isinstance(value, list) else value


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
