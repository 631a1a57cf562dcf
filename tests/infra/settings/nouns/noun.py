"""A noun whose settings and component use the same rules, and how to check both."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Values = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Noun:
    """A noun: its plain values, and how the settings and the component contain them."""

    choices: type
    """The Protocol that the settings and the component's args satisfy."""

    path: str
    """Path of the values in the settings."""

    section: Callable[[Values], Values]
    """Builds the section with the values, by the settings' keys."""

    component: Callable[..., object]
    args: Callable[..., object]
    """Builds the component's args from the values, by their Python names."""

    base: Values = field(default_factory=dict[str, Any])
    """Required values, by their Python names."""

    at: str = "the-noun"
    """Path of the values in a component named `the-noun`; `path` is their path in the settings."""


def entry(field_name: str, of: Callable[..., object], **others: Any) -> Callable[..., Any]:
    """Builds the args of a component whose values are one entry of a mapping."""
    return lambda cls, **values: cls(**others, **{field_name: {"one": of(**values)}})


def nested(values: Values, **kinds: Callable[..., object]) -> Values:
    """The values, with args instead of the mappings in `kinds`."""
    return {key: kinds[key](**each) if key in kinds and each else each for key, each in values.items()}
