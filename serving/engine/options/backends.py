"""Attention backends for AMD GPUs, what each supports, and the rules on choosing one.

Source: the classes of vLLM 0.33 in vllm/v1/attention/backends/ and vllm/platforms/rocm.py. Without a choice, vLLM uses
the first backend that supports everything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from facts.problem import did_you_mean
from facts.vllm_values import json_value

from .combinations import Case, Rule, Wrong, first_wrong, given_twice
from .given import is_true

PLAIN_TYPES = frozenset({"auto", "bfloat16", "fp8", "fp8_e4m3", "fp8_e5m2"})


@dataclass(frozen=True, kw_only=True)
class Backend:
    """What a backend supports."""

    mla: bool = False
    sparse: bool = False
    types: frozenset[str] = PLAIN_TYPES
    heads: frozenset[int] | None = None
    """Supported head sizes. None for any."""

    step: int = 16
    """Block sizes must be multiples of it, or in `blocks`."""

    blocks: frozenset[int] = frozenset()
    sinks: bool = True
    """Whether it supports attention sinks, which gpt-oss has."""

    aiter: str | None = None
    """Environment variable that turns it off."""


AMD_BACKENDS: Mapping[str, Backend] = MappingProxyType(
    {
        "ROCM_ATTN": Backend(heads=frozenset({32, 64, 80, 96, 128, 160, 192, 224, 256}), sinks=False),
        "ROCM_AITER_FA": Backend(heads=frozenset({64, 128, 256}), aiter="VLLM_ROCM_USE_AITER_MHA"),
        "ROCM_AITER_UNIFIED_ATTN": Backend(),
        "TRITON_ATTN": Backend(),
        "ROCM_AITER_MLA": Backend(mla=True, step=1, aiter="VLLM_ROCM_USE_AITER_MLA"),
        "ROCM_AITER_TRITON_MLA": Backend(mla=True, step=1, aiter="VLLM_ROCM_USE_AITER_MLA"),
        "TRITON_MLA": Backend(mla=True, types=PLAIN_TYPES - {"fp8_e5m2"}),
        "ROCM_AITER_MLA_SPARSE": Backend(
            mla=True, sparse=True, types=PLAIN_TYPES - {"fp8_e5m2"}, blocks=frozenset({1})
        ),
    }
)
"""Backends that a model of the catalogue can use. Special quantized cache layouts and their sizes are left out."""

SINKS = frozenset({"GptOssForCausalLM"})
"""Architectures with attention sinks."""


def suits(case: Case, backend: Backend) -> str | None:
    """Why a backend cannot serve the case, or None."""
    return next(_misfits(case, backend), None)


def _misfits(case: Case, backend: Backend) -> Iterator[str]:
    attention, block = case.model.attention, case.demands.block_size
    if backend.mla != (attention.kind == "mla"):
        yield f"is for {'multi-head latent attention' if backend.mla else 'grouped-query attention'}"
    if backend.sparse != bool(case.model.index_bytes):
        yield "is for sparse attention" if backend.sparse else "does not support sparse attention"
    if backend.heads is not None and attention.head_size not in backend.heads:
        yield f"does not support heads of size {attention.head_size}"
    if case.kv_type not in backend.types:
        yield f"does not support a cache of type {case.kv_type}"
    if not backend.sinks and case.model.architecture in SINKS:
        yield "does not support the model's attention sinks"
    if block is not None and block % backend.step and block not in backend.blocks:
        yield f"supports only blocks that are multiples of {backend.step} tokens"


def attention_backend(case: Case) -> Iterator[Wrong]:
    """A chosen backend must suit the model, its cache and its GPUs."""
    name = (case.given.text("attention-backend") or "").upper()
    inside = case.given.json("attention-config").get("backend")
    yield from given_twice(case, "attention-config", {"attention-backend": "backend"})
    name = name or str(inside or "").upper()
    if not name or name == "AUTO":
        return
    option = "attention-backend" if "attention-backend" in case.given else "attention-config"
    backend = AMD_BACKENDS.get(name)
    fits = [word for word, each in AMD_BACKENDS.items() if suits(case, each) is None]
    fix = f"These do: {', '.join(fits)}; or leave it out" if fits else "Leave it out"
    if backend is None:
        hint = did_you_mean(name, AMD_BACKENDS) or fix
        yield Wrong(option=option, allowed=f"{name} is not a known backend for AMD GPUs", fix=hint)
    elif reason := suits(case, backend):
        yield Wrong(option=option, allowed=f"{name} {reason}", fix=fix)
    elif _off(case, backend):
        yield Wrong(option=option, allowed=f"{name} is part of AITER, which the environment turns off")


def _off(case: Case, backend: Backend) -> bool:
    if backend.aiter is None:
        return False
    on = {"VLLM_ROCM_USE_AITER": "1", **case.environment}
    return any(on.get(each, "1").lower() in {"0", "false"} for each in ("VLLM_ROCM_USE_AITER", backend.aiter))


def block_size(case: Case) -> Iterator[Wrong]:
    """At least one backend must support the block size. For a model with states, vLLM sets it itself."""
    block, unit = case.demands.block_size, case.given.number("prefix-match-unit")
    uniform = case.model.window is None and case.model.state is None
    if unit is not None and uniform and case.demands.prefix_caching and unit != (block or unit):
        yield Wrong(option="prefix-match-unit", allowed=f"must be {block}, block-size", fix="Leave it out")
    if block is None or "attention-backend" in case.given:
        return
    if not any(suits(case, each) is None for each in AMD_BACKENDS.values()):
        fix = "Leave it out" if case.model.index_bytes else "Use a multiple of 16, or leave it out"
        yield Wrong(
            option="block-size",
            allowed=f"no suitable backend for AMD GPUs supports blocks of {block} tokens",
            fix=fix,
        )


def own_backends(case: Case) -> Iterator[Wrong]:
    """Kernels for other vendors' GPUs."""
    twice = ("enable-flashinfer-autotune", "ir-op-priority")
    yield from given_twice(case, "kernel-config", {each: each.replace("-", "_") for each in twice})
    for option, words in NVIDIA_KERNELS.items():
        word = (case.given.text(option) or "").lower().replace("-", "_")
        if word.startswith(words):
            fix = "Use aiter or triton, or leave it out"
            yield Wrong(option=option, allowed=f"{word} is not for AMD GPUs", fix=fix)


