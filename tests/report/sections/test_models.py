"""The section on models: where they run, what keeps them from it, how fast they are."""

import json
from dataclasses import replace

import pytest

from facts.prices import load_prices
from report.document.model import Section, Sentence
from report.document.values import said
from report.model_speeds import SPEEDS, Between, ModelSpeed, Speed, as_output, from_outputs, per_million
from report.resources import from_state
from report.sections.models import models
from report.view import View
from tests.report import states
from tests.report.sections.test_cost import autoscaler
from tests.report.test_gpu_pools import engine, pool

PRICES = load_prices()
SPEED = Speed(
    output_tps=Between(low=500, value=1000, high=2000),
    ttft_seconds=Between(low=0.1, value=0.2, high=0.4),
    itl_seconds=Between(low=0.01, value=0.02, high=0.04),
    running=64,
)
QWEN = ModelSpeed(
    name="qwen",
    model="qwen3-32b",
    pool="mi300x",
    shape="BM.GPU.MI300X.8",
    engines=2,
    gpus=1,
    context_tokens=40_960,
    load="64 requests",
    speed=SPEED,
)


def section(*found: states.State, **more: object) -> Section:
    view = View(stack="staging", prices=PRICES, after=[from_state(each) for each in found])
    return models(replace(view, **more))  # pyright: ignore[reportArgumentType]


def sentences(section: Section, level: str = "plain") -> list[str]:
    return [
        "".join(said(section, part, "USD") for part in each.parts)
        for each in section.blocks
        if isinstance(each, Sentence) and each.level == level
    ]


def test_an_engine_without_room_is_an_alarm():
    found = section(pool(2), engine("qwen", 1, 2), engine("deepseek", 8))
    (alarm,) = sentences(found, "alarm")
    assert alarm.startswith(
        "NO ROOM: 1 of the engines of deepseek would wait forever in pool mi300x, because it needs"
    )
    (warning,) = sentences(found, "warning")
    assert "In the worst order wait: 1 engine of deepseek; in the best: none." in warning
    assert warning.endswith("The best order is deepseek, qwen.")


def test_a_pool_has_its_free_gpus_and_what_waits_after_a_failure():
    (found,) = section(pool(2), engine("a", 4, 3)).data["pools"]  # pyright: ignore
    assert (found["gpus"], found["requested"], found["free"], found["freeByNode"]) == (16, 12, 4, [4, 0])
    assert found["afterOneNodeFails"] == [{"model": "a", "engines": 1}]


def test_an_autoscaler_adds_nodes_before_an_engine_waits():
    found = section(pool(1), engine("whole", 8, 2))
    assert sentences(found, "alarm")
    assert not sentences(section(pool(1), engine("whole", 8, 2), pool_limits={"mi300x": (1, 2)}), "alarm")
    scaled = pool(1)
    addon = autoscaler(scaled, 1, 2)
    assert not sentences(section(scaled, addon, engine("whole", 8, 2)), "alarm"), (
        "its own configuration counts"
    )


@pytest.mark.parametrize("details", [{"size": states.UNKNOWN_VALUE}, {}])
def test_a_pool_whose_size_is_not_known_says_so(details: dict[str, object]):
    unknown = pool(1)
    unknown["inputs"] = {**unknown["inputs"], "nodeConfigDetails": details}  # pyright: ignore
    found = section(unknown, engine("qwen", 1))
    assert sentences(found, "warning") == [
        "The number of nodes is not known: mi300x, so the room for models there is unknown too."
    ]
    assert not sentences(found, "alarm")


def test_an_engine_on_a_pool_of_another_stack_is_named():
    found = section(engine("qwen", 1))
    assert "qwen runs on the pool mi300x, which is not in this stack, so its room is unknown." in sentences(
        found
    )


def test_the_price_is_that_of_busy_gpus():
    price = per_million(QWEN, PRICES)
    hour = PRICES.items["compute/BM.GPU.MI300X.8/gpu-hour"].amount
    assert price is not None
    assert price.value == pytest.approx(hour / (1000 * 3600 / 1e6))
    assert (price.low, price.high) == (pytest.approx(price.value / 2), pytest.approx(price.value * 2))


def test_speeds_are_shown_and_an_unknown_one_has_its_reason():
    other = replace(QWEN, name="mixtral", speed=None, unknown=("no figure spans it",))
    found = section(pool(1), engine("qwen", 1), speeds=[QWEN, other])
    first, second = found.data["speeds"]  # pyright: ignore
    assert first["outputTokensPerSecond"] == {"low": 500, "value": 1000, "high": 2000}
    assert (second["outputTokensPerSecond"], second["perMillionAnswerTokens"]) == (None, None)
    assert sentences(found)[-1] == "The speed of mixtral is unknown: no figure spans it."


def test_without_a_stack_file_the_speed_is_unknown():
    assert (
        sentences(section(pool(1)))[-1]
        == "The speed is unknown: the stack has no output modelSpeeds, and no stack file says it."
    )


def test_the_output_of_the_stack_says_the_same_speeds():
    other = replace(QWEN, name="other", speed=None, unknown=("no figure",))
    output = as_output([QWEN, other])
    assert output[0]["contextTokens"] == 40_960
    assert from_outputs({SPEEDS: json.loads(json.dumps(output))}) == [QWEN, other]


def test_the_output_has_four_decimals():
    long = replace(SPEED, running=2 / 3, output_tps=Between(low=1 / 3, value=1, high=2))
    (found,) = from_outputs({SPEEDS: as_output([replace(QWEN, speed=long)])}) or []
    assert found.speed == replace(long, running=0.6667, output_tps=Between(low=0.3333, value=1, high=2))


@pytest.mark.parametrize("outputs", [{}, {SPEEDS: None}, {SPEEDS: "fast"}, {SPEEDS: [{"name": "qwen"}]}])
def test_an_output_of_another_program_says_no_speeds(outputs: dict[str, object]):
    assert from_outputs(outputs) is None
