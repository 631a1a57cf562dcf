"""A key that cannot be read is named once, without problems that follow from its absence."""

import pytest

from infra.settings import examine
from tests.infra.settings.examples import config
from tests.infra.settings.refusals_of_traffic_gateway import served
from tests.infra.settings.refusals_of_unread_keys import EVERY
from tests.infra.settings.wrong.case import Wrong


@pytest.mark.parametrize("wrong", EVERY, ids=lambda wrong: wrong.name)
def test_only_the_key_that_cannot_be_read_is_named(wrong: Wrong):
    wrong.assert_named()


def test_problems_that_do_not_follow_from_it_are_named_too():
    wrong = served(("traffic.gateway", "x"), ("traffic.hostName", "Bad Name"), models=["qwen3-23b"])
    paths = {problem.path for problem in examine(config(*wrong), "test").problems}
    assert paths == {"traffic.gateway", "traffic.hostName", "traffic.tenants[0].models[0]"}


@pytest.mark.parametrize(("broken", "whole"), [(0, 1), (1, 0)])
@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("serving.models", "", "text"),
        ("serving.models", ".environment", []),
        ("serving.models", ".probes", "x"),
        ("serving.models", ".tolerations", {"a": 1}),
        ("gpu.pools", "", "text"),
        ("gpu.pools", ".taints", {}),
        ("gpu.pools", ".labels", []),
        ("gpu.pools", ".boot", "x"),
    ],
)
def test_an_entry_that_cannot_be_read_hides_no_problem_of_another(
    section: str, key: str, value: object, broken: int, whole: int
):
    holder, name = section.split(".")
    (entry,) = config()[holder][name]
    fault = ("environment", {"VLLM_NONE": "1"}) if name == "models" else ("preemptible", True)
    changed = config(
        (section, [{**entry, "name": f"the-{index}"} for index in range(2)]),
        (f"{section}.{whole}.{fault[0]}", fault[1]),
        (f"{section}.{broken}{key}", value),
    )
    paths = {problem.path for problem in examine(changed, "test").problems}
    place = f"{section}[{whole}].{fault[0]}"
    assert {place, f"{place}.VLLM_NONE"} & paths
    assert any(each.startswith(f"{section}[{broken}]") for each in paths)
