"""Deadlines: the longest answer ends in time, and everything else that could end it waits longer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.load_balancing import DEFAULT_IDLE_SECONDS, IDLE_SECONDS
from facts.shapes import MI300X
from serving.catalogue import catalogue
from serving.engine.choices import EngineChoices
from serving.engine.deadlines import (
    DRAIN_MARGIN_SECONDS,
    NODE_WAIT_SECONDS,
    TOKENS_PER_SECOND,
    Drain,
    cut_answer,
    drain_problems,
    engine_drain,
    idle_problems,
    longest_stream_seconds,
    node_problems,
    whole_answer_seconds,
)
from serving.engine.request import PlanRequest
from serving.engine.server_plan import ServerRequest, plan_server
from serving.engine.startup import StartupBudget


@given(pre_stop=st.integers(75, 600), stream=st.integers(0, 3600))
def test_the_grace_period_covers_the_whole_drain(pre_stop, stream):
    drain = Drain(pre_stop_seconds=pre_stop, longest_stream_seconds=stream)
    assert drain.grace_seconds == pre_stop + stream + DRAIN_MARGIN_SECONDS
    assert not list(drain_problems(drain, None, "m"))
    assert not list(drain_problems(drain, drain.grace_seconds, "m"))
    assert [each.path for each in drain_problems(drain, drain.grace_seconds - 1, "m")] == [
        "m.terminationGraceSeconds"
    ]


@pytest.mark.parametrize(
    ("drain", "path"),
    [
        (Drain(pre_stop_seconds=74, longest_stream_seconds=300), "m.preStopSeconds"),
        (Drain(longest_stream_seconds=-1), "m.longestStreamSeconds"),
    ],
)
def test_a_drain_that_would_lose_requests_is_refused(drain, path):
    assert [problem.path for problem in drain_problems(drain, None, "m")] == [path]


def test_a_grace_period_that_is_too_short_is_refused_with_the_sum():
    (problem,) = drain_problems(Drain(longest_stream_seconds=300), 60, "m")
    assert "75 s before SIGTERM, 300 s for the longest stream and 15 s margin" in problem.allowed
    assert "390" in problem.fix


def test_an_answer_of_the_whole_context_is_not_cut_short():
    stream = longest_stream_seconds(40_960)
    assert stream >= 40_960 / TOKENS_PER_SECOND, "300 s would end it after 9,000 tokens"
    assert stream == 1_380


@given(context=st.integers(1, 2_000_000))
def test_after_the_longest_answer_an_engine_still_has_time_to_leave_its_node(context):
    drain = Drain(longest_stream_seconds=longest_stream_seconds(context))
    assert drain.grace_seconds <= NODE_WAIT_SECONDS
    assert drain.longest_stream_seconds <= DEFAULT_IDLE_SECONDS <= IDLE_SECONDS[1]


@pytest.mark.parametrize("model", sorted(catalogue()))
@pytest.mark.parametrize("pre_stop", [None, 75, 120, 180, 1_800, 3_525])
def test_the_default_of_the_longest_stream_leaves_room_for_a_chosen_pre_stop(model, pre_stop):
    drain = engine_drain(EngineChoices(pre_stop_seconds=pre_stop), catalogue()[model])
    assert not list(drain_problems(drain, None, "m"))
    assert not list(node_problems(drain, None, NODE_WAIT_SECONDS, "gpu", "m"))


@pytest.mark.parametrize("pre_stop", [3_526, 3_585])
def test_a_pre_stop_that_leaves_no_time_for_answers_is_refused_unless_the_user_chose_that(pre_stop):
    model = catalogue()["qwen3-32b"]
    drain = engine_drain(EngineChoices(pre_stop_seconds=pre_stop), model)
    (problem,) = drain_problems(drain, None, "m")
    assert (problem.path, problem.value) == ("m.preStopSeconds", pre_stop)
    assert "3525 or less" in problem.fix
    chosen = engine_drain(EngineChoices(pre_stop_seconds=pre_stop, longest_stream_seconds=0), model)
    assert not list(drain_problems(chosen, None, "m"))


def test_a_model_says_when_an_engine_that_stops_cuts_its_longest_answers():
    model = catalogue()["deepseek-r1"]
    said = cut_answer(engine_drain(EngineChoices(), model))
    assert f"{whole_answer_seconds(model.max_context):,} s at 30 tokens per second" in said
    assert cut_answer(engine_drain(EngineChoices(pre_stop_seconds=3_000), catalogue()["qwen3-32b"]))
    for choices in (EngineChoices(context_tokens=32_768), EngineChoices(longest_stream_seconds=3_480)):
        assert cut_answer(engine_drain(choices, model)) == ""


def test_a_pre_stop_that_is_too_long_for_every_node_is_named():
    drain = engine_drain(EngineChoices(pre_stop_seconds=3_586), catalogue()["qwen3-32b"])
    (problem,) = node_problems(drain, None, NODE_WAIT_SECONDS, "gpu", "m")
    assert (problem.path, problem.value) == ("m.preStopSeconds", 3_586)


def ordered(
    budget: StartupBudget, drain: Drain, grace: int, node: int, idle: int
) -> tuple[tuple[str, int], ...]:
    """Two chains of deadlines, for start and stop. Within a chain no deadline may be shorter than the one before."""
    return (
        ("VLLM_ENGINE_READY_TIMEOUT_S", budget.engine_ready_seconds),
        ("startup probe", budget.probe_seconds),
        ("progressDeadlineSeconds", budget.progress_seconds(grace)),
        ("wait of the deployment tool", budget.create_seconds(grace)),
        ("--shutdown-timeout", drain.longest_stream_seconds),
        ("terminationGracePeriodSeconds", grace),
        ("node eviction", node),
        ("idle time of gateway and balancer", idle),
    )


@pytest.mark.parametrize("model", sorted(catalogue()))
@pytest.mark.parametrize("staged", [None, 900.0])
def test_the_deadlines_of_every_model_are_in_order(model, staged):
    plan = plan_server(
        ServerRequest(engine=PlanRequest(catalogue()[model], MI300X), served_name="m", staged_gb=staged)
    )
    chain = ordered(plan.budget, plan.drain, plan.grace_seconds, NODE_WAIT_SECONDS, DEFAULT_IDLE_SECONDS)
    seconds = [each for _, each in chain]
    assert seconds[:4] == sorted(seconds[:4]), chain
    assert seconds[4:7] == sorted(seconds[4:7]), chain
    assert seconds[4] <= seconds[7], chain


def test_an_engine_that_drains_longer_than_its_node_waits_is_refused():
    drain = Drain(longest_stream_seconds=600)
    (problem,) = node_problems(drain, None, 600, "gpu", "m")
    assert problem.path == "m.longestStreamSeconds"
    assert "evictionMinutes of the pool to 12 or more" in problem.fix
    assert not list(node_problems(drain, None, 3600, "gpu", "m"))


def test_an_idle_time_below_the_longest_answer_is_refused():
    (problem,) = idle_problems(900, 1380, "chat", "network.edge.loadBalancer.idleTimeoutSeconds")
    assert "must be 1380 or more" in problem.allowed
    assert not list(idle_problems(1380, 1380, "chat", "p"))
