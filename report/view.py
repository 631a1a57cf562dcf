"""What a report is about: the resources after a change, those before it, and the change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from facts.prices import PriceList
from report.changes import Change
from report.costs.usage_file import Usage
from report.limits.account import AccountLimits
from report.model_speeds import ModelSpeed
from report.resources import Resource

NOT_RUN = "`playground report STACK --preview FILE --resolve` runs the program, and knows more"


@dataclass(frozen=True, kw_only=True)
class View:
    """What the sections read. Every section is a function from a view to a `report.document.model.Section`."""

    stack: str
    prices: PriceList
    after: Sequence[Resource]
    """Every resource of the stack, also components, after the change. Without a change: as it is."""

    before: Sequence[Resource] | None = None
    """Every resource before the change. None: not known, because only the program was run."""

    changes: Sequence[Change] | None = None
    """The change, the worst first. None without an engine's preview."""

    outside: bool = False
    """Whether the change was made outside the stack, and a refresh found it."""

    found: "View | None" = None
    """What a refresh found outside the stack before the engine's own steps. None: nothing, or there was no refresh."""

    pool_limits: Mapping[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    """The fewest and most nodes of pools that an autoscaler resizes, by the pool's name: from the stack file."""

    speeds: Sequence[ModelSpeed] | None = None
    """The predicted speed of each model: from an output of the stack, else by the stack file. None: neither says it."""
    usage: Usage | None = None
    """Who asked which model, and how busy resources were, from the file of `--usage`."""

    account_limits: AccountLimits | None = None
    """Service limits of the account or the sandbox, from the file of `--limits`. None: they are unknown."""

    own_quotas: Mapping[str, int] = field(default_factory=dict[str, int])
    """Quotas that the stack file sets by name."""

    unresolved: str = NOT_RUN
    """Why a preview's references to new resources are not known. Empty: they are known, as far as they can be."""
