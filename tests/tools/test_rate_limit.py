"""The real rate limit service for `make prove` is the one of the pinned Envoy Gateway."""

from facts.charts import CHARTS
from tools.rate_limit.build import version

OF_GATEWAY = {"1.8.3": "1.4.1-0.20260122083618-3fb702589d36"}
"""Source: go.mod of envoyproxy/gateway at the tag of each version."""


def test_the_build_pins_the_service_of_the_gateways_version() -> None:
    assert version() == OF_GATEWAY[CHARTS["gateway"].version.removeprefix("v")]
