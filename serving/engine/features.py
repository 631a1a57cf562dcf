"""Rules on the cache, adapters, offloading, states, structured answers and logging.

In the order of vLLM's files, as `combinations` says.
"""

from collections.abc import Iterator

from facts.vllm import VERSION

from .combinations import Case, Rule, Wrong
from .drafts import speculation

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
    dtype = case.given.text("dtype")
    if dtype in ("float16", "half") and case.kv_type == "bfloat16":
        yield Wrong(option="dtype", allowed="must be that of the cache, bfloat16", fix="Leave it out")
    quantization = case.given.text("quantization") or case.given.text("q")
    if quantization in DEPRECATED_QUANTIZATIONS and not case.on("allow-deprecated-quantization"):
        yield Wrong(
            option="quantization", allowed=f"{quantization} is on its way out of vLLM", fix="Leave it out"
        )
    own = case.model.weight_type
    if quantization and own != "bf16" and own not in quantization.replace("compressed-tensors", "int4"):
        allowed = f"must be that of the files, {own}: vLLM {VERSION} refuses another"
        yield Wrong(option="quantization", allowed=allowed, fix="Leave it out: the files say it themselves")
    if case.given.json("quantization-config").keys() >= {"targets"} and (
        {"linear", "moe"} & case.given.json("quantization-config").keys()
    ):
        yield Wrong(option="quantization-config", allowed="takes either targets, or linear and moe")


def runner(case: Case) -> Iterator[Wrong]:
    """Models of the catalogue write text; other ways of running them need a conversion."""
    kind, convert = case.given.text("runner"), case.given.text("convert") or "auto"
    if kind == "pooling" and convert not in ("embed", "classify"):
        yield Wrong(
            option="runner",
            allowed="must be generate: the model writes text",
            fix="Add convert, or leave it out",
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


def offloading(case: Case) -> Iterator[Wrong]:
    """Weights and cache in the node's memory."""
    group, each = case.count("offload-group-size", 0), case.count("offload-num-in-group")
    if group and each > group:
        yield Wrong(option="offload-num-in-group", allowed=f"must be {group} or less, offload-group-size")
    if group and case.count("offload-prefetch-step") < 1:
        yield Wrong(option="offload-prefetch-step", allowed="must be 1 or more with offload-group-size")
    transfer = case.given.json("kv-transfer-config")
    if transfer.get("kv_connector") and not transfer.get("kv_role"):
        yield Wrong(
            option="kv-transfer-config", allowed="must say kv_role: kv_producer, kv_consumer or kv_both"
        )
    encoder = case.given.json("ec-transfer-config")
    if encoder.get("ec_connector") and not encoder.get("ec_role"):
        yield Wrong(
            option="ec-transfer-config", allowed="must say ec_role: ec_producer, ec_consumer or ec_both"
        )
    allocator = " ".join(case.environment.get(name, "") for name in ALLOCATOR_VARIABLES)
    if (
        transfer.get("kv_connector")
        and "expandable_segments:True" in allocator
        and not case.on("enable-cumem-allocator")
    ):
        yield Wrong(
            option="kv-transfer-config", allowed="does not go with expandable_segments:True of the allocator"
        )
    if case.on("enable-return-routed-experts") and not case.demands.prefix_caching:
        yield Wrong(option="enable-return-routed-experts", allowed="needs enable-prefix-caching")


ALLOCATOR_VARIABLES = ("PYTORCH_CUDA_ALLOC_CONF", "PYTORCH_HIP_ALLOC_CONF", "PYTORCH_ALLOC_CONF")


def graphs(case: Case) -> Iterator[Wrong]:
    """Captured batches, and how the model is compiled."""
    config = case.given.json("compilation-config", "cc")
    for option, key in (
        ("cudagraph-capture-sizes", "cudagraph_capture_sizes"),
        ("max-cudagraph-capture-size", "max_cudagraph_capture_size"),
    ):
        if option in case.given and config.get(key) is not None:
            yield Wrong(
                option=option, allowed=f"is given in compilation-config too, as {key}", fix="Keep one of them"
            )
    if config.get("compile_cache_save_format") not in (None, "binary", "unpacked"):
        yield Wrong(
            option="compilation-config", allowed="compile_cache_save_format must be binary or unpacked"
        )
    operations = config.get("custom_ops")
    if isinstance(operations, list):
        words = [str(each) for each in operations]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        if {"all", "none"} <= set(words):
            yield Wrong(option="compilation-config", allowed="custom_ops takes one of all and none")
        for word in words:
            if word not in ("all", "none") and word[:1] not in ("+", "-"):
                yield Wrong(
                    option="compilation-config", allowed=f"custom_ops takes +{word} or -{word}, not {word}"
                )
        for name in sorted(
            {word[1:] for word in words if word[:1] == "+"} & {word[1:] for word in words if word[:1] == "-"}
        ):
            yield Wrong(option="compilation-config", allowed=f"custom_ops turns {name} both on and off")
    if config.get("cudagraph_mm_encoder") and case.demands.text_only:
        yield Wrong(
            option="compilation-config", allowed="cudagraph_mm_encoder needs a model that sees pictures"
        )


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
    if case.on("skip-tokenizer-init") and case.on("enable-auto-tool-choice"):
        yield Wrong(option="skip-tokenizer-init", allowed="leaves nothing to read tool calls with")


def observation(case: Case) -> Iterator[Wrong]:
    """Logs, traces and profiles."""
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
    profiler = case.given.json("profiler-config")
    if profiler.get("profiler") == "proton":
        yield Wrong(option="profiler-config", allowed="proton is for NVIDIA GPUs")
    if profiler.get("profiler") == "torch" and not profiler.get("torch_profiler_dir"):
        yield Wrong(option="profiler-config", allowed="torch needs torch_profiler_dir")
    if profiler.get("torch_profiler_dir") and profiler.get("profiler") != "torch":
        yield Wrong(option="profiler-config", allowed="torch_profiler_dir needs the profiler torch")


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
    if case.given.text("mm-tensor-ipc") == "torch_shm" and case.layout.gpus > 1:
        yield Wrong(option="mm-tensor-ipc", allowed="torch_shm needs one GPU")


FEATURE_RULES: tuple[Rule, ...] = (
    state_options,
    hybrid_cache,
    number_types,
    runner,
    speculation,
    adapters,
    offloading,
    graphs,
    answers,
    observation,
    encoders,
)
