"""Options that vLLM 0.33 refuses together: each rule refuses its cases, and nothing that the catalogue sets."""

import inspect
import json
from pathlib import Path

import pytest
import yaml

from facts.problem import Problem
from facts.shapes import MI300X
from facts.vllm import ROCM_QUANTIZATIONS
from facts.vllm_values import FIELD_KINDS, OPTION_KINDS
from serving.catalogue import catalogue
from serving.engine.adapters import LoraAdapter
from serving.engine.choices import EngineChoices
from serving.engine.memory.plan import plan_memory
from serving.engine.options.backends import AMD_BACKENDS, NVIDIA_KERNELS
from serving.engine.options.combinations import case_of
from serving.engine.options.rules import (
    ALL_RULES,
    BEYOND_THE_TABLE,
    ELSEWHERE,
    OWN_KEYS,
    TABLE,
    combination_problems,
    refusals,
    table,
)
from serving.engine.problems import plannable
from serving.engine.request import PlanRequest

ADAPTER = LoraAdapter(name="a", base="m", repository="a/b", revision="0" * 40)


def problems(model="qwen3-32b", options=None, **choices) -> list[Problem]:
    return list(combination_problems(case(model, options or {}, **choices), "m"))


def case(model, options, **choices):
    chosen = EngineChoices(engine_options=options, **choices)
    request = plannable(PlanRequest(catalogue()[model], MI300X, chosen))
    return case_of(request, plan_memory(request))


@pytest.mark.parametrize("model", sorted(catalogue()))
def test_no_rule_refuses_the_options_of_the_catalogue(model):
    assert not problems(model)


CASES = yaml.safe_load(Path(__file__).with_name("refused_options.yaml").read_text(encoding="utf-8"))
REFUSED = [
    (
        case["model"],
        case.get("options", {}),
        {
            key: (ADAPTER,) * value if key == "adapters" else value
            for key, value in case.get("choices", {}).items()
        },
        case["at"],
        case["says"],
    )
    for case in CASES
]


@pytest.mark.parametrize(
    ("model", "options", "choices", "option", "words"),
    REFUSED,
    ids=[f"{case['at']}-{number}" for number, case in enumerate(CASES)],
)
def test_options_that_the_pinned_version_refuses_at_start_are_refused(model, options, choices, option, words):
    place = f"m.{option}" if option in OWN_KEYS else f"m.engineOptions.{option}"
    found = [problem for problem in problems(model, options, **choices) if problem.path == place]
    assert any(words in str(problem) for problem in found), problems(model, options, **choices)


@pytest.mark.parametrize(
    ("model", "options", "choices"),
    [
        ("qwen3-32b", {"attention-backend": "TRITON_ATTN", "block-size": "32"}, {}),
        ("deepseek-r1", {"decode-context-parallel-size": "8"}, {}),
        ("deepseek-r1", {"enable-eplb": "true", "eplb-config": '{"num_redundant_experts": 32}'}, {}),
        ("deepseek-r1", {"speculative-config": '{"method": "mtp", "num_speculative_tokens": 1}'}, {}),
        ("llama-3.3-70b", {"spec-model": "llama-3.1-8b", "spec-tokens": "3"}, {"gpus": 2}),
        ("llama-3.3-70b", {"spec-method": "ngram", "spec-tokens": "3"}, {"adapters": (ADAPTER,)}),
        ("qwen3-235b-a22b", {"decode-context-parallel-size": "2"}, {"gpus": 8}),
        ("qwen3-32b", {"quantization": "fp8"}, {}),
        ("qwen3-next-80b-a3b", {"enable-prefix-caching": "true"}, {}),
        ("qwen3-32b", {"performance-mode": "throughput"}, {}),
        ("qwen3-32b", {"offload-backend": "prefetch", "offload-group-size": "4"}, {}),
        ("qwen3-32b", {"numa-bind-nodes": "0"}, {"numa_bind": True}),
        ("qwen3-32b", {"api-server-count": "2"}, {}),
        ("qwen3-32b", {"convert": "classify", "runner": "pooling"}, {}),
        ("qwen3-32b", {"enable-batch-sharded-sampling": "true"}, {"gpus": 2}),
        ("qwen3-32b", {"return-sampling-mask": "true", "logprobs-mode": "processed_logprobs"}, {}),
        ("qwen3-32b", {"profiler-config": '{"profiler": "torch", "torch_profiler_dir": "/a"}'}, {}),
        ("qwen3-32b", {"max-cudagraph-capture-size": "0", "enforce-eager": "true"}, {}),
        ("qwen3-32b", {"compilation-config": '{"mode": 0, "cudagraph_mode": "FULL"}'}, {}),
        ("qwen3-32b", {"compilation-config.cudagraph_capture_sizes+": "1,2,8"}, {}),
        ("qwen3-32b", {"async-scheduling": "true", "spec-method": "ngram", "spec-tokens": "2"}, {}),
        ("deepseek-r1", {"enable-dbo": "true"}, {}),
        ("qwen3-32b", {"speculative-config": '{"model": "ngram", "num_speculative_tokens": 4}'}, {}),
        ("qwen3-32b", {"reasoning-effort-map": '{"low": "low"}'}, {}),
        ("qwen3-32b", {"spec-model": "llama-3.1-8b", "spec-tokens": "1",
                       "speculative-config.use_heterogeneous_vocab": "true"}, {}),
    ],
)  # fmt: skip
def test_options_that_it_accepts_pass(model, options, choices):
    if "adapters" in choices:
        options = {**options, "max-num-seqs": "64"}
    assert not problems(model, options, **choices)


