"""Options are found in every form, and a refusal names the form that was written."""

import pytest

from facts.vllm import SHORT_OPTIONS
from serving.engine.options.arguments import EngineArguments, command_line, option_problems
from serving.engine.options.given import Given, overridden
from tests.serving.engine.options.test_combinations import problems


@pytest.mark.parametrize(
    ("model", "options", "key", "words"),
    [
        ("qwen3-32b", {"sc": '{"method": "suffix"}'}, "sc", "suffix needs a package"),
        ("qwen3-32b", {"-sc.method": "suffix"}, "-sc.method", "suffix needs a package"),
        ("qwen3-32b", {"sc": "{}"}, "sc", "must name a model or a method"),
        ("qwen3-32b", {"spec_tokens": "3"}, "spec_tokens", "must name a draft model"),
        ("qwen3-32b", {"cc": '{"mode": 9}'}, "cc", "mode must be one of"),
        ("qwen3-32b", {"--compilation_config.mode": "9"}, "--compilation_config.mode", "mode must be one of"),
        (
            "qwen3-32b",
            {"speculative-config.method": "ngram", "sc.use_heterogeneous_vocab": "true"},
            "sc.use_heterogeneous_vocab",
            "needs the method draft_model",
        ),
        (
            "qwen3-32b",
            {"sc.num_speculative_tokens": "3", "sc.method": "ngram", "sc.synthetic_acceptance_length": "2"},
            "sc.synthetic_acceptance_length",
            "need rejection_sample_method synthetic",
        ),
        (
            "qwen3-32b",
            {"cc.mode": "3", "cc.cudagraph_capture_sizes+": "1,2", "cc.compile_sizes+": "a"},
            "cc.compile_sizes+",
            "compile_sizes accepts numbers",
        ),
        ("qwen3-32b", {"q": "awq"}, "q", "needs files with this quantization"),
        ("qwen3-32b", {"ac.backend": "TRITON_MLA"}, "ac.backend", "is for multi-head latent attention"),
        ("qwen3-32b", {"dp": "2"}, "dp", "must be 1"),
        ("qwen3-32b", {"ep": "true"}, "ep", "has no experts"),
        ("deepseek-r1", {"dcp": "3"}, "dcp", "must divide the 8 GPUs"),
        ("qwen3-32b", {"asc": "0"}, "asc", "must be 1 or more"),
        (
            "qwen3-next-80b-a3b",
            {"no-enable-chunked-prefill": "true", "enable-prefix-caching": "true"},
            "no-enable-chunked-prefill",
            "must stay on with prefix caching",
        ),
        (
            "qwen3-next-80b-a3b",
            {"enable-hybrid-kv-cache-manager": "false"},
            "enable-hybrid-kv-cache-manager",
            "have two kinds of cache",
        ),
        ("qwen3-32b", {"max_num_active_seqs": "9999"}, "max_num_active_seqs", "or less, max-num-seqs"),
        (
            "qwen3-32b",
            {"attention-backend": "auto", "ac.backend": "x"},
            "attention-backend",
            "attention-config too",
        ),
    ],
)
def test_a_refusal_names_the_key_that_was_written(model, options, key, words):
    found = [each for each in problems(model, options) if words in each.allowed]
    assert [(each.path, each.value) for each in found] == [(f"m.engineOptions.{key}", options[key])]


@pytest.mark.parametrize(("short", "option"), SHORT_OPTIONS.items())
def test_a_short_form_is_its_option(short, option):
    given = Given({short: "1", f"{short}.a": "2"})
    name = option.lstrip("-")
    assert (given.text(name), given.written(name), given.json(name)) == ("1", (short, "1"), {"a": 2})


def test_an_option_that_is_not_given_has_its_long_name():
    assert Given({"max-num-seqs": 1}).written("block-size") == ("block-size", "")


@pytest.mark.parametrize(
    ("model", "user", "line"),
    [
        (
            {"enable-prefix-caching": True},
            {"no-enable-prefix-caching": "true"},
            ["--no-enable-prefix-caching"],
        ),
        ({"enable-prefix-caching": False}, {"enable_prefix_caching": "true"}, ["--enable-prefix-caching"]),
        ({"no-async-scheduling": True}, {"async-scheduling": "true"}, ["--async-scheduling"]),
        ({"disable-log-stats": True}, {"enable-log-stats": "true"}, ["--enable-log-stats"]),
        ({"enable-expert-parallel": True}, {"ep": "false"}, ["--disable-expert-parallel"]),
        ({"speculative-config": '{"a": 1}'}, {"sc.b": "2"}, ['--speculative-config={"a": 1, "b": 2}']),
        ({"speculative-config.a": "1"}, {"sc": '{"b": 2}'}, ['--speculative-config={"b": 2}']),
        (
            {"speculative-config.a": "1"},
            {"sc.b": "2"},
            ["--speculative-config.a=1", "--speculative-config.b=2"],
        ),
    ],
)
def test_an_option_of_the_user_replaces_all_forms_of_the_catalogues(model, user, line):
    arguments = EngineArguments(model="m", served_name="m", context_tokens=1, options=overridden(model, user))
    words = ("prefix-caching", "async-scheduling", "log-stats", "expert-parallel", "speculative-config")
    assert [each for each in command_line(arguments) if any(word in each for word in words)] == line


def test_a_switch_is_what_the_user_says_in_whatever_form():
    given = Given(overridden({"enable-prefix-caching": True}, {"disable-prefix-caching": "true"}))
    assert not given.flag("enable-prefix-caching", default=True)


@pytest.mark.parametrize(
    ("options", "path", "words"),
    [
        (
            {"enable-eplb": "true", "no-enable-eplb": "true"},
            "m.no-enable-eplb",
            "is the same option as enable-eplb",
        ),
        (
            {"disable-eplb": "true", "enable_eplb": "true"},
            "m.enable_eplb",
            "is the same option as disable-eplb",
        ),
        ({"sc": '{"method": "ngram"}', "sc.method": "ngram"}, "m.sc.method", "cannot be given beside sc"),
    ],
)
def test_an_option_in_two_forms_is_refused(options, path, words):
    (problem,) = option_problems(options, "m")
    assert problem.path == path
    assert words in problem.allowed


def test_a_field_after_a_dot_keeps_its_dashes_as_in_vllm():
    assert Given({"hf-overrides.rope-theta": "1"}).json("hf-overrides") == {"rope-theta": 1}


@pytest.mark.parametrize("tokens", ["0", "1"])
def test_rates_of_accepted_drafts_without_a_number_are_refused(tokens):
    options = {
        "speculative-config": '{"method": "ngram", "rejection_sample_method": "synthetic", '
        f'"synthetic_acceptance_rates": ["a"], "num_speculative_tokens": {tokens}}}'
    }
    assert [each for each in problems("qwen3-32b", options) if "engineOptions" in each.path]
