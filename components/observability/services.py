"""What the toolkit can create, and which of its availability, saturation and errors the alarms watch."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from facts.engine_yaml import parse_yaml

from .definitions import KINDS, AlarmDefinition, load_alarms, services

FILE = Path(__file__).parent / "services.yaml"


@dataclass(frozen=True, kw_only=True)
class WatchedService:
    """A service with alarms, or with the reasons why it has none."""

    name: str
    title: str
    components: tuple[str, ...]
    """The classes of the components that create it."""

    without: Mapping[str, str]
    """By kind: why no alarm watches it."""

    alarms: Mapping[str, AlarmDefinition]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that alarms watch."""
        return tuple(kind for kind in KINDS if any(each.kind == kind for each in self.alarms.values()))

    @property
    def third_party(self) -> tuple[str, ...]:
        """Its metrics that are known only from other people's code."""
        return tuple(sorted({name for each in self.alarms.values() for name in each.third_party}))


@cache
def watched_services() -> Mapping[str, WatchedService]:
    """Every service by name."""
    return {
        name: WatchedService(
            name=name,
            title=str(entry["title"]),
            components=tuple(cast("list[str]", entry["components"])),
            without=cast("Mapping[str, str]", entry.get("without") or {}),
            alarms=load_alarms(name) if name in services() else {},
        )
        for name, entry in cast("Mapping[str, Mapping[str, object]]", _content()["services"]).items()
    }


@cache
def unwatched() -> Mapping[str, str]:
    """By component: why it has no alarm at all."""
    return cast("Mapping[str, str]", _content()["unwatched"])


@cache
def _content() -> Mapping[str, object]:
    return cast("Mapping[str, object]", parse_yaml(FILE.read_text(encoding="utf-8"), FILE.name).value)
