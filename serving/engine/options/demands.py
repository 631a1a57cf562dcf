"""How an engine's options use its memory, from the catalogue's and the user's options together."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from facts.vllm_values import FIELD_KINDS, size_of
from serving.catalogue import Model, catalogue
from serving.engine.adapters import rank_of
from serving.engine.choices import EngineChoices

from .given import Given, overridden

BATCH_TOKENS = 16_384
SEQUENCES = 1_024
"""vLLM's defaults on GPUs with 160 GiB or more (vllm/engine/arg_utils.py, get_batch_defaults)."""

QUICK_REDUCE = "VLLM_ROCM_QUICK_REDUCE_QUANTIZATION"
QUICK_REDUCE_SIZE = "VLLM_ROCM_QUICK_REDUCE_MAX_SIZE_BYTES_MB"

WITHOUT_WEIGHTS = frozenset({"ngram", "[ngram]", "ngram_gpu", "suffix"})
"""Methods of speculative decoding that load no model."""

OWN_LAYERS = frozenset(
    word for word in FIELD_KINDS["SpeculativeConfig.method"].split(" ")[1].split(",") if word.endswith("mtp")
)
"""Methods that use prediction layers from the model's own files. vLLM replaces each of them by `mtp`
(vllm/config/speculative.py, MTPModelTypes)."""


DRAFT_FLAGS: Mapping[str, str] = MappingProxyType(
    {"spec-method": "method", "spec-model": "model", "spec-tokens": "num_speculative_tokens"}
)
"""Options that set one field of speculative-config each."""


@dataclass(frozen=True, kw_only=True)
class Speculation:
    """Speculative decoding: drafts of several tokens at once."""

    method: str
    tokens: int
    """Tokens of one draft."""

    model: Model | None
    """The draft model, if it is in the catalogue."""

    repository: str | None
    """The name of the draft model in the options."""

    tensor_parallel: int | None
    """Ranks of the draft model. Default: the model's own."""


@dataclass(frozen=True, kw_only=True)
class Demands:
    """The options that decide how memory is used. Options that are not given have vLLM's defaults."""

    batch_tokens: int = BATCH_TOKENS
    """Tokens of one step."""

    sequences: int = SEQUENCES
    """Sequences that run at the same time."""

    sequences_given: bool = False
    """Whether the options set that number."""

    block_size: int | None = None
    graphs: bool = True
    """Whether graphs are captured."""

    graph_size: int | None = None
    """Largest captured batch in tokens."""

    graph_sizes: int | None = None
    """Number of captured batch sizes, if they are listed."""

    prefix_caching: bool = True
    hybrid_cache: bool = True
    """Whether layers with a window keep only the tokens in the window."""

    state_bytes: int = 2
    """Bytes of one element of a state."""

    speculation: Speculation | None = None
    adapters: int = 0
    """Adapters in memory at the same time."""

    adapter_rank: int = 0
    sharded_adapters: bool = False
    redundant_experts: int = 0
    quick_reduce_gib: float = 0.0
    """GiB per GPU for the buffers of AMD's quick reduce: two of the largest message
    (csrc/quickreduce/quick_reduce.h)."""

    text_only: bool = True
    """Whether the model runs without an image encoder."""

    cache_bytes: int | None = None
    """Bytes of cache per GPU, if the options set them."""

    blocks: int | None = None
    """Blocks of the cache, if the options set them."""

    offload_gib: float = 0.0
    """GiB of weights per GPU that stay in the node's memory."""

    longest_context: int | None = None
    """Longest context in tokens that hf-overrides allow, e.g. with YaRN. Default: the model's own."""


def given_options(model: Model, choices: EngineChoices) -> Given:
    """The catalogue's options, overridden by the user's."""
    return Given(overridden(model.options, choices.engine_options or {}))


