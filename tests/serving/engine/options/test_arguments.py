"""The command line has the options that the toolkit sets, and a wrong option is refused with the right one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.vllm import REMOVED_OPTIONS, SERVE_OPTIONS, SHORT_OPTIONS
from facts.vllm_values import option_kind
from serving.engine.options.arguments import (
    DECIDED,
    HARMFUL,
    EngineArguments,
    command_line,
    decided_by,
    option_problems,
    rendered,
)
from serving.engine.options.given import dashed
from tests.support.problems import only

PLAIN = EngineArguments(model="Qwen/Qwen3-32B", served_name="qwen", context_tokens=40960)


def test_the_command_line_begins_with_the_model_and_is_sorted():
    first, *others = command_line(PLAIN)
    assert first == "Qwen/Qwen3-32B"
    assert others == sorted(others)
    assert "--max-model-len=40960" in others
    assert "--tensor-parallel-size=1" in others
    assert "--shutdown-timeout=300" in others
    assert "--fail-on-environ-validation" in others
    assert "--served-model-name=qwen" in others


def test_every_argument_that_can_be_rendered_is_an_option_of_the_pinned_version():
    full = EngineArguments(
        model="m",
        served_name="s",
        context_tokens=1,
        revision="r",
        reasoning_parser="qwen3",
        tool_parser="hermes",
        options={
            "enable-prefix-caching": False,
            "-cc.pass_config.fuse_rope_kvcache": "True",
            "block_size": 64,
        },
    )
    names = {argument.partition("=")[0].partition(".")[0] for argument in command_line(full)[1:]}
    assert names <= SERVE_OPTIONS, names - SERVE_OPTIONS


def test_a_tool_parser_turns_tool_choice_on():
    arguments = command_line(
        EngineArguments(model="m", served_name="s", context_tokens=1, tool_parser="hermes")
    )
    assert {"--tool-call-parser=hermes", "--enable-auto-tool-choice"} <= set(arguments)
    assert "--enable-auto-tool-choice" not in command_line(PLAIN)


def test_a_revision_is_passed_only_if_there_is_one():
    assert not [argument for argument in command_line(PLAIN) if argument.startswith("--revision")]
    pinned = EngineArguments(model="m", served_name="s", context_tokens=1, revision="abc")
    assert "--revision=abc" in command_line(pinned)


@given(options=st.dictionaries(st.sampled_from(sorted(DECIDED)), st.text(max_size=5)))
def test_no_option_by_name_overrides_the_toolkit(options):
    with_options = EngineArguments(model="m", served_name="s", context_tokens=7, options=options)
    assert "--max-model-len=7" in command_line(with_options)
    assert not [
        each for each in command_line(with_options) if each.startswith("--max-model-len=") and each[-1] != "7"
    ]


@pytest.mark.parametrize(
    ("name", "value", "argument"),
    [
        ("--enable-expert-parallel", True, "--enable-expert-parallel"),
        ("--enable-expert-parallel", "true", "--enable-expert-parallel"),
        ("--enable-prefix-caching", False, "--disable-prefix-caching"),
        ("--async-scheduling", "false", "--no-async-scheduling"),
        ("--block-size", 1, "--block-size=1"),
        ("--cpu-offload-gb", 0, "--cpu-offload-gb=0"),
        ("--attention-backend", "TRITON_ATTN", "--attention-backend=TRITON_ATTN"),
    ],
)
def test_switches_and_values_are_rendered_as_vllm_accepts_them(name, value, argument):
    assert rendered(name, value) == argument


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("block-size", "--block-size"),
        ("--block_size", "--block-size"),
        ("cc.pass_config.fuse_rope", "--compilation-config.pass_config.fuse_rope"),
        ("compilation_config.pass_config", "--compilation-config.pass_config"),
        ("-q", "--quantization"),
        ("h", "-h"),
    ],
)
def test_an_option_may_be_written_with_or_without_dashes(written, name):
    assert dashed(written) == name


@pytest.mark.parametrize("name", sorted(REMOVED_OPTIONS))
def test_a_removed_option_is_refused_with_what_to_do_instead(name):
    problem = only(option_problems({name.removeprefix("--"): "1"}, "m.engineOptions"))
    assert "removed from vLLM" in problem.allowed
    assert problem.fix.lower() == REMOVED_OPTIONS[name].lower()


@pytest.mark.parametrize(
    "name",
    sorted({*DECIDED, *HARMFUL, *(short for short, option in SHORT_OPTIONS.items() if option in DECIDED)}),
)
def test_an_option_that_the_toolkit_sets_or_that_does_harm_is_refused(name):
    problem = only(option_problems({name: "1"}, "m"))
    assert problem.path == f"m.{name}"
    assert problem.fix.startswith("Leave it out")


def test_a_misspelt_option_is_refused_with_the_nearest():
    problem = only(option_problems({"atention-backend": "TRITON_ATTN"}, "serving.models[0].engineOptions"))
    assert str(problem) == (
        "serving.models[0].engineOptions.atention-backend: 'TRITON_ATTN'; "
        "--atention-backend is not an option of vLLM 0.33.0. Did you mean `attention-backend`?"
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [("block-size", "--block_size"), ("quantization", "q"), ("-sc", "speculative_config")],
)
def test_an_option_given_twice_is_refused(first, second):
    value = "{}" if first == "-sc" else sample(dashed(first))
    problem = only(option_problems({first: value, second: value}, "m"))
    assert (problem.path, problem.allowed) == (f"m.{second}", f"is the same option as {first}")


def test_every_short_option_is_known():
    short = {name for name in SERVE_OPTIONS if not name.startswith("--")}
    assert short - SHORT_OPTIONS.keys() == {"-h"}
    assert set(SHORT_OPTIONS.values()) <= SERVE_OPTIONS


def test_false_is_refused_for_an_option_that_has_no_off_form():
    assert "has no option that turns it off" in only(option_problems({"dtype": False}, "m")).allowed


SAMPLES = {
    "int": "1",
    "size": "16K",
    "float": "0.5",
    "text": "word",
    "any": "word",
    "json": "{}",
    "array": "[]",
    "switch": "true",
}


def sample(stem):
    """A value of the option's type."""
    words = (option_kind(stem) or "text").removeprefix("list ").split(" ")
    if stem in {"--quantization", "-q"}:
        return "fp8"
    return words[1].split(",")[0] if words[0] in {"choice", "name"} else SAMPLES[words[0]]


