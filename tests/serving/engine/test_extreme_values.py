"""No value of an engine's choices ends in a traceback."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.vllm_values import OPTION_KINDS, VARIABLE_KINDS
from serving.engine.choices import EngineChoices
from serving.engine.deadlines import Drain, node_problems
from serving.engine.server_rules import model_server_problems

LONG = "9" * 5000
VALUES = (
    "",
    "-1",
    LONG,
    f"-{LONG}",
    "-1e300",
    "1e400",
    "nan",
    "null",
    "[null]",
    "{",
    "\0",
    "\ud800",
    "٣",
    "$(A)",
)
OPTIONS = sorted(OPTION_KINDS)


def problems(model="qwen3-32b", **choices):
    found = model_server_problems(
        EngineChoices(**choices), model=model, shape="BM.GPU.MI300X.8", service_name="chat", path="m"
    )
    return {problem.path: str(problem) for problem in found}


@pytest.mark.parametrize(
    ("options", "path", "words"),
    [
        ({"cc.mode": LONG}, "m.engineOptions.cc.mode", "mode must be one of"),
        ({"api-server-count": LONG}, "m.engineOptions.api-server-count", "must be 1 or more"),
        ({"numa-bind-cpus": f"0-{LONG}"}, "m.engineOptions.numa-bind-cpus", "must list processors"),
        ({"numa-bind-cpus": "٣"}, "m.engineOptions.numa-bind-cpus", "must list processors"),
        ({"cpu-offload-gb": f"-{LONG}"}, "m.engineOptions.cpu-offload-gb", "must be a number"),
        ({"cpu-offload-gb": "-1e300"}, "m.engineOptions.cpu-offload-gb", "must be a number, 0 or more"),
        (
            {"hf-overrides" + ".a" * 3000: "1"},
            "m.engineOptions.hf-overrides" + ".a" * 14 + "…",
            "at most 200 keys",
        ),
    ],
)
def test_a_value_that_no_number_can_hold_is_refused(options, path, words):
    assert words in problems(engine_options=options, numa_bind=True)[path]


@pytest.mark.parametrize("value", [10**30, 10**400, -(10**400)])
@pytest.mark.parametrize(
    "key",
    [
        "context_tokens",
        "gpus",
        "nodes",
        "longest_stream_seconds",
        "pre_stop_seconds",
        "termination_grace_seconds",
    ],
)
def test_a_number_of_any_size_ends_in_a_problem_or_passes(key, value):
    assert all(path.startswith("m.") for path in problems(**{key: value}))
    drain = Drain(longest_stream_seconds=abs(value))
    assert [each.path for each in node_problems(drain, None, 3600, "pool", "m")] == ["m.longestStreamSeconds"]


@given(
    model=st.sampled_from(["qwen3-32b", "deepseek-r1", "qwen3-next-80b-a3b"]),
    options=st.dictionaries(st.sampled_from(OPTIONS), st.sampled_from(VALUES), max_size=3),
    environment=st.dictionaries(st.sampled_from(sorted(VARIABLE_KINDS)), st.sampled_from(VALUES), max_size=2),
)
def test_options_and_variables_with_any_text_end_in_problems_at_their_own_path(model, options, environment):
    found = problems(model, engine_options=options, environment=environment)
    assert all(path.startswith("m.") for path in found)
