"""Whether a model fits its GPUs, and how many tokens then fit beside it.

Formulas as in vLLM 0.33: a GPU's key-value budget is its memory times the utilisation, less its part of the weights
and a reserve. What vLLM measures at start (peak activation, graphs) is an assumption here, named and adjustable.
Grouped-query heads are split over the tensor parallel ranks and copied where ranks outnumber them; the latent
vector of multi-head latent attention is copied to every rank.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from facts.shapes import Shape
from facts.vllm import DEFAULT_GPU_MEMORY_UTILIZATION
from serving.catalogue.model import Model, WeightsKnown

GIB = 2**30
GB = 10**9

KV_ELEMENT_BYTES: Mapping[str, int] = MappingProxyType(
    {"auto": 2, "bfloat16": 2, "fp8": 1, "fp8_e4m3": 1, "fp8_e5m2": 1}
)
"""Bytes of one cached element by `--kv-cache-dtype`; auto follows the activations, which are BF16 in every model
of the catalogue, FP8 weights or not."""

MLA_PACKED = "fp8_ds_mla"
MLA_PACKED_BYTES = 656
"""A latent vector in this packed layout: bytes a token and layer, scales included."""

TOKEN_STEP = 64
"""Token counts are rounded down to this: the largest cache block that the catalogue uses."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How one engine is spread: GPUs = tensor_parallel x pipeline_parallel."""

    tensor_parallel: int = 1
    pipeline_parallel: int = 1

    @property
    def gpus(self) -> int:
        return self.tensor_parallel * self.pipeline_parallel

    @property
    def nodes(self) -> int:
        """Tensor parallel ranks share a node; pipeline stages have a node each."""
        return self.pipeline_parallel


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """What only a start on the GPU can tell. GiB a GPU."""

    utilization: float = DEFAULT_GPU_MEMORY_UTILIZATION
    """Share of the GPU's memory that the engine may use; vLLM's default."""

    activation_gib: float = 5.0
    """Peak activation at vLLM's default batch of 16,384 tokens. Assumed."""

    graph_gib: float = 2.0
    """Captured graphs. Assumed."""

    communication_gib: float = 1.5
    """Buffers of the collectives; counted with more than one GPU only. Assumed."""

    def reserve_gib(self, layout: Layout) -> float:
        shared = self.communication_gib if layout.gpus > 1 else 0.0
        return self.activation_gib + self.graph_gib + shared


@dataclass(frozen=True, kw_only=True)
class MemoryPlan:
    """Where the memory of one engine's GPUs goes. GiB are per GPU, tokens per engine."""

    model: str
    shape: str
    gpu_name: str
    gpu_memory_gib: float
    gpus_per_node: int
    layout: Layout
    kv_type: str
    context_tokens: int
    """Longest request to be served."""

    weights_gib: float
    weights_known: WeightsKnown
    """How the catalogue knows their size."""

    reserve_gib: float
    kv_budget_gib: float
    """What is left for the cache; negative where not even the weights fit."""

    kv_bytes_per_token: int
    tokens: int
    """Tokens that the cache holds."""

    chosen: bool
    """Whether the planner chose the layout."""

    smaller: tuple[tuple[int, int], ...] = ()
    """Layouts that were tried before and hold too little: GPUs, and tokens that fit."""

    assumptions: Assumptions = field(default_factory=Assumptions)

    @property
    def fits(self) -> bool:
        """Whether at least one request of the full context fits."""
        return self.tokens >= self.context_tokens

    @property
    def requests(self) -> float:
        """Requests of the full context that fit at once."""
        return self.tokens / self.context_tokens

    @property
    def engines_per_node(self) -> int:
        """0 where an engine takes several nodes."""
        return self.gpus_per_node // self.layout.gpus

    @property
    def node_tokens(self) -> int:
        """Tokens in the caches of all engines that a node has room for."""
        return self.tokens * self.engines_per_node


def kv_types(model: Model) -> tuple[str, ...]:
    """The types of `--kv-cache-dtype` that can be planned for this model."""
    packed = (MLA_PACKED,) if model.attention.kind == "mla" else ()
    return (*KV_ELEMENT_BYTES, *packed)


