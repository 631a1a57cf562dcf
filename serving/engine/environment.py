"""The environment of an engine on MI300X: what must be set, and what must not.

The image leaves AITER off, without which it is 1.7 to 3.7 times slower; vLLM's own readiness timeout is too short
for a first start. Variables that are dead, dangerous or secret are refused with the reason.
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
"""Where the engine keeps what a restart should find again: weights and compiled graphs."""

COMPILE_PATH = f"{CACHE_PATH}/compile"
"""Graphs compiled at a first start: kept on the node where a claim for them is given."""

PRIVATE_PATH = "/tmp"  # noqa: S108
"""In the container's own file system, which no other pod sees and which goes with it."""

HOME = f"{PRIVATE_PATH}/home"
"""Home of an engine that does not run as root. AITER builds kernels below it (aiter/jit/core.py, get_user_jit_dir), so
it must not lie on a volume."""

AITER_FOLDER = "AITER_JIT_DIR"

MAX_SEQUENCES = 64
"""Upper bound of `n` in one request; vLLM's is 16,384, one request of which can starve all others."""

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
"""Variables whose value would be readable by all who can read the pod, with what to use instead."""

DECIDED_VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "VLLM_ENGINE_READY_TIMEOUT_S": "the startup budget",
        "VLLM_CACHE_ROOT": "the cache volume",
        "HF_HOME": "the cache volume",
        "ROCR_VISIBLE_DEVICES": "the device plugin",
        "VLLM_HOST_IP": "the pod's own address",
    }
)
"""Variables that the toolkit or the node decides, with what decides them."""

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
"""Variables by which a process finds its programs and libraries, with where that is written. A pod's value takes the
place of the image's (Kubernetes, Define Environment Variables for a Container), so vLLM or ROCm is no longer found, or
other code runs in their place."""


OFFLINE: Mapping[str, str] = MappingProxyType({"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"})
"""What keeps the hub's client and the Transformers library from asking for anything that is not on the node."""


@dataclass(frozen=True, kw_only=True)
class EngineEnvironment:
    """What the environment of one engine depends on."""

    gpus: int
    """Of the whole engine."""

    budget: StartupBudget
    model: Mapping[str, str]
    """What the catalogue says for the model; overrides the defaults."""

    extra: Mapping[str, str]
    """What the user says; overrides the model's."""

    staged: bool = False
    """Whether the node has its weights: the hub is then never asked."""

    network: Mapping[str, str] = field(default_factory=dict[str, str])
    """RCCL's variables where the engine spans nodes. The user may override them, for a network is tuned by hand."""


def engine_environment(given: EngineEnvironment) -> dict[str, str]:
    """The variables of one engine, sorted by name."""
    defaults = {
        "VLLM_MAX_N_SEQUENCES": str(MAX_SEQUENCES),
        # vLLM reports model, hardware and settings to its makers unless told not to.
        "VLLM_NO_USAGE_STATS": "1",
        "VLLM_ROCM_USE_AITER": "1",
    }
    if given.staged:
        defaults |= OFFLINE
    if given.gpus > 1:
        defaults |= {**MULTI_GPU_VARIABLES, **given.network}
    decided = {
        "HF_HOME": f"{CACHE_PATH}/huggingface",
        "VLLM_CACHE_ROOT": f"{COMPILE_PATH}/vllm",
        "VLLM_ENGINE_READY_TIMEOUT_S": str(given.budget.engine_ready_seconds),
    }
    return dict(sorted((defaults | dict(given.model) | dict(given.extra) | decided).items()))


def environment_problems(environment: Mapping[str, str], path: str) -> Iterator[Problem]:
    """Problems of a user's or a model's variables, each at `path`.<name>; values of secrets are not repeated."""
    for name, value in environment.items():
        place = f"{path}.{name}"
        if not VARIABLE.fullmatch(name):
            allowed = "must be named by letters, digits, - _ and ., and begin with no digit"
            yield Problem(place, name, allowed)
        elif name in SECRET_VARIABLES:
            allowed = "is a secret, and all who can read the pod can read its environment"
            yield Problem(place, "[hidden]", allowed, f"Leave it out; use {SECRET_VARIABLES[name]}")
        elif name in DECIDED_VARIABLES or name in IMAGE_VARIABLES:
            yield _not_yours(name, value, place)
        elif name == AITER_FOLDER:
            yield from _aiter_problems(value, place)
        elif reason := refused_variable(name, value):
            yield Problem(place, value, f"is refused: {reason}", "Leave it out")
        elif reason := unknown_variable(name):
            yield Problem.not_one_of(
                place, name, VARIABLE_KINDS, reason, shown=value, otherwise="Leave it out"
            )
        elif allowed := carried_problem(f"{name}={value}"):
            yield Problem(place, f"{value[:20]}…", allowed)
        elif allowed := wrong_value(VARIABLE_KINDS.get(name, ""), value):
            yield Problem(place, value, allowed)


def _not_yours(name: str, value: str, place: str) -> Problem:
    if name in DECIDED_VARIABLES:
        return Problem(place, value, f"is decided by {DECIDED_VARIABLES[name]}", "Leave it out")
    allowed = "is the image's own: another value hides its programs and libraries"
    return Problem(place, value, allowed, "Leave it out, and build an image with what is missing")


def _aiter_problems(folder: str, place: str) -> Iterator[Problem]:
    """A folder that pods share keeps the lock of a build that was killed, and every later engine waits on it."""
    inside = posixpath.normpath(folder).startswith(f"{PRIVATE_PATH}/")
    if not inside:
        allowed = (
            f"must lie below {PRIVATE_PATH}, which no other pod sees: AITER never takes over the lock that a killed "
            "build of another pod left, so every later engine would wait without end"
        )
        fix = "Leave it out: the image's prebuilt kernels are then used, which this variable hides"
        yield Problem(place, folder, allowed, fix)
