"""How much of a price item a resource uses, and why a part has no amount."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from report.resources import Resource


@dataclass(frozen=True, kw_only=True)
class Usage:
    """A quantity of one price item: for a price per hour, what runs all the time; otherwise the amount per month."""

    item: str
    quantity: float
    what: str
    assumption: str | None = None
    """The assumption about the quantity, if there is one."""
    most: float | None = None
    """The largest quantity that the program allows. None: it cannot be more than `quantity`."""
    most_because: str = ""
    """What allows more, for example `the maximum bandwidth of the balancer`."""


@dataclass(frozen=True, kw_only=True)
class NotCounted:
    """Why a part that may cost money has no amount."""

    reason: str
    by_use: bool = False
    """True: billed by use, which nobody can know in advance. False: billed at an unknown price."""


Estimator = Callable[[Resource], Iterator[Usage | NotCounted]]