@given(
    name=st.sampled_from(
        sorted(name for name in SERVE_OPTIONS - set(HARMFUL) if not decided_by(dashed(name)))
    )
)
def test_every_other_option_of_the_pinned_version_passes_with_a_value_of_its_type(name):
    assert not list(option_problems({name: sample(name)}, "m"))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("max-num-seqs", "many", "must be a whole number, 1 or more"),
        ("max-num-seqs", "0", "must be a whole number, 1 or more"),
        ("max-num-seqs", "1.5", "must be a whole number"),
        ("max-num-batched-tokens", "16 k", "as 16384 or 16K"),
        ("max-num-batched-tokens", "1.5K", "as 16384 or 16K"),
        ("watermark", "1", "must be a number, 0.0 or more and below 1.0"),
        ("watermark", "nan", "must be a number"),
        ("dtype", "bf16", "must be one of auto, bfloat16"),
        ("dtype", "true", "is not a switch: it needs a value"),
        ("moe-backend", "aitter", "must be aiter, or another"),
        ("attention-backend", "ROCM_AITER_F", "must be ROCM_AITER_FA, or another"),
        ("enforce-eager", "yes", "must be true or false"),
        ("disable-prefix-caching", "1", "must be true or false"),
        ("speculative-config", "eagle", "must be a JSON object"),
        (
            "speculative-config",
            '{"modell": "a/b"}',
            "is no field of SpeculativeConfig. Did you mean `model`?",
        ),
        ("speculative-config", '{"num_speculative_tokens": 0}', "above 0"),
        ("compilation-config", '{"pass_config": {"fuse_rope": true}}', "is no field of PassConfig"),
        ("compilation-config.pass_config.fuse_rope", "true", "is not a field of PassConfig"),
        ("cc.cudagraph_mode", "HALF", "must be one of FULL"),
        ("max-num-seqs.a", "1", "does not accept keys after a dot"),
        ("limit-mm-per-prompt", '{"image": -1}', "image: -1; must be a whole number of 0 or more"),
        ("limit-mm-per-prompt", '{"image": "two"}', "must be a whole number of 0 or more"),
        ("limit-mm-per-prompt", '{"video": {"num_frames": 0}}', "num_frames: 0; must be a whole number of 1"),
        ("limit-mm-per-prompt", '{"image": {"count": -2}}', "count: -2; must be a whole number of 0 or more"),
        ("limit-mm-per-prompt", '{"audio": {"width": 4}}', "is not a field of the limit of audio"),
        ("limit-mm-per-prompt.image", "-1", "must be a whole number of 0 or more"),
        ("limit-mm-per-prompt.image.count", "-1", "must be a whole number of 0 or more"),
        ("max-lora-rank-x", "1", "is not an option"),
        ("quantization", "bitsandbytes", "does not support it on AMD GPUs"),
        ("cudagraph-capture-sizes", "1,2", "accepts several values in vLLM, but only one here"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(name, value, words):
    assert words in str(only(option_problems({name: value}, "m")))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max-num-batched-tokens", "16K"),
        ("moe-backend", "aiter"),
        ("attention-backend", "rocm_aiter_fa"),
        ("compilation-config", '{"pass_config": {"fuse_rope_kvcache": true}, "cudagraph_mode": "PIECEWISE"}'),
        ("cc.pass_config.fuse_rope_kvcache", "True"),
        ("disable-cascade-attn", "true"),
        ("max-num-seqs", 128),
        ("limit-mm-per-prompt", '{"image": 0, "video": {"count": 1, "num_frames": 32}, "other": 2}'),
        ("limit-mm-per-prompt.image", "4"),
        ("limit-mm-per-prompt.video.num_frames", "32"),
    ],
)
def test_a_value_of_the_right_type_passes(name, value):
    assert not list(option_problems({name: value}, "m"))


