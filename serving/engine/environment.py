"""The environment of an engine on MI300X: variables that it needs, and variables that are refused.

The image turns AITER off, and engines without it are 1.7 to 3.7 times slower. vLLM's own readiness timeout is too short
for a first start. Variables that have no effect, do harm or contain secrets are refused with the reason.
"""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from facts.names import VARIABLE, carried_problem
from facts.problem import Problem
from facts.vllm import MULTI_GPU_VARIABLES, refused_variable
from facts.vllm_values import VARIABLE_KINDS, unknown_variable, wrong_value

from .startup import StartupBudget

CACHE_PATH = "/cache"
"""Folder of the files that a restart uses again: weights and compiled graphs."""

COMPILE_PATH = f"{CACHE_PATH}/compile"
"""Folder of the graphs that a first start compiles. They stay on the node if there is a claim for them."""

PRIVATE_PATH = "/tmp"  # noqa: S108
"""A folder in the container's own file system. No other pod sees it, and it is deleted with the container."""

HOME = f"{PRIVATE_PATH}/home"
"""Home of an engine that does not run as root. AITER builds kernels below it (aiter/jit/core.py, get_user_jit_dir), so
it must not be on a volume."""

_LOCK = "never removes the lock of a killed build in another pod, so every later engine would wait forever"

PRIVATE_FOLDERS: Mapping[str, str] = MappingProxyType(
    {
        "AITER_JIT_DIR": f"AITER {_LOCK}",
        "HOME": f"AITER builds kernels below it, and {_LOCK}",
        "TORCH_EXTENSIONS_DIR": f"PyTorch {_LOCK}",
        "XDG_CACHE_HOME": f"PyTorch builds extensions below it, and {_LOCK}",
        "TMPDIR": "vLLM's processes open their sockets there",
        "TEMP": "vLLM's processes open their sockets there",
        "TMP": "vLLM's processes open their sockets there",
        "VLLM_RPC_BASE_PATH": "vLLM's processes open their sockets there",
    }
)
"""Variables with a folder that several pods must not share, with the reason.

Sources: aiter/jit/core.py (get_user_jit_dir); torch/utils/cpp_extension.py (_get_build_directory), _appdirs.py and
file_baton.py; Python's tempfile (gettempdir); vllm/envs.py. Triton's TRITON_CACHE_DIR may be shared: it waits for no
lock, and its files are renamed into place (triton/runtime/cache.py).
"""

_SOCKET_FOLDERS = frozenset({"TMPDIR", "TEMP", "TMP", "VLLM_RPC_BASE_PATH"})

MAX_SEQUENCES = 64
"""Upper limit of `n` in one request. vLLM's own limit is 16,384, with which one request can starve all others."""

_HUB_KEYS = (
    "serving.huggingFaceTokenInVault, or serving.huggingFaceToken encrypted; a component's huggingFaceSecret"
)

SECRET_VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "HF_TOKEN": _HUB_KEYS,
        "HUGGING_FACE_HUB_TOKEN": _HUB_KEYS,
        "VLLM_API_KEY": "keys at the gateway",
        "AWS_SECRET_ACCESS_KEY": "a Kubernetes secret",
    }
)
"""Variables that contain a secret, which everyone who can read the pod could read, each with an alternative."""

DECIDED_VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "VLLM_ENGINE_READY_TIMEOUT_S": "the startup budget",
        "VLLM_CACHE_ROOT": "the cache volume",
        "HF_HOME": "the cache volume",
        "HF_HUB_CACHE": "the cache volume",
        "HF_HUB_OFFLINE": "the source of the weights",
        "HUGGINGFACE_HUB_CACHE": "the cache volume",
        "TRANSFORMERS_OFFLINE": "the source of the weights",
        "ROCR_VISIBLE_DEVICES": "the device plugin",
        "VLLM_HOST_IP": "the pod's own address",
    }
)
"""Variables that the toolkit or the node sets, with what decides each."""

IMAGE_VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "LD_AUDIT": "ld.so(8)",
        "LD_LIBRARY_PATH": "ld.so(8)",
        "LD_PRELOAD": "ld.so(8)",
        "PATH": "environ(7)",
        "PYTHONHOME": "Python's manual, Environment variables",
        "PYTHONPATH": "Python's manual, Environment variables",
        "PYTHONSTARTUP": "Python's manual, Environment variables",
        "PYTHONUSERBASE": "Python's manual, Environment variables",
    }
)
"""Variables that tell a process where its programs and libraries are, each with its source. A pod's value replaces the
image's (Kubernetes, Define Environment Variables for a Container). Then vLLM or ROCm is not found, or other code runs
instead."""

OFFLINE: Mapping[str, str] = MappingProxyType({"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"})
"""Variables that stop the hub's client and the Transformers library from downloading files."""


