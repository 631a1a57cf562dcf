"""What a call costs at most while a candidate with more GPUs answers a part of the requests."""

import pytest

from infra.calling.choice import choose
from infra.settings import Settings, examine
from tests.infra.settings.examples import config
from tests.infra.settings.refusals_of_candidates import tried


def settings_at(weight: int) -> Settings:
    found = examine(config(*tried(weight=weight, gpus=4)), "test")
    assert not found.problems
    assert found.settings is not None
    return found.settings


@pytest.mark.parametrize(("weight", "times"), [(0, 1), (25, 4), (100, 4)])
def test_the_price_is_that_of_the_dearest_engine_that_may_answer(weight: int, times: int):
    own = choose(settings_at(0), "qwen3-32b", None).hour_price
    assert own is not None
    assert choose(settings_at(weight), "qwen3-32b", None).hour_price == pytest.approx(own * times)