def engine_demands(model: Model, choices: EngineChoices) -> Demands:
    """The demands of a model with its options. Values of the wrong type count as not given."""
    given, adapters = given_options(model, choices), choices.adapters or ()
    variables = {**model.environment, **(choices.environment or {})}
    doubled = 2 if given.text("performance-mode") == "throughput" else 1
    chunked = given.flag("enable-chunked-prefill", default=True)
    usual = BATCH_TOKENS * doubled if chunked else max(BATCH_TOKENS * doubled, model.max_context)
    batch = given.number("max-num-batched-tokens") or usual
    sequences = given.number("max-num-seqs")
    ssm = given.text("mamba-ssm-cache-dtype") or given.text("mamba-cache-dtype")
    return Demands(
        batch_tokens=batch,
        sequences=sequences or min(SEQUENCES * doubled, batch),
        sequences_given=sequences is not None,
        block_size=given.number("block-size"),
        graphs=_graphs(given),
        graph_size=_graph_size(given),
        graph_sizes=_graph_sizes(given),
        prefix_caching=given.flag("enable-prefix-caching", default=True),
        hybrid_cache=not given.flag("disable-hybrid-kv-cache-manager", default=False),
        state_bytes=4 if ssm == "float32" else 2,
        speculation=_speculation(given),
        adapters=len(adapters),
        adapter_rank=max((rank_of(each) for each in adapters), default=0),
        sharded_adapters=given.flag("fully-sharded-loras", default=False),
        redundant_experts=size_of(given.json("eplb-config").get("num_redundant_experts")) or 0,
        quick_reduce_gib=_quick_reduce_gib(variables),
        text_only="multimodal" not in model.served_by or given.flag("language-model-only", default=False),
        cache_bytes=given.number("kv-cache-memory-bytes"),
        blocks=given.number("num-gpu-blocks-override"),
        offload_gib=given.decimal("cpu-offload-gb") or 0.0,
        longest_context=size_of(given.json("hf-overrides").get("max_position_embeddings")),
    )


def _graphs(given: Given) -> bool:
    mode = given.json("compilation-config").get("cudagraph_mode")
    return not given.flag("enforce-eager", default=False) and mode not in ("NONE", 0)


def _graph_size(given: Given) -> int | None:
    config = given.json("compilation-config")
    return (
        given.number("max-cudagraph-capture-size")
        or given.number("cudagraph-capture-sizes")
        or size_of(config.get("max_cudagraph_capture_size"))
        or None
    )


def _graph_sizes(given: Given) -> int | None:
    """vLLM captures only the listed sizes. The option accepts one size here, the JSON option several."""
    listed = given.json("compilation-config").get("cudagraph_capture_sizes")
    if isinstance(listed, list):
        return len({str(each) for each in cast("list[object]", listed)})
    return 1 if given.number("cudagraph-capture-sizes") is not None else None


def _speculation(given: Given) -> Speculation | None:
    config = given.json("speculative-config")
    for name, key in DRAFT_FLAGS.items():
        if name in given:
            config[key] = given.text(name)
    if not config:
        return None
    if config.get("model") in ("ngram", "[ngram]") and not config.get("method"):
        config["method"] = config.pop("model")
    repository = config.get("model")
    named = str(repository) if repository else None
    draft = next((each for each in catalogue().values() if named in (each.repository, each.name)), None)
    method = str(config.get("method") or ("draft_model" if named else ""))
    ranks = size_of(config.get("draft_tensor_parallel_size"))
    return Speculation(
        method="mtp" if method in OWN_LAYERS else method,
        tokens=size_of(config.get("num_speculative_tokens")) or 1,
        model=draft,
        repository=named,
        tensor_parallel=ranks,
    )


def _quick_reduce_gib(variables: Mapping[str, str]) -> float:
    if variables.get(QUICK_REDUCE, "NONE") == "NONE":
        return 0.0
    return 2 * (size_of(variables.get(QUICK_REDUCE_SIZE, "2048")) or 2048) / 1024
