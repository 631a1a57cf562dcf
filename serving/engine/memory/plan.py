"""Plans the GPU memory of an engine: whether the model fits, and how many tokens fit in its cache.

As in vLLM 0.33, the budget for the cache is the GPU's memory times the utilisation, less everything else that the
engine allocates there (`allocations`). It is divided into blocks (`cache`). For values that vLLM measures at start, the
plan uses named, adjustable assumptions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from facts.shapes import Shape
from serving.catalogue.model import Model, WeightsKnown
from serving.engine.options.demands import Demands
from serving.engine.request import PlanRequest

from .allocations import GB, GIB, Assumptions, Layout, Use, allocations
from .cache import KV_ELEMENT_BYTES, Pool, cache_pool, kv_bytes_per_token, kv_types

__all__ = [
    "GB",
    "GIB",
    "KV_ELEMENT_BYTES",
    "Assumptions",
    "Layout",
    "MemoryPlan",
    "Use",
    "kv_bytes_per_token",
    "kv_types",
    "layouts",
    "plan_memory",
]

SEQUENCE_STEP = 8
"""The planner chooses multiples of this number of sequences, like the captured batch sizes."""


@dataclass(frozen=True, kw_only=True)
class MemoryPlan:
    """How the memory of one engine's GPUs is used. GiB are per GPU, tokens per engine."""

    model: str
    shape: str
    gpu_name: str
    gpu_memory_gib: float
    gpus_per_node: int
    layout: Layout
    kv_type: str
    context_tokens: int
    """Longest request that the engine must serve."""

    weights_gib: float
    weights_known: WeightsKnown
    """How the catalogue knows their size."""

    uses: tuple[Use, ...]
    """Everything on one GPU except the cache, weights first."""

    kv_budget_gib: float
    """Memory for the cache. Negative if not even the weights fit."""

    kv_bytes_per_token: int
    pool: Pool
    blocks: int
    """Blocks of the cache."""

    tokens: int
    """Tokens of the longest sequence that fits in the cache."""

    sequences: int
    """Sequences that may run at the same time."""

    sequences_planned: bool
    """Whether the planner lowered them from vLLM's default, so that each has a state."""

    chosen: bool
    """Whether the planner chose the layout."""

    smaller: tuple[tuple[int, int], ...] = ()
    """Smaller layouts without enough room: their GPUs, and the tokens that fit."""

    assumptions: Assumptions = field(default_factory=Assumptions)

    @property
    def fits(self) -> bool:
        """Whether at least one request of the full context fits."""
        return self.tokens >= self.context_tokens

    @property
    def reserve_gib(self) -> float:
        """Everything except weights and cache."""
        return sum(use.gib for use in self.uses) - self.weights_gib

    @property
    def requests(self) -> float:
        """Requests of the full context that fit at the same time."""
        return self.blocks / self.pool.needed(self.context_tokens)

    @property
    def engines_per_node(self) -> int:
        """Engines that fit on one node. 0 if an engine spans several nodes."""
        return self.gpus_per_node // self.layout.gpus

    @property
    def node_tokens(self) -> int:
        """Tokens in the caches of all engines that fit on one node."""
        return self.tokens * self.engines_per_node


def plan_memory(request: PlanRequest) -> MemoryPlan:
    """The plan of one engine. Commands, rules, layers and components all call this function.

    Without `gpus`, it uses the smallest of the model's sizes that has room for the context. If there is none, it uses
    the largest size that the node allows. With `nodes` above 1, the engine uses whole nodes, with one pipeline stage on
    each. The plan may show that the model does not fit: `memory_problems` turns that into a refusal.
    """
    plans: list[MemoryPlan] = []
    for layout in _candidates(request):
        tried = tuple((each.layout.gpus, each.tokens) for each in plans)
        plans.append(replace(_plan(request, layout), smaller=tried))
        if plans[-1].fits:
            break
    return plans[-1]


def _candidates(request: PlanRequest) -> tuple[Layout, ...]:
    gpus, shape = request.choices.gpus, request.shape
    if request.nodes > 1:
        return (Layout(tensor_parallel=gpus or shape.gpus, pipeline_parallel=request.nodes),)
    return tuple(
        Layout(tensor_parallel=size) for size in ((gpus,) if gpus else layouts(request.model, shape))
    )


def layouts(model: Model, shape: Shape) -> tuple[int, ...]:
    """Tensor parallel sizes of the model for which a node has enough GPUs. The model's smallest size if there is
    none."""
    sizes = tuple(size for size in model.tensor_parallel if size <= shape.gpus)
    return sizes or model.tensor_parallel[:1]


def _plan(request: PlanRequest, layout: Layout) -> MemoryPlan:
    model, shape, demands, assumptions = request.model, request.shape, request.demands, request.assumed
    memory, context = float(shape.gpu_memory_gib or 0), request.context_tokens
    pool = cache_pool(model, layout, request.kv_type, demands, context)
    tables = _block_tables_gib(pool, demands, context)
    uses = allocations(model, layout, demands, assumptions, block_tables_gib=tables)
    budget = _cache_gib(memory, uses, assumptions, demands)
    blocks = pool.blocks(budget * GIB)
    if demands.blocks is not None:
        blocks = min(blocks, demands.blocks)
    sequences = _sequences(model, pool, blocks, demands)
    return MemoryPlan(
        model=model.name,
        shape=shape.name,
        gpu_name=shape.gpu_name or "no GPU",
        gpu_memory_gib=memory,
        gpus_per_node=shape.gpus,
        layout=layout,
        kv_type=request.kv_type,
        context_tokens=context,
        weights_gib=next((use.gib for use in uses if use.name == "weights"), 0.0),
        weights_known=model.weights_known,
        uses=uses,
        kv_budget_gib=budget,
        kv_bytes_per_token=kv_bytes_per_token(model, layout, request.kv_type),
        pool=pool,
        blocks=blocks,
        tokens=pool.tokens(blocks),
        sequences=sequences,
        sequences_planned=sequences != demands.sequences,
        chosen=request.choices.gpus is None and layout.nodes == 1,
        assumptions=assumptions,
    )


def _cache_gib(memory: float, uses: Sequence[Use], assumptions: Assumptions, demands: Demands) -> float:
    used = sum(use.gib for use in uses)
    if demands.cache_bytes is None:
        return assumptions.utilization * memory - used
    # A cache of a given size ignores the utilisation, but not the size of the GPU.
    return min(demands.cache_bytes / GIB, memory - used)


def _block_tables_gib(pool: Pool, demands: Demands, context: int) -> float:
    """Two tables per group: a row for each sequence, with a number for each block of the longest sequence."""
    rows = demands.sequences * (pool.fixed_blocks + context // pool.block_tokens + 1)
    return 2 * pool.groups * rows * 4 / GIB


def _sequences(model: Model, pool: Pool, blocks: int, demands: Demands) -> int:
    """If layers keep states, vLLM does not start with more sequences than blocks. Each sequence needs several
    blocks."""
    if model.state is None or demands.sequences_given:
        return demands.sequences
    fit = blocks // pool.needed(1)
    return min(demands.sequences, max(1, fit - fit % SEQUENCE_STEP if fit > SEQUENCE_STEP else fit))
