"""Memory that an engine allocates on each GPU in addition to the cache. Each line names the file of vLLM that decides
it.

vLLM measures most of it at start, with a forward pass over the largest batch (vllm/v1/worker/gpu_worker.py,
determine_available_memory). Here, sizes are calculated from the model's widths. Values that only a GPU can measure are
assumptions with names (`Assumptions`). All sizes are in GiB.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from facts.vllm import DEFAULT_GPU_MEMORY_UTILIZATION
from serving.catalogue.model import Model
from serving.engine.options.demands import Demands, Speculation

GIB = 2**30
GB = 10**9

ACTIVATION_BYTES = 2
"""BF16 in every model of the catalogue, independent of the type of its weights."""

LOGIT_BYTES = 2 + 4 + 4 + 8
"""One element of the logits during sampling: as the model returns it, in FP32, sorted, and with its index."""

COUNT_BYTES = 4 + 1 / 8
"""One element of the penalty counts: a number for answer tokens, and a bit for prompt tokens."""

DEFAULT_GRAPH_SIZE = 512
"""Largest captured batch on gfx942 (vllm/config/vllm.py, _set_cudagraph_sizes)."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How one engine is divided among GPUs: tensor_parallel x pipeline_parallel."""

    tensor_parallel: int = 1
    pipeline_parallel: int = 1

    @property
    def gpus(self) -> int:
        return self.tensor_parallel * self.pipeline_parallel

    @property
    def nodes(self) -> int:
        """Tensor parallel ranks share a node. Each pipeline stage has its own node."""
        return self.pipeline_parallel


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """Values that only a start on the GPU can measure."""

    utilization: float = DEFAULT_GPU_MEMORY_UTILIZATION
    """Share of the GPU's memory that the engine may use; vLLM's default."""

    activation_margin: float = 1.5
    """Factor from the counted buffers to the peak: fragmentation, and scratch memory of kernels. Assumed."""

    runtime_gib: float = 1.5
    """HIP's context, the code of kernels and PyTorch's own buffers. Assumed."""

    graph_base_gib: float = 0.5
    """Captured graphs: the pool of the first graph. Assumed."""

    graph_gib: float = 0.03
    """Captured graphs: each additional graph. Assumed."""

    communication_gib: float = 1.5
    """RCCL's channels and the buffers of AMD's all-reduce, only with more than one GPU. Assumed."""

    encoder_gib: float = 4.0
    """A vision encoder's pass over its largest input, only if an encoder is loaded. Assumed."""


@dataclass(frozen=True, kw_only=True)
class Use:
    """One line of the plan."""

    name: str
    gib: float
    source: str
    """File in the package of vLLM 0.33 that decides it."""

    assumed: bool = field(default=False)
    """Whether it is based on an assumption."""


def allocations(
    model: Model, layout: Layout, demands: Demands, given: Assumptions, *, block_tables_gib: float
) -> tuple[Use, ...]:
    """Everything on one GPU of the fullest stage except the cache, without lines of 0 GiB."""
    lines = [*_weights(model, layout, demands), *_passes(model, layout, demands, given)]
    lines.append(Use(name="block tables", gib=block_tables_gib, source="v1/worker/gpu/block_table.py"))
    lines += _rest(model, layout, demands, given)
    return tuple(line for line in lines if line.gib)


def _weights(model: Model, layout: Layout, demands: Demands) -> Iterator[Use]:
    share = model.weights_gb * GB / GIB / layout.gpus
    kept = max(0.0, share - demands.offload_gib)
    assumed = model.weights_known == "assumed"
    yield Use(name="weights", gib=kept, source="model_executor/model_loader", assumed=assumed)
    speculation = demands.speculation
    if speculation is not None:
        yield Use(
            name="draft weights", gib=draft_gib(model, layout, speculation), source="config/speculative.py"
        )
    if demands.redundant_experts and model.experts:
        # Most weights of such a model belong to experts. All of its weights are the upper bound.
        extra = share * demands.redundant_experts / model.experts.count
        yield Use(name="redundant experts", gib=extra, source="distributed/eplb/eplb_state.py", assumed=True)
    if demands.adapters:
        yield Use(
            name="adapters", gib=adapters_gib(model, layout, demands), source="lora/layers/base_linear.py"
        )


def draft_gib(model: Model, layout: Layout, speculation: Speculation) -> float:
    """Weights of the draft model, or of the model's own prediction layers. 0 for methods that copy tokens."""
    if speculation.model is not None:
        ranks = min(speculation.tensor_parallel or layout.tensor_parallel, layout.tensor_parallel)
        return speculation.model.weights_gb * GB / GIB / ranks
    if speculation.method == "mtp":
        # Only the last stage has them. With experts, they are as large as the other layers.
        return (
            model.weights_gb
            * GB
            / GIB
            / model.layers
            * max(1, model.prediction_layers)
            / layout.tensor_parallel
        )
    return 0.0


