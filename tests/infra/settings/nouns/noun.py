"""A noun whose settings and component are judged by one function: how to ask either of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Values = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Noun:
    """One noun: its plain values, and what stands around them on both sides."""

    choices: type
    """The Protocol that the settings and the component's args satisfy."""

    path: str
    """Where the settings have the values."""

    section: Callable[[Values], Values]
    """The section that holds the values, by the settings' keys."""

    component: Callable[..., object]
    args: Callable[..., object]
    """The component's args from the values, by Python's names."""

    base: Values = field(default_factory=dict[str, Any])
    """Values without which there is none, by Python's names."""

    at: str = "the-noun"
    """Where a component of the name `the-noun` has what the settings have at `path`."""


def entry(field_name: str, of: Callable[..., object], **others: Any) -> Callable[..., Any]:
    """Args of a component whose values are one entry of a mapping."""
    return lambda cls, **values: cls(**others, **{field_name: {"one": of(**values)}})


def nested(values: Values, **kinds: Callable[..., object]) -> Values:
    """The values with args in place of the mappings that `kinds` names."""
    return {key: kinds[key](**each) if key in kinds and each else each for key, each in values.items()}
