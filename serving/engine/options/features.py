"""Rules on number types, adapters, states, structured answers and logging.

In the order of vLLM's files, as `combinations` says.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from facts.vllm import VERSION

from .combinations import Case, Rule, Wrong, first_wrong
from .drafts import draft_fields, speculation

DEPRECATED_QUANTIZATIONS = frozenset({"fbgemm_fp8", "fp_quant"})
"""vllm/model_executor/layers/quantization/__init__.py"""


def state_options(case: Case) -> Iterator[Wrong]:
    """Options of layers with a state."""
    if not case.given.flag("enable-prefix-caching", default=True) and case.given.number("mamba-block-size"):
        yield Wrong(option="mamba-block-size", allowed="needs enable-prefix-caching")
    if case.on("enable-mamba-cache-stochastic-rounding"):
        yield Wrong(
            option="enable-mamba-cache-stochastic-rounding", allowed="is for NVIDIA GPUs", fix="Leave it out"
        )
    if case.given.text("mamba-ssu-algorithm") is not None:
        yield Wrong(
            option="mamba-ssu-algorithm", allowed="needs the FlashInfer backend, which is not for AMD GPUs"
        )
    if case.model.state is not None:
        if case.demands.prefix_caching and not case.given.flag("enable-chunked-prefill", default=True):
            allowed = "must stay on with prefix caching: states are kept at the ends of chunks"
            yield Wrong(option="enable-chunked-prefill", allowed=allowed)
        if case.demands.prefix_caching and case.on("disable-chunked-mm-input"):
            yield Wrong(
                option="disable-chunked-mm-input", allowed="does not go with states kept by prefix caching"
            )
        if case.on("use-replayssm"):
            yield Wrong(option="use-replayssm", allowed="does not go with states of gated delta nets")
    elif case.on("use-replayssm"):
        yield Wrong(option="use-replayssm", allowed=f"{case.model.name} keeps no state")


def hybrid_cache(case: Case) -> Iterator[Wrong]:
    """Layers with a state cannot share one table with others."""
    if case.model.state is not None and not case.demands.hybrid_cache:
        allowed = f"{case.model.name} needs it: its layers keep caches of two kinds"
        yield Wrong(option="disable-hybrid-kv-cache-manager", allowed=allowed, fix="Leave it out")


def number_types(case: Case) -> Iterator[Wrong]:
    """Types that the model, or its cache, does not come in."""
    dtype, own = case.given.text("dtype"), case.model.weight_type
    if dtype in NOT_BF16 and case.kv_type == "bfloat16":
        yield Wrong(option="dtype", allowed="must be that of the cache, bfloat16", fix="Leave it out")
    elif dtype in WITHOUT_KERNELS.get(own, ()):
        yield Wrong(option="dtype", allowed=f"weights in {own} do not go with {dtype}", fix="Leave it out")
    quantization = case.given.text("quantization")
    if quantization in DEPRECATED_QUANTIZATIONS and not case.on("allow-deprecated-quantization"):
        yield Wrong(
            option="quantization", allowed=f"{quantization} is on its way out of vLLM", fix="Leave it out"
        )
    if quantization and own != "bf16" and quantization not in METHODS[own]:
        allowed = f"must be that of the files, {own}: vLLM {VERSION} refuses another"
        yield Wrong(option="quantization", allowed=allowed, fix="Leave it out: the files say it themselves")
    if own == "fp8" and case.kv_type == "fp8_e5m2":
        yield Wrong(option="kvCacheType", allowed="fp8_e5m2 does not go with weights in fp8", fix="Use fp8")
    if own == "bf16" and quantization in FROM_FILES:
        allowed = f"{quantization} needs files that are quantized so; {case.model.name} comes in BF16"
        yield Wrong(option="quantization", allowed=allowed, fix="Use fp8, or leave it out")
    if case.given.json("quantization-config").keys() >= {"targets"} and (
        {"linear", "moe"} & case.given.json("quantization-config").keys()
    ):
        yield Wrong(option="quantization-config", allowed="takes either targets, or linear and moe")


NOT_BF16 = frozenset({"float16", "half", "float32", "float"})
WITHOUT_KERNELS: Mapping[str, frozenset[str]] = MappingProxyType(
    {"fp8": frozenset({"float32", "float"}), "mxfp4": NOT_BF16}
)
"""Types of the activations that the method of the files has no kernels for (get_supported_act_dtypes)."""

METHODS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "fp8": frozenset({"compressed-tensors", "fp8", "quark"}),
        "int4": frozenset({"compressed-tensors"}),
        "mxfp4": frozenset({"gpt_oss_mxfp4", "mxfp4", "quark"}),
    }
)
"""Methods by the numbers of the files."""

FROM_FILES = frozenset(
    {
        "auto_awq",
        "auto_gptq",
        "awq",
        "awq_marlin",
        "compressed-tensors",
        "gptq",
        "modelopt",
        "modelopt_fp4",
        "modelopt_mixed",
        "modelopt_mxfp8",
        "quark",
    }
)
"""Methods that read how the files were quantized; the others quantize while they load."""


def runner(case: Case) -> Iterator[Wrong]:
    """Models of the catalogue write text; other ways of running them need a conversion."""
    kind, convert = case.given.text("runner"), case.given.text("convert") or "auto"
    if kind == "pooling" and convert not in ("embed", "classify"):
        yield Wrong(
            option="runner",
            allowed="must be generate: the model writes text",
            fix="Add convert, or leave it out",
        )
    pooler = case.given.json("pooler-config")
    twice = [key for key in ("seq_pooling_type", "tok_pooling_type") if pooler.get(key)]
    if pooler.get("logit_sigma") == 0:
        yield Wrong(option="pooler-config", allowed="logit_sigma divides, so it cannot be 0")
    if pooler.get("pooling_type") and twice:
        yield Wrong(option="pooler-config", allowed=f"takes one of pooling_type and {twice[0]}")
    if kind == "generate" and convert in ("embed", "classify"):
        yield Wrong(
            option="convert", allowed="is for runner pooling: here nothing is converted", fix="Leave it out"
        )
    if kind == "draft":
        yield Wrong(option="runner", allowed="is for draft models inside an engine", fix="Leave it out")


def adapters(case: Case) -> Iterator[Wrong]:
    """LoRA needs a model that takes it."""
    if not case.adapters:
        return
    if case.model.served_by and "lora" not in case.model.served_by:
        yield Wrong(option="adapters", allowed=f"vLLM {VERSION} takes none for {case.model.architecture}")
    in_memory = case.given.number("max-cpu-loras")
    if in_memory is not None and in_memory < case.adapters:
        yield Wrong(option="max-cpu-loras", allowed=f"must be {case.adapters} or more, the adapters")
    if (case.given.text("moe-backend") or "").endswith("mega_moe"):
        yield Wrong(option="moe-backend", allowed="does not go with adapters")
    if case.demands.text_only and case.given.text("default-mm-loras"):
        yield Wrong(option="default-mm-loras", allowed=f"{case.model.name} is served for text alone")


def answers(case: Case) -> Iterator[Wrong]:
    """Structured answers, tools, reasoning."""
    structured = case.given.json("structured-outputs-config")
    backend = structured.get("backend", "auto")
    if structured.get("disable_any_whitespace") and backend not in ("xgrammar", "guidance"):
        yield Wrong(
            option="structured-outputs-config", allowed="disable_any_whitespace needs xgrammar or guidance"
        )
    if structured.get("disable_additional_properties") and backend != "guidance":
        yield Wrong(
            option="structured-outputs-config", allowed="disable_additional_properties needs guidance"
        )
    if case.on("skip-tokenizer-init") and case.tools:
        yield Wrong(option="skip-tokenizer-init", allowed="leaves nothing to read tool calls with")


def observation(case: Case) -> Iterator[Wrong]:
    """Logs and traces."""
    if case.on("enable-log-outputs") and not case.on("enable-log-requests"):
        yield Wrong(option="enable-log-outputs", allowed="needs enable-log-requests")
    if case.on("enable-per-request-metrics") and case.on("disable-log-stats"):
        yield Wrong(option="enable-per-request-metrics", allowed="does not go with disable-log-stats")
    if case.given.text("collect-detailed-traces") and not case.given.text("otlp-traces-endpoint"):
        yield Wrong(option="collect-detailed-traces", allowed="needs otlp-traces-endpoint")
    if case.count("sse-keep-alive-interval", 0) < 0 or (
        case.given.text("sse-keep-alive-interval") or ""
    ).startswith("-"):
        yield Wrong(option="sse-keep-alive-interval", allowed="must be 0 or more")


def encoders(case: Case) -> Iterator[Wrong]:
    """Options of pictures and sound."""
    if (
        "mm-shm-cache-max-object-size-mb" in case.given
        and case.given.text("mm-processor-cache-type") != "shm"
    ):
        yield Wrong(option="mm-shm-cache-max-object-size-mb", allowed="needs mm-processor-cache-type shm")
    scales = [
        name for name in ("mm-encoder-fp8-scale-path", "mm-encoder-fp8-scale-save-path") if name in case.given
    ]
    if scales and case.given.text("mm-encoder-attn-dtype") != "fp8":
        yield Wrong(option=scales[0], allowed="needs mm-encoder-attn-dtype fp8")
    if len(scales) == 2:
        yield Wrong(option=scales[1], allowed=f"does not go with {scales[0]}")
    if case.given.text("mm-tensor-ipc") == "torch_shm":
        spawned = case.environment.get("VLLM_WORKER_MULTIPROC_METHOD") == "spawn"
        yield from first_wrong(
            "mm-tensor-ipc",
            (case.layout.gpus > 1, "torch_shm needs one GPU"),
            (not spawned, "torch_shm needs VLLM_WORKER_MULTIPROC_METHOD=spawn"),
        )


FEATURE_RULES: tuple[Rule, ...] = (
    state_options,
    hybrid_cache,
    number_types,
    runner,
    speculation,
    draft_fields,
    adapters,
    answers,
    observation,
    encoders,
)
