"""Wrong candidates are named with their path and message."""

import pytest

from infra.settings import examine
from tests.infra.settings.examples import Change, config
from tests.infra.settings.refusals_of_candidates import ADAPTER, EVERY, OTHER, replicas, tried
from tests.infra.settings.wrong.case import Wrong


@pytest.mark.parametrize("wrong", EVERY, ids=lambda wrong: wrong.name)
def test_a_wrong_candidate_is_named(wrong: Wrong):
    wrong.assert_named()


@pytest.mark.parametrize(
    "right",
    [
        tried(),
        tried(replicas=0),
        tried(replicas(0), replicas=1),
        tried(replicas(0), weight=100, replicas=1),
        *(tried(replicas(4), weight=weight, replicas=weight // 25) for weight in (25, 50, 75, 100)),
        tried(("serving.models.0.contextTokens", 8192), contextTokens=16_384),
        tried(("serving.models.0.adapters", [ADAPTER]), adapters=[{**ADAPTER, "revision": OTHER}]),
        tried(image="docker.io/a/vllm", imageDigest="sha256:" + "2" * 64, weight=25),
    ],
)
def test_a_right_candidate_passes(right: list[Change]):
    assert not examine(config(*right), "test").problems
