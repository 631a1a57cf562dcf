"""Problems of number formats that a GPU cannot compute with.

gfx942 (MI300X) has FP8 units but no FP4 units. The MXFP4 weights of gpt-oss are verified there: each is converted to a
wider format when it is multiplied. Computation in FP4 is not supported.
"""

from collections.abc import Iterator

from facts.problem import Problem
from serving.catalogue.model import Model
from serving.engine.options.given import dashed
from serving.engine.request import PlanRequest

WITHOUT_FP4 = frozenset({"gfx942", "gfx90a"})
"""GPU targets without FP4 units. gfx950 (MI355X) has them."""

FP4_VARIABLES = frozenset({"VLLM_ROCM_USE_AITER_FP4_ASM_GEMM"})
"""Variables that turn FP4 on. VLLM_ROCM_USE_AITER_FP4BMM is refused everywhere."""


def precision_problems(request: PlanRequest, path: str) -> Iterator[Problem]:
    """Problems of FP4 on a GPU without it, at `path`.engineOptions, .environment, .model and .kvCacheType."""
    model, shape, choices = request.model, request.shape, request.choices
    if shape.gfx not in WITHOUT_FP4:
        return
    reason = f"{shape.gpu_name} ({shape.gfx}) has no FP4 units"
    for name, value in (choices.engine_options or {}).items():
        key = dashed(name)
        if key == "--quantization" and _is_fp4(str(value)) and not _own_format(model, str(value)):
            fix = "Choose an FP8 or INT4 checkpoint"
            yield Problem(f"{path}.engineOptions.{name}", value, f"is refused: {reason}", fix)
        elif key == "--kv-cache-dtype" and _is_fp4(str(value)):
            yield Problem(f"{path}.engineOptions.{name}", value, f"is refused: {reason}", "Use fp8")
    for name, value in (choices.environment or {}).items():
        if name in FP4_VARIABLES and value != "0":
            yield Problem(f"{path}.environment.{name}", value, f"is refused: {reason}", "Leave it out")
    for name, value in model.options.items():
        if dashed(name) == "--quantization" and _is_fp4(str(value)) and not _own_format(model, str(value)):
            allowed = f"sets {name} to {value} in its file, which is refused: {reason}"
            yield Problem(f"{path}.model", model.name, allowed, "Choose an FP8 or INT4 checkpoint")
    if choices.kv_cache_type is not None and _is_fp4(choices.kv_cache_type):
        yield Problem(f"{path}.kvCacheType", choices.kv_cache_type, f"is refused: {reason}", "Use fp8")


def _is_fp4(word: str) -> bool:
    return "fp4" in word.lower()


def _own_format(model: Model, word: str) -> bool:
    """Whether this is the format of the model's files, which the catalogue allows."""
    return model.weight_type == "mxfp4" and word.lower() == "mxfp4"
