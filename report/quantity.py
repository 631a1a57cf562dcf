"""How much of a price item a resource uses, and what has no figure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from report.resources import Resource


@dataclass(frozen=True, kw_only=True)
class Usage:
    """So much of one price item. Of an item by the hour `quantity` runs all the time; else it is per month."""

    item: str
    quantity: float
    what: str
    assumption: str | None = None
    """What had to be assumed about the quantity."""


@dataclass(frozen=True, kw_only=True)
class NotCounted:
    """Why something that may cost money has no figure."""

    reason: str
    by_use: bool = False
    """Whether it costs what it will be used for, which nobody can know before; else it is billed, and unknown."""


Estimator = Callable[[Resource], Iterator[Usage | NotCounted]]