def attention_fields(case: Case) -> Iterator[Wrong]:
    """Fields of attention-config must suit AMD GPUs and the model. So must enable-hc-sp."""
    config = case.given.json("attention-config")
    per_kind = config.get("backend_per_kind")
    kinds = sorted(set(json_value(per_kind or {})) - KINDS_OF_LAYERS)
    yield from first_wrong(
        "attention-config",
        (config.get("hisparse_config") is not None, "hisparse_config is for NVIDIA GPUs"),
        (
            is_true(config.get("minimax_m3_indexer_cp"))
            and config.get("indexer_kv_dtype", "auto") not in ("auto", "bf16", "fp8", "fp8_e4m3"),
            "minimax_m3_indexer_cp needs indexer_kv_dtype bf16 or fp8",
        ),
        (
            kinds,
            f"backend_per_kind does not know {', '.join(kinds)}, only {', '.join(sorted(KINDS_OF_LAYERS))}",
        ),
    )
    if case.on("enable-hc-sp") and case.layout.tensor_parallel > 1:
        yield Wrong(
            option="enable-hc-sp", allowed=f"is not for {case.model.architecture}", fix="Leave it out"
        )


KINDS_OF_LAYERS = frozenset(
    {
        "chunked_local_attention",
        "cross_attention",
        "encoder_only_attention",
        "full_attention",
        "mamba",
        "mla_attention",
        "sink_full_attention",
        "sliding_window",
        "sliding_window_mla",
        "unknown",
    }
)
"""vllm/v1/kv_cache_interface.py, KVCacheSpecKind"""


def executor(case: Case) -> Iterator[Wrong]:
    """The executor that starts the ranks must be a known word, or the path of a class."""
    backend, option = case.given.text("distributed-executor-backend"), "distributed-executor-backend"
    if (
        backend is not None
        and backend not in ("ray", "mp", "uni", "external_launcher")
        and "." not in backend
    ):
        yield Wrong(option=option, allowed="must be mp, ray, uni or external_launcher", fix="Leave it out")
    if case.on("ray-workers-use-nsight") and backend != "ray":
        yield Wrong(option="ray-workers-use-nsight", allowed="needs distributed-executor-backend ray")
    if backend == "uni" and case.layout.gpus > 1:
        yield Wrong(option=option, allowed="uni runs one GPU", fix="Leave it out")


NVIDIA_KERNELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "moe-backend": ("flashinfer", "cutlass", "deep_gemm", "marlin", "hpc", "rdna3", "b12x", "humming"),
        "linear-backend": ("flashinfer", "cutlass", "deep_gemm", "machete", "xpu", "b12x", "fbgemm"),
        "gdn-prefill-backend": ("flashinfer", "cutedsl", "sycl"),
        "kda-prefill-backend": ("flashinfer", "flashkda"),
        "kda-decode-backend": ("flashinfer",),
        "mamba-backend": ("flashinfer", "cpu"),
        "sparse-indexer-topk-backend": ("aiter", "deep_select", "flashinfer"),
    }
)
"""Values that begin with one of these words are kernels for NVIDIA's, Intel's or other AMD GPUs. Source: the options'
documentation in vllm/config/kernel.py and mamba.py, vllm/engine/arg_utils.py."""


BACKEND_RULES: tuple[Rule, ...] = (
    attention_backend,
    attention_fields,
    block_size,
    executor,
    own_backends,
)
