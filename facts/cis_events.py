"""The kinds of change of which the CIS benchmark wants a notification, each with its types of event.

Source: `data/cis-events.yaml` names it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from facts.engine_yaml import read_yaml

_FILE = Path(__file__).parent / "data" / "cis-events.yaml"


@dataclass(frozen=True)
class EventGroup:
    """A kind of change."""

    control: str
    """Number of the control in the CIS OCI Foundations Benchmark 3.0."""

    changed: str
    """What changes, in words."""

    types: tuple[str, ...]
    """The `eventType` of each event. All of them must be in one rule."""


@cache
def event_groups() -> Mapping[str, EventGroup]:
    """Every kind of change by its name, in the order of the controls."""
    found = cast(Mapping[str, Mapping[str, object]], read_yaml(_FILE).value)
    return {
        name: EventGroup(
            control=str(group["control"]),
            changed=str(group["changed"]),
            types=tuple(str(group["types"]).split()),
        )
        for name, group in found.items()
    }
