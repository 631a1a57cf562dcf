"""`playground plan`: for a model of the catalogue or for a stack."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from facts.vllm import DEFAULT_GPU_MEMORY_UTILIZATION
from infra.commands.cli import main
from infra.project.stackfile import ROOT
from infra.settings.serving import ModelSettings
from serving.catalogue import catalogue
from tests.infra.commands.test_cli import file_with


def plan(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["plan", *arguments])


@pytest.mark.parametrize("model", sorted(catalogue()))
def test_every_model_of_the_catalogue_has_a_plan_on_one_node(model: str):
    found = plan(model, "--json")
    assert found.exit_code == 0
    figures = json.loads(found.output)
    assert figures["fits"] is True
    assert figures["gpus"] * figures["enginesPerNode"] <= 8
    assert figures["assumptions"]["activationMargin"] > 1, "assumptions must be named"


def test_the_choice_is_explained_with_the_context_of_smaller_layouts():
    output = plan("llama-3.3-70b").output
    assert "on 2 GPUs of 8" in output
    assert "(115,584 on 1 GPU)" in output


def test_a_model_that_does_not_fit_is_refused_with_the_options_that_would():
    found = plan("llama-3.3-70b", "--gpus", "1")
    assert found.exit_code == 1
    assert "--context 115584; or --gpus 2; or --kv-dtype fp8" in found.output


def test_a_refusal_as_json_has_problems_and_exit_code_one():
    found = plan("llama-3.3-70b", "--gpus", "1", "--json")
    assert found.exit_code == 1
    report = json.loads(found.output)
    assert report["fits"] is False
    assert report["problems"][0]["path"] == "--context"


def test_options_reach_the_plan():
    found = plan("kimi-k2", "--nodes", "2", "--context", "65536", "--kv-dtype", "fp8", "--json")
    figures = json.loads(found.output)
    assert (figures["nodes"], figures["gpus"], figures["tensorParallel"]) == (2, 16, 8)
    assert figures["contextTokens"] == 65536
    assert figures["kvBytesPerToken"] == 31 * 576


def test_another_shape_has_other_memory():
    small = json.loads(plan("llama-3.3-70b", "--json").output)
    large = json.loads(plan("llama-3.3-70b", "--shape", "BM.GPU.MI355X.8", "--json").output)
    assert (small["gpus"], large["gpus"]) == (2, 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["llama-3.3-7b"], "Did you mean `llama-3.3-70b`?"),
        (["llama-3.3-70b", "--shape", "BM.GPU.MI300X"], "Did you mean `BM.GPU.MI300X.8`?"),
        (["staging", "--gpus", "2"], "staging is a stack"),
        (["stagin"], "neither a stack nor a model of the catalogue. Did you mean `staging`?"),
        (["nothing"], "qwen3guard-8b. Stacks here: dev, prod, staging"),
    ],
)
def test_a_wrong_call_suggests_the_right_one(arguments: list[str], words: str):
    found = plan(*arguments)
    assert found.exit_code == 2
    assert words in found.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--utilization", "1.5"], "--utilization: 1.5; must be more than 0 and less than 1"),
        (["--kv-dtype", "nvfp4"], "--kv-dtype: 'nvfp4'; is refused: MI300X (gfx942) has no FP4 units"),
        (["--option", "quantization=nvfp4"], "has no FP4 units"),
    ],
)
def test_plan_refuses_the_engines_that_check_refuses(arguments: list[str], words: str):
    found = plan("qwen3-32b", *arguments)
    assert found.exit_code == 1
    assert words in found.output


def test_too_small_a_share_of_the_memory_is_reported_before_more_nodes_are_suggested():
    found = plan("llama-3.3-70b", "--utilization", "0.1")
    assert found.exit_code == 1
    assert "Nearest that fits: --utilization 0.92; or --nodes 2" in found.output


def test_a_cache_type_that_the_models_recipe_does_not_run_with_is_refused():
    found = plan("deepseek-v3.2-exp", "--kv-dtype", "fp8")
    assert found.exit_code == 1
    assert "--kv-dtype: 'fp8'; deepseek-v3.2-exp runs on AMD GPUs only with bfloat16" in found.output
    assert plan("deepseek-v3.2-exp", "--kv-dtype", "bfloat16").exit_code == 0


def test_the_plan_says_that_an_engine_with_all_gpus_fills_the_node():
    assert "It uses a whole node." in plan("kimi-k2").output


def test_a_name_with_a_stack_file_is_a_stack_even_if_a_model_has_it_too(tmp_path: Path):
    found = plan("kimi-k2", "--config-file", file_with(tmp_path))
    assert found.exit_code == 0
    assert "qwen3-32b: 1 x 1 GPU on mi300x" in found.output


def test_the_plan_says_what_is_known_about_a_model_on_mi300x():
    assert "verified on MI300X by models/deepseek-ai/DeepSeek-R1.yaml" in plan("deepseek-r1").output
    assert "through the Transformers library: not verified" in plan("hunyuan-a13b").output


def test_the_plan_says_when_an_engine_that_stops_cuts_its_longest_answers():
    said = "longestStreamSeconds of 3,480 cuts the longest answers"
    assert said in plan("deepseek-r1").output
    assert any(said in line for line in json.loads(plan("deepseek-r1", "--json").output)["explanation"])
    assert said not in plan("deepseek-r1", "--context", "32768").output


def test_every_line_that_is_counted_names_the_file_of_vllm_that_decides_it():
    output = plan("llama-3.3-70b").output
    for line in ("weights", "activations", "penalty counts", "graphs", "collectives", "runtime"):
        assert line in output
    assert "v1/worker/gpu/sample/penalties.py" in output


def test_engine_options_change_the_plan():
    little = json.loads(plan("llama-3.3-70b", "--gpus", "2", "--json").output)
    large = json.loads(
        plan("llama-3.3-70b", "--gpus", "2", "--option", "max-num-batched-tokens=262144", "--json").output
    )
    assert large["kvBudgetGib"] < little["kvBudgetGib"] - 30


def test_engine_options_that_exclude_each_other_are_refused():
    found = plan("llama-3.3-70b", "--option", "enable-eplb=true")
    assert found.exit_code == 1
    assert "enable-eplb: 'true'; needs enable-expert-parallel" in found.output
    assert plan("llama-3.3-70b", "--option", "enable-eplb").exit_code == 2


def test_the_rules_are_shown_with_the_refusals_of_vllm():
    output = plan("--rules").output
    assert (
        "config/scheduler.py verify_max_model_len: batch_below_context (1); batch_below_sequences (1)"
        in output
    )
    assert "not checked here: depends on the GPU" in output
    assert json.loads(plan("--rules", "--json").output)
    assert plan().exit_code == 2


def test_the_texts_name_vllms_default_share_of_the_memory():
    default = f"else {DEFAULT_GPU_MEMORY_UTILIZATION}."
    described = ModelSettings.model_fields["memory_utilization"].description or ""
    assert default in " ".join(described.split())
    assert default in " ".join(CliRunner().invoke(main, ["plan", "--help"]).output.split())


def test_the_bounds_of_a_scaled_model_have_a_price():
    example = ROOT / "examples" / "scaled-engines.yaml"
    output = plan("scaled", "--config-file", str(example)).output
    assert "traffic.scaling allows 2 to 16 engines. The most use 32 GPUs: USD 140,160 a month." in output
    (row,) = json.loads(plan("scaled", "--config-file", str(example), "--json").output)
    assert (row["scaling"]["least"], row["scaling"]["most"], row["scaling"]["gpus"]) == (2, 16, 32)


def test_a_pool_of_fixed_size_costs_the_same_with_fewer_engines():
    output = plan("prod").output
    assert "traffic.scaling allows 4 to 12 engines" in output
    assert "so fewer engines cost the same" in output


def test_a_model_that_is_not_scaled_has_no_bounds():
    assert "traffic.scaling" not in plan("staging").output
