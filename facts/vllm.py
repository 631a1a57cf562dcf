"""vLLM's vocabulary: options of `vllm serve`, metrics, environment variables that ROCm needs or must not see.

Sources: the published packages of vLLM 0.33.0, of 0.32 for metric names and of vllm-router 0.1.17 (facts/data/vllm/,
one name a line, read on 2026-11-25). `python -m facts.data.refresh_vllm` writes them again for another version of vLLM,
but for the option strings, which its own parser lists. Advice on the environment is AMD's and oci-hpc-oke's. A list
proves that an option parses, not that it works on ROCm.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

VERSION = "0.33.0"

_FOLDER = Path(__file__).parent / "data" / "vllm"


def lines_of(name: str) -> tuple[str, ...]:
    """Lines of one of the files."""
    return tuple((_FOLDER / name).read_text(encoding="utf-8").split("\n"))[:-1]


SERVE_OPTIONS: frozenset[str] = frozenset(lines_of(f"serve-options-{VERSION}.txt"))
"""Every option string of `vllm serve`, `--no-` forms and short forms included."""

SHORT_OPTIONS: Mapping[str, str] = MappingProxyType(
    dict(line.split(" ") for line in lines_of(f"short-options-{VERSION}.txt"))
)
"""Short form of an option to the option, e.g. `-tp` to `--tensor-parallel-size` (vllm/engine/arg_utils.py and
vllm/entrypoints/common/cli_args.py)."""

TOOL_PARSERS: frozenset[str] = frozenset(lines_of(f"tool-parsers-{VERSION}.txt"))
REASONING_PARSERS: frozenset[str] = frozenset(lines_of(f"reasoning-parsers-{VERSION}.txt"))
"""Names of --tool-call-parser and --reasoning-parser. A plug-in (--tool-parser-plugin) brings others."""

ARCHITECTURES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        name: frozenset(words)
        for name, *words in (line.split(" ") for line in lines_of(f"architectures-{VERSION}.txt"))
    }
)
"""Architecture of a model's configuration to words on how it is served: `vllm` by code of vLLM's own, or `transformers`
through that library, without the kernels that make AMD's GPUs fast; then what that code can: `hybrid`, `lora`,
`multimodal`, `pp`. One that is not listed needs a plug-in."""

ROCM_QUANTIZATIONS: frozenset[str] = frozenset(lines_of(f"rocm-quantizations-{VERSION}.txt"))
"""Values of --quantization that vLLM takes on AMD's GPUs (vllm/platforms/rocm.py)."""

METRICS: Mapping[str, str] = MappingProxyType(
    dict(line.split(" ", 1) for line in lines_of("metrics-0.32.txt"))
)
"""Metric name as scraped to its kind: counter, gauge, histogram or summary."""

REMOVED_OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "--swap-space": "use --kv-offloading-size, for the engine no longer swaps sequences",
        "--num-scheduler-steps": "nothing takes its place; scheduling overlaps by itself (--async-scheduling)",
        "--max-seq-len-to-capture": "use --cudagraph-capture-sizes",
        "--cuda-graph-sizes": "use --cudagraph-capture-sizes",
        "--enable-reasoning": "use --reasoning-parser alone",
        "--guided-decoding-backend": "use --structured-outputs-config",
        "--task": "use --runner, with --convert where the model is to be converted",
        "--device": "leave it out: the platform is detected",
        "--rope-scaling": "use --hf-overrides",
        "--max-num-partial-prefills": "nothing takes its place; see --long-prefill-token-threshold",
        "--use-v2-block-manager": "leave it out: there is one block manager",
        "--scheduler-delay-factor": "leave it out: the scheduler has no such delay",
        "--calculate-kv-scales": "leave it out: scales come with the checkpoint",
    }
)
"""Options of older releases that 0.33 refuses, with what to do instead."""


@dataclass(frozen=True, kw_only=True)
class Variable:
    """An environment variable with the value meant (None: any value) and the reason."""

    value: str | None
    reason: str


REQUIRED_VARIABLES: Mapping[str, Variable] = MappingProxyType(
    {
        "VLLM_ROCM_USE_AITER": Variable(
            value="1", reason="off by default, also in the images; without it 1.7 to 3.7 times slower"
        ),
        "VLLM_ENGINE_READY_TIMEOUT_S": Variable(
            value=None, reason="600 s by default; loading and the first compilation take longer"
        ),
        "VLLM_CACHE_ROOT": Variable(value=None, reason="keeps compiled graphs across restarts"),
        "VLLM_MAX_N_SEQUENCES": Variable(
            value=None, reason="one request may ask for 16,384 answers by default"
        ),
        "VLLM_NO_USAGE_STATS": Variable(
            value="1", reason="model, hardware and settings are reported to stats.vllm.ai by default"
        ),
    }
)
"""What every server on MI300X is to be given. A catalogue entry may set AITER to 0 where its model needs that."""

REFUSED_VARIABLES: Mapping[str, Variable] = MappingProxyType(
    {
        "HSA_OVERRIDE_GFX_VERSION": Variable(
            value=None, reason="MI300X is natively gfx942; the override loads kernels of another GPU"
        ),
        "VLLM_ROCM_USE_AITER_FP4BMM": Variable(value="1", reason="gfx942 has no FP4 units"),
        "VLLM_USE_TRITON_FLASH_ATTN": Variable(value=None, reason="gone; use --attention-backend"),
        "VLLM_USE_V1": Variable(value=None, reason="gone; there is one engine"),
        "VLLM_V1_USE_PREFILL_DECODE_ATTENTION": Variable(value=None, reason="gone; use --attention-backend"),
        "VLLM_SERVER_DEV_MODE": Variable(
            value="1", reason="opens unauthenticated endpoints that pause the engine and change its weights"
        ),
        "HIP_VISIBLE_DEVICES": Variable(value=None, reason="the device plugin limits a pod to its GPUs"),
        "CUDA_VISIBLE_DEVICES": Variable(value=None, reason="the device plugin limits a pod to its GPUs"),
    }
)
"""What no server may be given; with a value, only that value is refused."""

MULTI_GPU_VARIABLES: Mapping[str, str] = MappingProxyType(
    {"NCCL_MIN_NCHANNELS": "112", "TORCH_BLAS_PREFER_HIPBLASLT": "1"}
)
"""AMD's advice for tensor parallelism; not for one GPU."""

RESERVED_SERVICE_PREFIX = "vllm"
"""A Service named `vllm` or `vllm-*` injects VLLM_* variables into pods, which the engine takes for its own."""

DEFAULT_GPU_MEMORY_UTILIZATION = 0.92
"""vllm/config/cache.py, CacheConfig.gpu_memory_utilization."""

DEPRECATED_IMAGES = ("rocm/vllm", "rocm/vllm-dev")
IMAGE = "vllm/vllm-openai-rocm"
"""Repository of the ROCm images. Tags and digests have to be looked up and pinned."""
ROCM_LINE = "rocm72"
"""The image line that fits the ROCm 7.2 driver of OCI's node images; `latest` is ROCm 10, unproven on it."""


def refused_variable(name: str, value: str) -> str | None:
    """Why a server must not be given this variable with this value, or None."""
    known = REFUSED_VARIABLES.get(name)
    return known.reason if known and known.value in (None, value) else None
