"""Rules on number types, adapters, states, structured outputs and logging.

They are in the order of vLLM's files, as in `combinations`.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from facts.vllm import VERSION

from .combinations import Case, Rule, Wrong, first_wrong
from .drafts import draft_fields, speculation

DEPRECATED_QUANTIZATIONS = frozenset({"fbgemm_fp8", "fp_quant"})
"""vllm/model_executor/layers/quantization/__init__.py"""


def state_options(case: Case) -> Iterator[Wrong]:
    """Options for layers with a state must suit the model and its cache."""
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
            allowed = "must stay on with prefix caching: states are saved at the ends of chunks"
            yield Wrong(option="enable-chunked-prefill", allowed=allowed)
        if case.demands.prefix_caching and case.on("disable-chunked-mm-input"):
            yield Wrong(
                option="disable-chunked-mm-input",
                allowed="cannot be used with states that prefix caching saves",
            )
        if case.on("use-replayssm"):
            yield Wrong(option="use-replayssm", allowed="cannot be used with states of gated delta nets")
    elif case.on("use-replayssm"):
        yield Wrong(option="use-replayssm", allowed=f"{case.model.name} keeps no state")


def hybrid_cache(case: Case) -> Iterator[Wrong]:
    """Layers with a state cannot share one block table with other layers."""
    if case.model.state is not None and not case.demands.hybrid_cache:
        allowed = f"must stay off: the layers of {case.model.name} have two kinds of cache"
        yield Wrong(option="disable-hybrid-kv-cache-manager", allowed=allowed, fix="Leave it out")


def number_types(case: Case) -> Iterator[Wrong]:
    """Number types must fit the model's files and its cache."""
    dtype, own = case.given.text("dtype"), case.model.weight_type
    if dtype in NOT_BF16 and case.kv_type == "bfloat16":
        yield Wrong(option="dtype", allowed="must be the type of the cache, bfloat16", fix="Leave it out")
    elif dtype in WITHOUT_KERNELS.get(own, ()):
        yield Wrong(
            option="dtype", allowed=f"weights in {own} cannot be used with {dtype}", fix="Leave it out"
        )
    elif dtype in FLOAT32:
        allowed = f"{dtype} doubles the memory of weights and cache, which the memory plan does not count"
        yield Wrong(option="dtype", allowed=allowed, fix="Leave it out")
    quantization = case.given.text("quantization")
    if quantization in DEPRECATED_QUANTIZATIONS and not case.on("allow-deprecated-quantization"):
        yield Wrong(
            option="quantization", allowed=f"{quantization} is deprecated in vLLM", fix="Leave it out"
        )
    if quantization and own != "bf16" and quantization not in METHODS[own]:
        allowed = f"must be the method of the files, {own}: vLLM {VERSION} refuses any other"
        yield Wrong(option="quantization", allowed=allowed, fix="Leave it out: the files state the method")
    if own == "fp8" and case.kv_type == "fp8_e5m2":
        yield Wrong(
            option="kvCacheType", allowed="fp8_e5m2 cannot be used with weights in fp8", fix="Use fp8"
        )
    if own == "bf16" and quantization in FROM_FILES:
        allowed = (
            f"{quantization} needs files with this quantization, and those of {case.model.name} are BF16"
        )
        yield Wrong(option="quantization", allowed=allowed, fix="Use fp8, or leave it out")
    if case.given.json("quantization-config").keys() >= {"targets"} and (
        {"linear", "moe"} & case.given.json("quantization-config").keys()
    ):
        yield Wrong(option="quantization-config", allowed="accepts either targets, or linear and moe")


FLOAT32 = frozenset({"float32", "float"})
NOT_BF16 = FLOAT32 | {"float16", "half"}
WITHOUT_KERNELS: Mapping[str, frozenset[str]] = MappingProxyType({"fp8": FLOAT32, "mxfp4": NOT_BF16})
"""Activation types for which the quantization method of the files has no kernels (get_supported_act_dtypes)."""

METHODS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "fp8": frozenset({"compressed-tensors", "fp8", "quark"}),
        "int4": frozenset({"compressed-tensors"}),
        "mxfp4": frozenset({"gpt_oss_mxfp4", "mxfp4", "quark"}),
    }
)
"""Quantization methods by the number type of the files."""

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
"""Methods that need quantized files. The other methods quantize while they load."""


def runner(case: Case) -> Iterator[Wrong]:
    """Models of the catalogue generate text. Any other runner needs a conversion."""
    kind, convert = case.given.text("runner"), case.given.text("convert") or "auto"
    if kind == "pooling" and convert not in ("embed", "classify"):
        yield Wrong(
            option="runner",
            allowed="must be generate: the model generates text",
            fix="Add convert, or leave it out",
        )
    pooler = case.given.json("pooler-config")
    twice = [key for key in ("seq_pooling_type", "tok_pooling_type") if pooler.get(key)]
    if pooler.get("logit_sigma") == 0:
        yield Wrong(option="pooler-config", allowed="logit_sigma is a divisor, so it cannot be 0")
    if pooler.get("pooling_type") and twice:
        yield Wrong(option="pooler-config", allowed=f"accepts either pooling_type or {twice[0]}")
    if kind == "generate" and convert in ("embed", "classify"):
        yield Wrong(
            option="convert",
            allowed="is for the runner pooling: the runner generate converts nothing",
            fix="Leave it out",
        )
    if kind == "draft":
        yield Wrong(option="runner", allowed="is for draft models inside an engine", fix="Leave it out")


def adapters(case: Case) -> Iterator[Wrong]:
    """LoRA adapters need a model that supports them."""
    if not case.adapters:
        return
    if case.model.served_by and "lora" not in case.model.served_by:
        yield Wrong(option="adapters", allowed=f"vLLM {VERSION} supports none for {case.model.architecture}")
    in_memory = case.given.number("max-cpu-loras")
    if in_memory is not None and in_memory < case.adapters:
        yield Wrong(option="max-cpu-loras", allowed=f"must be {case.adapters} or more, the adapters")
    if (case.given.text("moe-backend") or "").endswith("mega_moe"):
        yield Wrong(option="moe-backend", allowed="cannot be used with adapters")
    if case.demands.text_only and case.given.text("default-mm-loras"):
        yield Wrong(option="default-mm-loras", allowed=f"{case.model.name} is served for text only")


def answers(case: Case) -> Iterator[Wrong]:
    """Structured outputs need a backend that supports their options. Tool calls need a tokenizer."""
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
        yield Wrong(option="skip-tokenizer-init", allowed="leaves no tokenizer to parse tool calls with")


def observation(case: Case) -> Iterator[Wrong]:
    """Options of logs, metrics and traces need one another."""
    if case.on("enable-log-outputs") and not case.on("enable-log-requests"):
        yield Wrong(option="enable-log-outputs", allowed="needs enable-log-requests")
    if case.on("enable-per-request-metrics") and case.on("disable-log-stats"):
        yield Wrong(option="enable-per-request-metrics", allowed="cannot be used with disable-log-stats")
    if case.given.text("collect-detailed-traces") and not case.given.text("otlp-traces-endpoint"):
        yield Wrong(option="collect-detailed-traces", allowed="needs otlp-traces-endpoint")
    if case.count("sse-keep-alive-interval", 0) < 0 or (
        case.given.text("sse-keep-alive-interval") or ""
    ).startswith("-"):
        yield Wrong(option="sse-keep-alive-interval", allowed="must be 0 or more")


def encoders(case: Case) -> Iterator[Wrong]:
    """Options for images and sound need one another."""
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
        yield Wrong(option=scales[1], allowed=f"cannot be used with {scales[0]}")
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
