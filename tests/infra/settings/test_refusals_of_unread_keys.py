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
