"""FP4 is refused if the GPU has no units for it, and only then."""

import pytest

from facts.shapes import MI300X, SHAPES
from serving.catalogue import catalogue
from serving.engine.choices import EngineChoices
from serving.engine.memory.precision import precision_problems
from serving.engine.request import PlanRequest

MI355X = SHAPES["BM.GPU.MI355X.8"]


def problems(model="qwen3-32b", shape=MI300X, **given):
    return list(precision_problems(PlanRequest(catalogue()[model], shape, EngineChoices(**given)), "m"))


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"engine_options": {"quantization": "nvfp4"}}, "m.engineOptions.quantization"),
        ({"engine_options": {"quantization": "modelopt_fp4"}}, "m.engineOptions.quantization"),
        ({"engine_options": {"quantization": "mxfp4"}}, "m.engineOptions.quantization"),
        ({"engine_options": {"q": "mxfp4"}}, "m.engineOptions.q"),
        ({"engine_options": {"kv_cache_dtype": "nvfp4"}}, "m.engineOptions.kv_cache_dtype"),
        (
            {"environment": {"VLLM_ROCM_USE_AITER_FP4_ASM_GEMM": "1"}},
            "m.environment.VLLM_ROCM_USE_AITER_FP4_ASM_GEMM",
        ),
        ({"kv_cache_type": "nvfp4"}, "m.kvCacheType"),
    ],
)
def test_fp4_on_gfx942_is_refused_at_its_path(given, place):
    (problem,) = problems(**given)
    assert problem.path == place
    assert "MI300X (gfx942) has no FP4 units" in problem.allowed
    assert not problems(shape=MI355X, **given), "gfx950 has them"


def test_weights_in_mxfp4_that_the_recipe_verifies_pass():
    assert not problems(model="gpt-oss-120b", engine_options={"quantization": "mxfp4"})


def test_fp8_and_int4_pass():
    assert not problems(engine_options={"quantization": "fp8"}, kv_cache_type="fp8")
    assert not problems(engine_options={"quantization": "awq"})