def test_the_tables_name_options_of_the_pinned_version():
    assert set(DECIDED) <= SERVE_OPTIONS
    assert set(HARMFUL) <= SERVE_OPTIONS


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("no-enable-prefix-caching", "true"),
        ("--no-enable-chunked-prefill", "true"),
        ("no-disable-hybrid-kv-cache-manager", "true"),
        ("allowed-origins", '["*"]'),
        ("attention-backend", "auto"),
        ("hf-overrides", '{"rope_parameters": {"rope_type": "yarn", "factor": 4.0}}'),
        ("limit-mm-per-prompt", '{"image": 2}'),
    ],
)
def test_options_that_the_parser_accepts_but_its_help_omits_pass(option, value):
    assert not list(option_problems({option: value}, "m"))


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("no-no-enforce-eager", "true", "is not an option"),
        ("no-disable-log-stats", "true", "is not an option"),
        ("no-enable-lora", "true", "set by another key: adapters"),
        ("disable-auto-tool-choice", "true", "set by another key: toolParser"),
        ("no-numa-bind", "true", "set by another key: numaBind"),
        ("allowed-origins", "*", "must be a JSON list"),
        ("hf-overrides", '{"a":', "must be a JSON object"),
        ("optimization-level", "9", "must be one of 0, 1, 2, 3"),
        ("kv-cache-memory-bytes", "-1", "1 or more"),
        ("chat-template-content-format", "foo", "must be one of auto, openai, string"),
        ("grpc", "true", "does not answer HTTP"),
        ("grpc-port", "50051", "another front end"),
        ("uds", "/tmp/vllm.sock", "opens no port"),
        ("ssl-keyfile", "/etc/key.pem", "ends plain HTTP"),
    ],
)
def test_options_with_which_no_engine_here_could_start_or_answer_are_refused(option, value, words):
    assert any(words in str(problem) for problem in option_problems({option: value}, "m"))
