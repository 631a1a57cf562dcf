"""The model of a report: a document of sections, each with its JSON data and the blocks that show the data.

A block never contains a number of its own. It refers to a value by its path in the section's data, so that text,
Markdown, JSON and the page cannot say different things.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Form = Literal["text", "count", "money", "money change", "percent", "gpu-hours"]
"""How a value is shown. money: an amount in the document's currency. percent: the value is a share, 0.5 is 50 %."""

Level = Literal["plain", "warning", "alarm"]

FailOn = Literal["data-loss", "gpu-loss", "over-budget", "open-to-internet", "broad-grant"]
"""What `--fail-on` can name."""

FAIL_ON: Mapping[FailOn, str] = {
    "data-loss": "dataAtRisk",
    "gpu-loss": "dataAtRisk",
    "over-budget": "cost",
    "open-to-internet": "reach",
    "broad-grant": "rights",
}
"""The key of the section that finds each."""

OF_A_CHANGE: Sequence[FailOn] = ("data-loss", "gpu-loss")
"""What only a change can do."""


@dataclass(frozen=True, kw_only=True)
class Value:
    """A value of the section's data."""

    path: str
    """Where it is in the section's data, in the engine's form of paths: `lines[0].monthly`."""

    form: Form = "text"


Part = str | Value
"""Words of the report, or a value."""


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A line of text."""

    parts: Sequence[Part]
    level: Level = "plain"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table."""

    name: str
    numeric: bool = False
    bars: bool = False
    """Whether the page draws a bar beside each number."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table. Each cell is a part, or several that are written one after the other."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Part | Sequence[Part]]]
    most: int | None = None
    """Rows that are shown without `--verbose`, the first ones. None: all."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture of the section's data. Only the page shows it."""

    title: str


Block = Sentence | Table | Picture


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the report."""

    key: str
    """Its key in the JSON, which `--only` names."""

    title: str
    data: Mapping[str, object]
    """JSON values only. Amounts are rounded to cents."""

    blocks: Sequence[Block]
    failures: Mapping[FailOn, Sequence[str]] = field(default_factory=dict["FailOn", "Sequence[str]"])
    """What `--fail-on` finds, a sentence each."""

    @property
    def alarms(self) -> list[Sentence]:
        """What is shown before all sections."""
        return [each for each in self.blocks if isinstance(each, Sentence) and each.level == "alarm"]

    @property
    def others(self) -> list[Block]:
        """The blocks that are shown in the section itself."""
        return [each for each in self.blocks if not isinstance(each, Sentence) or each.level != "alarm"]


@dataclass(frozen=True, kw_only=True)
class Document:
    """A report about one stack at one moment."""

    stack: str
    origin: str
    """What it was read from, for example `the program, without an engine`."""

    currency: str
    sections: Sequence[Section]

    @property
    def alarms(self) -> list[tuple[Section, Sentence]]:
        """The alarms of all sections."""
        return [(section, each) for section in self.sections for each in section.alarms]

    def failures(self, kinds: Sequence[FailOn]) -> list[str]:
        """What the sections found of these kinds."""
        return [
            f"{kind}: {said}"
            for kind in kinds
            for section in self.sections
            for said in section.failures.get(kind, ())
        ]
