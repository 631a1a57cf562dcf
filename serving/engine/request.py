"""The input of a plan: a model, the shape of its nodes, and the user's choices."""

from dataclasses import dataclass, field
from functools import cached_property

from facts.shapes import Shape
from serving.catalogue.model import Model

from .choices import EngineChoices
from .memory.allocations import Assumptions
from .options.demands import Demands, engine_demands


@dataclass(frozen=True)
class PlanRequest:
    """One engine to plan. `playground plan`, the rules of the settings and the component all use it."""

    model: Model
    shape: Shape
    """Compute shape of its nodes."""

    choices: EngineChoices = field(default_factory=EngineChoices)
    assumptions: Assumptions | None = None
    """Values that only a start on the GPU can measure. Default: the planner's, with the chosen share of memory, else
    the model's share."""

    @cached_property
    def demands(self) -> Demands:
        """How the options use the engine's memory."""
        return engine_demands(self.model, self.choices)

    @property
    def context_tokens(self) -> int:
        """Longest request in tokens."""
        return self.choices.context_tokens or self.model.max_context

    @property
    def kv_type(self) -> str:
        """Type of the key-value cache."""
        return self.choices.kv_cache_type or self.model.kv_cache_type or "auto"

    @property
    def nodes(self) -> int:
        """Nodes that one engine spans."""
        return self.choices.nodes or 1

    @property
    def assumed(self) -> Assumptions:
        """The assumptions that the plan uses."""
        return self.assumptions or default_assumptions(self.model, self.choices.memory_utilization)


def default_assumptions(model: Model, utilization: float | None = None) -> Assumptions:
    """The planner's assumptions with the given share of memory, else the model's."""
    share = utilization or model.memory_utilization
    return Assumptions() if share is None else Assumptions(utilization=share)
