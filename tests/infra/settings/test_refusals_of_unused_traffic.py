"""Settings of the traffic path that nothing reads, and wrong Secrets of certificates, are named."""

import pytest

from infra.settings import examine
from tests.infra.settings.examples import config
from tests.infra.settings.refusals_of_unused_traffic import EVERY
from tests.infra.settings.wrong.case import Wrong


@pytest.mark.parametrize("wrong", EVERY, ids=lambda wrong: f"{wrong.name} {wrong.message[-30:]}")
def test_a_setting_that_nothing_reads_is_named(wrong: Wrong):
    wrong.assert_named()


def test_an_empty_gateway_without_tenants_passes():
    assert not examine(config(("traffic.gateway", {}), ("traffic.limits", {})), "test").problems
