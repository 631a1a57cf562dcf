"""What an engine has to do, in seconds that the GPU's peaks would need. The factors say how many times longer it takes.

A step of decoding reads the weights and the key-value cache, multiplies, adds up over the GPUs twice a layer, and has
fixed costs. A prompt is multiplied at once. Each of these is one term, and the time is the sum of the terms times their
factors (`fit`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from facts.shapes import Shape
from facts.throughput.hardware import Peaks, peaks_of
from serving.catalogue.model import Model
from serving.engine.choices import EngineChoices
from serving.engine.memory.allocations import ACTIVATION_BYTES, GB, Layout
from serving.engine.memory.cache import layer_bytes
from serving.engine.memory.plan import MemoryPlan, plan_memory
from serving.engine.request import PlanRequest

Family = Literal["dense", "experts", "latent"]
"""Dense layers; experts with grouped-query attention; experts with latent attention."""

Terms = dict[str, float]
"""Seconds, or counts of a fixed cost, by the name of the factor that multiplies them."""

DENSE_TERMS = (
    "layer",
    "weights",
    "cache",
    "multiply",
    "exchange",
    "sequence",
    "prompt",
    "promptAttention",
    "eagerLayer",
    "served",
)
"""`layer`, `sequence`, `eagerLayer` and `served` count fixed costs of a step, the last of a server. The other
terms are seconds at the peak."""

LATENT_HEAD = 160
"""Elements of a head while a prompt is read with latent attention: half of the sum of keys, 192, and values, 128."""

REDUCTIONS = 2
"""Sums over the GPUs in each layer: after the attention and after the feed-forward part."""


def family_of(model: Model) -> Family:
    """The family whose factors apply."""
    if model.attention.kind == "mla":
        return "latent"
    return "experts" if model.experts else "dense"


def family_terms(family: Family) -> tuple[str, ...]:
    """The names of the additional terms of a family."""
    return () if family == "dense" else (f"{family}Layer", f"{family}Prompt")


@dataclass(frozen=True, kw_only=True)
class Engine:
    """One engine: a model on GPUs of one node."""

    model: Model
    shape: Shape
    gpus: int
    """Tensor parallel size."""
    cache: str = "auto"
    """Type of the key-value cache."""
    eager: bool = False
    """Without graphs. The engines of this toolkit use graphs."""
    served: bool = True
    """Behind an HTTP server. False: requests come from the same program, as in a test of throughput."""

    @cached_property
    def plan(self) -> MemoryPlan:
        """Its memory, for the longest request that its model allows."""
        choices = EngineChoices(gpus=self.gpus, kv_cache_type=None if self.cache == "auto" else self.cache)
        return plan_memory(PlanRequest(self.model, self.shape, choices))

    @cached_property
    def peaks(self) -> Peaks:
        """Peaks of its GPU. Raises ValueError for a GPU without known peaks."""
        found = peaks_of(self.shape)
        if found is None:
            raise ValueError(f"no peaks of {self.shape.gpu_name} are known")
        return found

    def running(self, wanted: float, tokens: float) -> float:
        """How many of the wanted requests have room in the cache, each with this many tokens on average. At least 1."""
        return max(1.0, min(wanted, self.plan.tokens / tokens))

    @property
    def multiplied(self) -> float:
        """Parameters that one token is multiplied with."""
        model = self.model
        used = (model.active_billion or model.parameters_billion) * GB
        return used - model.vocabulary_size * model.hidden_size

    def weights_read(self, batch: float) -> float:
        """Bytes of weights that a step with this many tokens reads, on all GPUs: without the table of the input, and
        of the experts only those that at least one token uses."""
        model = self.model
        table = model.vocabulary_size * model.hidden_size * ACTIVATION_BYTES
        read = model.weights_gb * GB - table
        if model.experts is None or model.active_billion is None:
            return read
        share = model.experts.active / model.experts.count
        of_experts = (model.parameters_billion - model.active_billion) / (1 - share)
        unused = (1 - share) ** batch
        return read - model.weights_gb * GB * of_experts / model.parameters_billion * unused

    def step(self, batch: float, context: float) -> Terms:
        """One step of decoding for `batch` requests, each with `context` tokens in its cache on average."""
        model, gpus, peaks = self.model, self.gpus, self.peaks
        attention = model.attention
        products = 4 * attention.heads * attention.head_size * context * model.full_layers * batch
        terms: Terms = {
            "layer": model.layers,
            "weights": self.weights_read(batch) / gpus / peaks.memory_bytes_per_second,
            "cache": batch * self.cache_read(context) / peaks.memory_bytes_per_second,
            "multiply": 2 * self.multiplied * batch / gpus / peaks.flops(model.weight_type)
            + products / gpus / peaks.bf16_flops,
            "exchange": self._exchange(batch),
            "sequence": batch,
        }
        if self.served:
            terms["served"] = 1
        if self.eager:
            terms["eagerLayer"] = model.layers
        if (family := family_of(model)) != "dense":
            terms[f"{family}Layer"] = model.layers
        return terms

    def cache_read(self, context: float) -> float:
        """Bytes of cache that one GPU reads for a request with this many tokens."""
        model = self.model
        each = layer_bytes(model, Layout(tensor_parallel=self.gpus), self.cache)
        window = model.window.layers * min(context, model.window.tokens) if model.window else 0
        return each * (model.full_layers * context + window)

    def prompt(self, tokens: float) -> Terms:
        """Reading one prompt."""
        model, peaks = self.model, self.peaks
        head = LATENT_HEAD if model.attention.kind == "mla" else model.attention.head_size
        products = 2 * model.attention.heads * head * tokens * tokens * model.full_layers
        multiply = 2 * self.multiplied * tokens / self.gpus / peaks.flops(model.weight_type)
        terms: Terms = {
            "prompt": multiply,
            "promptAttention": products / self.gpus / peaks.bf16_flops,
            "exchange": self._exchange(tokens),
        }
        if (family := family_of(model)) != "dense":
            terms[f"{family}Prompt"] = multiply
        return terms

    def _exchange(self, tokens: float) -> float:
        if self.gpus == 1:
            return 0.0
        each = 2 * (self.gpus - 1) / self.gpus * tokens * self.model.hidden_size * ACTIVATION_BYTES
        return REDUCTIONS * self.model.layers * each / self.peaks.link_bytes_per_second


def added(*parts: tuple[float, Terms]) -> Terms:
    """The sum of terms, each times a number."""
    total: Terms = {}
    for times, terms in parts:
        for name, value in terms.items():
            total[name] = total.get(name, 0.0) + times * value
    return total


def seconds(terms: Mapping[str, float], factors: Mapping[str, float]) -> float:
    """The time that the terms take with these factors."""
    return sum(value * factors.get(name, 0.0) for name, value in terms.items())