def kv_bytes_per_token(model: Model, layout: Layout | None = None, kv_type: str = "auto") -> int:
    """Bytes of cache that one token takes on one GPU (of the fullest pipeline stage)."""
    layout = layout or Layout()
    layers = math.ceil((model.cached_layers or model.layers) / layout.pipeline_parallel)
    index = layers * model.index_bytes
    attention = model.attention
    if attention.kind == "mla":
        vector = (
            MLA_PACKED_BYTES if kv_type == MLA_PACKED else attention.head_size * KV_ELEMENT_BYTES[kv_type]
        )
        return layers * vector + index
    heads = max(1, attention.kv_heads // layout.tensor_parallel)
    return 2 * layers * heads * attention.head_size * KV_ELEMENT_BYTES[kv_type] + index


def plan_memory(
    model: Model,
    shape: Shape,
    *,
    gpus: int | None = None,
    nodes: int | None = None,
    context_tokens: int | None = None,
    kv_type: str | None = None,
    assumptions: Assumptions | None = None,
) -> MemoryPlan:
    """The plan of one engine.

    `gpus` is its tensor parallel size within a node; where None, the smallest of the model's sizes that holds the
    context, or the largest that the node has if none does. With `nodes` above 1 the engine takes whole nodes, one
    pipeline stage on each. `context_tokens` defaults to the model's own. The plan may say that the model does not
    fit: `memory_problems` turns that into a refusal.
    """
    plans: list[MemoryPlan] = []
    for layout in _candidates(model, shape, gpus, nodes or 1):
        plan = _plan(
            model,
            shape,
            layout,
            context=context_tokens or model.max_context,
            kv_type=kv_type or model.kv_cache_type or "auto",
            assumptions=assumptions or default_assumptions(model),
            chosen=gpus is None and layout.nodes == 1,
        )
        tried = tuple((each.layout.gpus, each.tokens) for each in plans)
        plans.append(replace(plan, smaller=tried))
        if plan.fits:
            break
    return plans[-1]


def _candidates(model: Model, shape: Shape, gpus: int | None, nodes: int) -> tuple[Layout, ...]:
    if nodes > 1:
        return (Layout(tensor_parallel=gpus or shape.gpus, pipeline_parallel=nodes),)
    return tuple(Layout(tensor_parallel=size) for size in ((gpus,) if gpus else layouts(model, shape)))


def layouts(model: Model, shape: Shape) -> tuple[int, ...]:
    """Tensor parallel sizes of the model that a node of the shape has GPUs for; its smallest if there is none."""
    sizes = tuple(size for size in model.tensor_parallel if size <= shape.gpus)
    return sizes or model.tensor_parallel[:1]


def default_assumptions(model: Model, utilization: float | None = None) -> Assumptions:
    """The planner's assumptions with the given utilisation, else the model's own."""
    share = utilization or model.memory_utilization
    return Assumptions() if share is None else Assumptions(utilization=share)


def _plan(
    model: Model,
    shape: Shape,
    layout: Layout,
    *,
    context: int,
    kv_type: str,
    assumptions: Assumptions,
    chosen: bool,
) -> MemoryPlan:
    memory = float(shape.gpu_memory_gib or 0)
    weights = model.weights_gb * GB / GIB / layout.gpus
    reserve = assumptions.reserve_gib(layout)
    budget = assumptions.utilization * memory - weights - reserve
    per_token = kv_bytes_per_token(model, layout, kv_type)
    tokens = max(0, math.floor(budget * GIB / per_token))
    return MemoryPlan(
        model=model.name,
        shape=shape.name,
        gpu_name=shape.gpu_name or "no GPU",
        gpu_memory_gib=memory,
        gpus_per_node=shape.gpus,
        layout=layout,
        kv_type=kv_type,
        context_tokens=context,
        weights_gib=weights,
        weights_known=model.weights_known,
        reserve_gib=reserve,
        kv_budget_gib=budget,
        kv_bytes_per_token=per_token,
        tokens=tokens - tokens % TOKEN_STEP,
        chosen=chosen,
        assumptions=assumptions,
    )
