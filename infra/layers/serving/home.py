"""A namespace that models run in, as the parts of the serving layer know it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from infra.context import Context
from infra.settings.serving import ModelSettings

SECRET = "hub-token"  # noqa: S105  a name


@dataclass(frozen=True, kw_only=True)
class Home:
    """A namespace with models, and what they share there."""

    team: str | None
    """Whose it is; None for the models' own."""

    models: Sequence[ModelSettings]
    namespace: pulumi.Output[str]
    token: pulumi.Output[str] | None
    """Name of the Secret with the hub's token."""

    def name(self, context: Context, noun: str) -> str:
        """Name of a component that each home has its own of."""
        return context.name(f"{noun}-{self.team}" if self.team else noun)