@dataclass(frozen=True, kw_only=True)
class EngineEnvironment:
    """The inputs of one engine's environment."""

    gpus: int
    """GPUs of the whole engine."""

    budget: StartupBudget
    model: Mapping[str, str]
    """The catalogue's variables for the model. They override the defaults."""

    extra: Mapping[str, str]
    """The user's variables. They override the model's."""

    staged: bool = False
    """Whether the weights are staged on the node. The engine then never contacts the hub."""

    network: Mapping[str, str] = field(default_factory=dict[str, str])
    """RCCL's variables if the engine spans nodes. The user may override them, because networks are tuned by hand."""


def engine_environment(given: EngineEnvironment) -> dict[str, str]:
    """The variables of one engine, sorted by name."""
    defaults = {
        "VLLM_MAX_N_SEQUENCES": str(MAX_SEQUENCES),
        # By default, vLLM reports model, hardware and settings to stats.vllm.ai.
        "VLLM_NO_USAGE_STATS": "1",
        "VLLM_ROCM_USE_AITER": "1",
    }
    if given.gpus > 1:
        defaults |= {**MULTI_GPU_VARIABLES, **given.network}
    decided = {
        "HF_HOME": f"{CACHE_PATH}/huggingface",
        "VLLM_CACHE_ROOT": f"{COMPILE_PATH}/vllm",
        "VLLM_ENGINE_READY_TIMEOUT_S": str(given.budget.engine_ready_seconds),
        **(OFFLINE if given.staged else {}),
    }
    return dict(sorted((defaults | dict(given.model) | dict(given.extra) | decided).items()))


def environment_problems(environment: Mapping[str, str], path: str) -> Iterator[Problem]:
    """Problems of a user's or a model's variables, each at `path`.<name>. Secret values are not repeated."""
    for name, value in environment.items():
        place = f"{path}.{name}"
        if not VARIABLE.fullmatch(name):
            allowed = "must have a name of letters, digits, -, _ and ., which does not begin with a digit"
            yield Problem(place, name, allowed)
        elif name in SECRET_VARIABLES:
            allowed = "is a secret, and everyone who can read the pod can read its environment"
            yield Problem(place, "[hidden]", allowed, f"Leave it out; use {SECRET_VARIABLES[name]}")
        elif name in DECIDED_VARIABLES or name in IMAGE_VARIABLES:
            yield _set_elsewhere(name, value, place)
        elif name in PRIVATE_FOLDERS:
            yield from _folder_problems(name, value, place)
        elif reason := refused_variable(name, value):
            yield Problem(place, value, f"is refused: {reason}", "Leave it out")
        elif reason := unknown_variable(name):
            yield Problem.not_one_of(
                place, name, VARIABLE_KINDS, reason, shown=value, otherwise="Leave it out"
            )
        elif allowed := carried_problem(f"{name}={value}"):
            yield Problem(place, f"{value[:20]}…", allowed)
        else:
            yield from _value_problems(name, value, place)


def _value_problems(name: str, value: str, place: str) -> Iterator[Problem]:
    if name not in VARIABLE_KINDS and name.upper() in VARIABLE_KINDS:
        yield Problem(place, value, "has no effect: vLLM reads it in upper case", f"Write {name.upper()}")
    elif allowed := wrong_value(_kind(name), value):
        yield Problem(place, value, allowed)


def _kind(name: str) -> str:
    """The kind of a variable's value. The wheel bounds no port; TCP has none above 65535."""
    kind = VARIABLE_KINDS.get(name, "")
    return f"{kind} >=1 <=65535" if name.endswith("_PORT") else kind


def _set_elsewhere(name: str, value: str, place: str) -> Problem:
    if name in DECIDED_VARIABLES:
        return Problem(place, value, f"is set by {DECIDED_VARIABLES[name]}", "Leave it out")
    allowed = "is the image's own: another value hides its programs and libraries"
    return Problem(place, value, allowed, "Leave it out, and build an image that contains the missing parts")


def _folder_problems(name: str, folder: str, place: str) -> Iterator[Problem]:
    """A folder that other pods must not see."""
    path = posixpath.normpath(folder)
    inside = path.startswith(f"{PRIVATE_PATH}/") or (path == PRIVATE_PATH and name in _SOCKET_FOLDERS)
    # Kubernetes inserts other variables, which can contain `..`.
    if not inside or "$(" in folder:
        allowed = f"must be below {PRIVATE_PATH}, which no other pod sees: {PRIVATE_FOLDERS[name]}"
        fix = "Leave it out"
        if name == "AITER_JIT_DIR":
            fix = "Leave it out: this variable hides the image's prebuilt kernels"
        yield Problem(place, folder, allowed, fix)
