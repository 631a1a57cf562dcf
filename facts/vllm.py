"""vLLM's options of `vllm serve`, and the environment variables that ROCm needs or that are refused.

Source: the published package of vLLM 0.33.0 (facts/data/vllm/, one name per line, read on 2026-11-25).
`python -m facts.data.refresh_vllm` updates them for another version of vLLM, except the option strings, which
vLLM's own parser lists. The advice on the environment comes from AMD and oci-hpc-oke.
A list proves that vLLM parses an option, not that the option works on ROCm.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

VERSION = "0.33.0"

_FOLDER = Path(__file__).parent / "data" / "vllm"


def lines_of(name: str) -> tuple[str, ...]:
    """The lines of one file."""
    return tuple((_FOLDER / name).read_text(encoding="utf-8").split("\n"))[:-1]


SERVE_OPTIONS: frozenset[str] = frozenset(lines_of(f"serve-options-{VERSION}.txt"))
"""Every option string of `vllm serve`, including `--no-` forms and short forms."""

SHORT_OPTIONS: Mapping[str, str] = MappingProxyType(
    dict(line.split(" ") for line in lines_of(f"short-options-{VERSION}.txt"))
)
"""Short form of an option to the option, e.g. `-tp` to `--tensor-parallel-size` (vllm/engine/arg_utils.py and
vllm/entrypoints/common/cli_args.py)."""

TOOL_PARSERS: frozenset[str] = frozenset(lines_of(f"tool-parsers-{VERSION}.txt"))
REASONING_PARSERS: frozenset[str] = frozenset(lines_of(f"reasoning-parsers-{VERSION}.txt"))
"""Names for --tool-call-parser and --reasoning-parser. A plug-in (--tool-parser-plugin) can add names."""

ARCHITECTURES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        name: frozenset(words)
        for name, *words in (line.split(" ") for line in lines_of(f"architectures-{VERSION}.txt"))
    }
)
"""Architecture in a model's configuration to words. The first word is how vLLM serves it: `vllm` with its own code, or
`transformers` with that library, without the fast kernels for AMD's GPUs. Then the features of that code: `hybrid`,
`lora`, `multimodal`, `pp`. An architecture that is not listed needs a plug-in."""

ROCM_QUANTIZATIONS: frozenset[str] = frozenset(lines_of(f"rocm-quantizations-{VERSION}.txt"))
"""Values of --quantization that vLLM accepts on AMD's GPUs (vllm/platforms/rocm.py)."""

REMOVED_OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "--swap-space": "use --kv-offloading-size; the engine no longer swaps sequences",
        "--num-scheduler-steps": "nothing replaces it; scheduling overlaps automatically (--async-scheduling)",
        "--max-seq-len-to-capture": "use --cudagraph-capture-sizes",
        "--cuda-graph-sizes": "use --cudagraph-capture-sizes",
        "--enable-reasoning": "use only --reasoning-parser",
        "--guided-decoding-backend": "use --structured-outputs-config",
        "--task": "use --runner, and --convert to convert the model",
        "--device": "leave it out: the platform is detected",
        "--rope-scaling": "use --hf-overrides",
        "--max-num-partial-prefills": "nothing replaces it; see --long-prefill-token-threshold",
        "--use-v2-block-manager": "leave it out: only one block manager exists",
        "--scheduler-delay-factor": "leave it out: the scheduler has no such delay",
        "--calculate-kv-scales": "leave it out: the checkpoint contains the scales",
    }
)
"""Options of older releases that 0.33 refuses, with their replacement."""


@dataclass(frozen=True, kw_only=True)
class Variable:
    """An environment variable with its value (None: any value) and the reason."""

    value: str | None
    reason: str


REQUIRED_VARIABLES: Mapping[str, Variable] = MappingProxyType(
    {
        "VLLM_ROCM_USE_AITER": Variable(
            value="1",
            reason="off by default, also in the images; without it, engines are 1.7 to 3.7 times slower",
        ),
        "VLLM_ENGINE_READY_TIMEOUT_S": Variable(
            value=None, reason="600 s by default; loading and the first compilation take longer"
        ),
        "VLLM_CACHE_ROOT": Variable(value=None, reason="keeps compiled graphs across restarts"),
        "VLLM_MAX_N_SEQUENCES": Variable(
            value=None, reason="by default, one request may ask for 16,384 responses"
        ),
        "VLLM_NO_USAGE_STATS": Variable(
            value="1", reason="by default, vLLM reports model, hardware and settings to stats.vllm.ai"
        ),
    }
)
"""The variables that every server on MI300X needs. A catalogue entry may set AITER to 0 if its model needs that."""

REFUSED_VARIABLES: Mapping[str, Variable] = MappingProxyType(
    {
        "HSA_OVERRIDE_GFX_VERSION": Variable(
            value=None, reason="MI300X is natively gfx942; the override loads kernels of another GPU"
        ),
        "VLLM_ROCM_USE_AITER_FP4BMM": Variable(value="1", reason="gfx942 has no FP4 units"),
        "VLLM_USE_TRITON_FLASH_ATTN": Variable(value=None, reason="removed; use --attention-backend"),
        "VLLM_USE_V1": Variable(value=None, reason="removed; only one engine exists"),
        "VLLM_V1_USE_PREFILL_DECODE_ATTENTION": Variable(
            value=None, reason="removed; use --attention-backend"
        ),
        "VLLM_SERVER_DEV_MODE": Variable(
            value="1", reason="opens unauthenticated endpoints that pause the engine and change its weights"
        ),
        "HIP_VISIBLE_DEVICES": Variable(value=None, reason="the device plugin limits a pod to its GPUs"),
        "CUDA_VISIBLE_DEVICES": Variable(value=None, reason="the device plugin limits a pod to its GPUs"),
    }
)
"""The variables that no server may have. If a value is given, only that value is refused."""

MULTI_GPU_VARIABLES: Mapping[str, str] = MappingProxyType(
    {"NCCL_MIN_NCHANNELS": "112", "TORCH_BLAS_PREFER_HIPBLASLT": "1"}
)
"""AMD's advice for tensor parallelism. It does not apply to one GPU."""

RESERVED_SERVICE_PREFIX = "vllm"
"""A Service named `vllm` or `vllm-*` adds VLLM_* variables to pods, which the engine would read as its own."""

DEFAULT_GPU_MEMORY_UTILIZATION = 0.92
"""vllm/config/cache.py, CacheConfig.gpu_memory_utilization."""

DEPRECATED_IMAGES = ("rocm/vllm", "rocm/vllm-dev")
IMAGE = "vllm/vllm-openai-rocm"
"""Repository of the ROCm images. Look up a tag or digest, and pin it."""
ROCM_LINE = "rocm72"
"""The image line for the ROCm 7.2 driver of OCI's node images. `latest` is ROCm 10, which is unproven with this
driver."""


def refused_variable(name: str, value: str) -> str | None:
    """Why a server must not be given this variable with this value, or None."""
    known = REFUSED_VARIABLES.get(name)
    return known.reason if known and known.value in (None, value) else None