def adapters_gib(model: Model, layout: Layout, demands: Demands) -> float:
    """Two thin matrices for each matrix of a layer and each adapter, also for matrices that the adapter does not
    change."""
    tensor = layout.tensor_parallel
    attention = model.attention
    heads, kv = attention.heads * attention.head_size, attention.kv_heads * attention.head_size
    hidden, down = model.hidden_size, 1 if not demands.sharded_adapters else tensor
    mixture = model.experts
    width, copies = (mixture.intermediate_size, mixture.count) if mixture else (model.intermediate_size, 1)
    # Split by columns: each rank has the whole first matrix and a part of the second. Split by rows: the reverse.
    columns = 3 * hidden / down + (heads + 2 * kv) / tensor
    rows = heads / tensor + hidden / down
    feed = copies * ((2 * hidden / down + 2 * width / tensor) + (width / tensor + hidden / down))
    layers = math.ceil(model.layers / layout.pipeline_parallel)
    elements = layers * (columns + rows + feed) * demands.adapter_rank * demands.adapters
    return elements * ACTIVATION_BYTES / GIB


def activation_gib(model: Model, layout: Layout, tokens: int) -> float:
    """Buffers of one layer for a batch: input, attention, and the widest point of the feed-forward part."""
    tensor, attention = layout.tensor_parallel, model.attention
    heads = (attention.heads + 2 * attention.kv_heads) * attention.head_size / tensor
    if model.experts:
        mixture = model.experts
        feed = mixture.active * (3 * mixture.intermediate_size / tensor + model.hidden_size)
        feed = max(feed, 3 * model.intermediate_size / tensor)
    else:
        feed = 3 * model.intermediate_size / tensor
    return tokens * (4 * model.hidden_size + heads + feed) * ACTIVATION_BYTES / GIB


def _passes(model: Model, layout: Layout, demands: Demands, given: Assumptions) -> Iterator[Use]:
    rows = demands.sequences * (1 + (demands.speculation.tokens if demands.speculation else 0))
    forward = activation_gib(model, layout, demands.batch_tokens)
    if demands.speculation is not None and demands.speculation.model is not None:
        forward = max(forward, activation_gib(demands.speculation.model, layout, demands.batch_tokens))
    hidden = demands.batch_tokens * model.hidden_size * ACTIVATION_BYTES / GIB
    sampling = rows * model.vocabulary_size * LOGIT_BYTES / GIB + hidden
    # They run one after the other, so only the larger one counts.
    name, peak, source = (
        ("sampling", sampling, "v1/worker/gpu/sample/sampler.py")
        if sampling > forward * given.activation_margin
        else ("activations", forward * given.activation_margin, "v1/worker/gpu/model_runner.py")
    )
    yield Use(name=name, gib=peak, source=source, assumed=True)
    counts = demands.sequences * model.vocabulary_size * COUNT_BYTES / GIB
    yield Use(name="penalty counts", gib=counts, source="v1/worker/gpu/sample/penalties.py")


def graph_count(demands: Demands) -> int:
    """Captured batches: 1, 2, 4, then every 8th to 256 and every 16th from there."""
    if not demands.graphs:
        return 0
    if demands.graph_sizes is not None:
        return demands.graph_sizes
    per_sequence = 1 + (demands.speculation.tokens if demands.speculation else 0)
    largest = demands.graph_size or min(2 * demands.sequences * per_sequence, DEFAULT_GRAPH_SIZE)
    largest = min(largest, demands.batch_tokens)
    small = sum(size <= largest for size in (1, 2, 4))
    eighths, sixteenths = min(largest, 248) // 8, (largest - 240) // 16
    return small + eighths + max(0, sixteenths)


def _rest(model: Model, layout: Layout, demands: Demands, given: Assumptions) -> Iterator[Use]:
    count = graph_count(demands)
    if count:
        graphs = given.graph_base_gib + count * given.graph_gib
        yield Use(name="graphs", gib=graphs, source="v1/worker/gpu/cudagraph_utils.py", assumed=True)
    if layout.gpus > 1:
        source = "distributed/device_communicators/custom_all_reduce.py"
        yield Use(name="collectives", gib=given.communication_gib, source=source, assumed=True)
    if layout.tensor_parallel > 1:
        source = "distributed/device_communicators/quick_all_reduce.py"
        yield Use(name="quick reduce", gib=demands.quick_reduce_gib, source=source)
    if not demands.text_only:
        source = "v1/worker/gpu/mm/encoder_runner.py"
        # Its output for images is kept: as many tokens as a batch has.
        kept = demands.batch_tokens * model.hidden_size * ACTIVATION_BYTES / GIB
        yield Use(name="vision encoder", gib=given.encoder_gib + kept, source=source, assumed=True)
    yield Use(name="runtime", gib=given.runtime_gib, source="v1/worker/gpu_worker.py", assumed=True)