@pytest.mark.parametrize("size", ["0", "-1", "x", "99999999999999999999"])
@pytest.mark.parametrize(
    "option", sorted(name for name, kind in OPTION_KINDS.items() if kind[:3] in ("int", "siz"))
)
def test_no_number_makes_a_rule_fail(option, size):
    options = {"decode-context-parallel-size": "8", "block-size": "64", option.lstrip("-"): size}
    problems("deepseek-r1", options)


@pytest.mark.parametrize("value", [None, [1], {"a": 1}, "x", True, -1, 10**30, [], [["x"]]])
@pytest.mark.parametrize(
    "option", ["compilation-config", "speculative-config", "kv-transfer-config", "profiler-config"]
)
def test_no_json_makes_a_rule_fail(option, value):
    owner = OPTION_KINDS[f"--{option}"].split(" ")[1]
    for field in (name.partition(".")[2] for name in FIELD_KINDS if name.startswith(f"{owner}.")):
        drafts = {"method": "ngram", "num_speculative_tokens": 2} if option == "speculative-config" else {}
        problems(options={option: json.dumps({**drafts, field: value})})


def test_every_rule_has_its_own_case():
    tried = {name for name, rule in ALL_RULES.items() for refused in REFUSED if _finds(rule, refused)}
    assert tried == set(ALL_RULES)


def _finds(rule, refused) -> bool:
    model, options, choices, option, _ = refused
    # A key after a dot belongs to the option before it.
    return any(wrong.option == option.partition(".")[0] for wrong in rule(case(model, options, **choices)))


def test_every_refusal_of_the_pinned_version_has_rules_or_a_reason():
    for refusal in refusals():
        said = f"{refusal.place} {refusal.mark}: name its rules in {TABLE.name}, or a reason"
        assert bool(refusal.rules) != bool(refusal.why), said
        assert set(refusal.rules) <= ALL_RULES.keys() | ELSEWHERE.keys(), refusal.place


def test_a_function_is_covered_refusal_by_refusal_or_unknown_as_a_whole():
    known = table()
    unknown = {place for places in known["unknown"].values() for place in places}
    assert not unknown & set(known["covered"])
    assert known["unknown"].keys() <= known["reasons"].keys()


def test_the_table_and_the_rules_name_each_other():
    named = {rule for refusal in refusals() for rule in refusal.rules}
    assert set(ALL_RULES) - named == BEYOND_THE_TABLE.keys()
    files = {refusal.place.split()[0] for refusal in refusals()}
    beyond = {place.split()[0] for places in BEYOND_THE_TABLE.values() for place in places}
    assert beyond & files == set(), "name the rule in the table"
    assert all(inspect.getdoc(rule) for rule in ALL_RULES.values())


def test_the_table_names_refusals_of_the_pinned_version():
    known = table()
    found = {(refusal.place, refusal.mark) for refusal in refusals()}
    assert {(place, mark) for place, marks in known["covered"].items() for mark in marks} <= found
    places = {place for place, _ in found}
    assert {place for listed in known["unknown"].values() for place in listed} <= places


def test_words_of_the_rules_are_words_of_the_pinned_version():
    backends = set(OPTION_KINDS["--attention-backend"].split(" ")[1].split(","))
    assert set(AMD_BACKENDS) <= backends
    for option, words in NVIDIA_KERNELS.items():
        known = OPTION_KINDS[f"--{option}"].split(" ")[1].lower().split(",")
        assert all(any(word.startswith(each) for word in known) for each in words), option
    assert "fbgemm_fp8" in ROCM_QUANTIZATIONS
