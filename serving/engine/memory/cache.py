"""The key-value cache of one GPU in blocks, as vLLM 0.33 divides it (vllm/v1/core/kv_cache_planning.py).

Layers of one kind form groups with the same number of layers. All groups use blocks from one pool. A block contains the
same number of tokens for each layer of a group. For a layer with a state it contains the whole state, so a model with
such layers has blocks as large as a state.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from serving.catalogue.model import Model
from serving.engine.options.demands import Demands

from .allocations import Layout

KV_ELEMENT_BYTES: Mapping[str, int] = MappingProxyType(
    {"auto": 2, "bfloat16": 2, "fp8": 1, "fp8_e4m3": 1, "fp8_e5m2": 1}
)
"""Bytes of one cached element by `--kv-cache-dtype`. auto is the type of the activations, which is BF16 in every model
of the catalogue, also with FP8 weights."""

BLOCK_TOKENS = 64
"""Planned block size if none is given: the largest size that a backend for AMD GPUs prefers."""

STATE_STEP = 16
"""Blocks for a state are rounded up to a multiple of this many tokens (vllm/platforms/interface.py)."""

PADDED_BELOW = 1.5
"""The group size is the larger number of layers, with padding, if it is less than this many times the smaller number.
Otherwise it is the smaller number."""

BATCHES = 2
"""Batches in flight at the same time: scheduling overlaps with the GPU's work."""


def kv_types(model: Model) -> tuple[str, ...]:
    """The types of `--kv-cache-dtype` that the backends for AMD GPUs support for this model."""
    sparse = bool(model.index_bytes)
    return tuple(word for word in KV_ELEMENT_BYTES if not (sparse and word == "fp8_e5m2"))


def layer_bytes(model: Model, layout: Layout, kv_type: str) -> int:
    """Bytes of one token in one cached layer on one GPU."""
    attention = model.attention
    if attention.kind == "mla":
        return attention.head_size * KV_ELEMENT_BYTES[kv_type] + model.index_bytes
    heads = max(1, attention.kv_heads // layout.tensor_parallel)
    return 2 * heads * attention.head_size * KV_ELEMENT_BYTES[kv_type] + model.index_bytes


def kv_bytes_per_token(model: Model, layout: Layout | None = None, kv_type: str = "auto") -> int:
    """Bytes of one token on one GPU of the fullest pipeline stage, over the layers that cache every token."""
    layout = layout or Layout()
    return math.ceil(model.full_layers / layout.pipeline_parallel) * layer_bytes(model, layout, kv_type)


def state_bytes(model: Model, layout: Layout, demands: Demands) -> int:
    """Bytes of one sequence's state in one layer on one GPU: the last inputs of the convolution, and the state
    matrix."""
    state = model.state
    if state is None:
        return 0
    tokens = demands.speculation.tokens if demands.speculation else 0
    width = 2 * state.key_heads * state.key_size + state.value_heads * state.value_size
    inputs = math.ceil(width / layout.tensor_parallel) * (state.kernel - 1 + tokens) * 2
    heads = math.ceil(state.value_heads / layout.tensor_parallel)
    return inputs + heads * state.value_size * state.key_size * demands.state_bytes


@dataclass(frozen=True, kw_only=True)
class Pool:
    """The blocks of one GPU."""

    block_tokens: int
    block_bytes: int
    """Bytes of one block, over all layers of a group."""

    fixed_blocks: int
    """Blocks of a sequence that do not grow with its length: states and windows."""

    state_blocks: int
    """How many of those are states."""

    groups: int

    def blocks(self, budget_bytes: float) -> int:
        return max(0, math.floor(budget_bytes / self.block_bytes))

    def tokens(self, blocks: int) -> int:
        """Longest sequence that fits in these blocks."""
        return max(0, blocks - self.fixed_blocks) * self.block_tokens

    def needed(self, tokens: int) -> int:
        """Blocks of a sequence with this many tokens."""
        return self.fixed_blocks + math.ceil(tokens / self.block_tokens)


def cache_pool(model: Model, layout: Layout, kv_type: str, demands: Demands, context: int) -> Pool:
    """The pool of blocks into which the cache is divided."""
    stages = layout.pipeline_parallel
    page = layer_bytes(model, layout, kv_type)
    full = math.ceil(model.full_layers / stages) + draft_layers(model, demands)
    window = math.ceil(model.window.layers / stages) if model.window else 0
    if window and not demands.hybrid_cache:
        full, window = full + window, 0
    states = math.ceil(model.state.layers / stages) if model.state else 0
    block = demands.block_size or BLOCK_TOKENS
    if states:
        step = max(STATE_STEP, block if demands.block_size else STATE_STEP)
        block = step * math.ceil(state_bytes(model, layout, demands) / (step * page))
    group = _group_size([each for each in (full, window, states) if each])
    state_blocks = _state_blocks(states, group, demands)
    growing = math.ceil(full / group)
    return Pool(
        # If the full layers form several groups, a sequence needs a block in each group for the same tokens.
        block_tokens=max(1, block // growing),
        block_bytes=group * page * block + _draft_bytes(layout, demands) * block,
        fixed_blocks=state_blocks
        + _window_blocks(window, group, block, _window_tokens(model, demands, context)),
        state_blocks=state_blocks,
        groups=sum(math.ceil(each / group) for each in (full, window, states)),
    )


def draft_layers(model: Model, demands: Demands) -> int:
    """Cached layers of the model itself that drafting adds."""
    speculation = demands.speculation
    if speculation is None or speculation.method != "mtp":
        return 0
    return max(1, model.prediction_layers)


def _draft_bytes(layout: Layout, demands: Demands) -> int:
    """Bytes of cache per token of a draft model."""
    speculation = demands.speculation
    if speculation is None or speculation.model is None:
        return 0
    ranks = min(speculation.tensor_parallel or layout.tensor_parallel, layout.tensor_parallel)
    return speculation.model.layers * layer_bytes(speculation.model, Layout(tensor_parallel=ranks), "auto")


def _group_size(layers: list[int]) -> int:
    least, most = min(layers), max(layers)
    return most if most < PADDED_BELOW * least else least


def _state_blocks(states: int, group: int, demands: Demands) -> int:
    # Prefix caching also keeps the state before the current one.
    each = (2 if demands.prefix_caching else 1) + (demands.speculation.tokens if demands.speculation else 0)
    return math.ceil(states / group) * each


def _window_tokens(model: Model, demands: Demands, context: int) -> int:
    """Tokens of one sequence that a layer with a window keeps: those in the window, and those in flight."""
    return min(model.window.tokens - 1 + BATCHES * demands.batch_tokens, context) if model.window else 0


def _window_blocks(window: int, group: int, block: int, seen: int) -> int:
    return math.ceil(window / group) * (math.ceil(seen / block) + 1) if window else 0
