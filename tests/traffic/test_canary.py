"""A real Envoy divides the requests of a model between its releases as the stack file says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.traffic.canary import share
from tests.traffic.parts import envoy, translated_envoy

pytestmark = pytest.mark.prove

REQUESTS = 800


@pytest.mark.parametrize("weight", [0, 25, 50, 75, 100])
@pytest.mark.parametrize(
    "configured",
    [
        pytest.param(envoy.configuration, id="by hand"),
        pytest.param(translated_envoy.configuration, id="Envoy Gateway", marks=pytest.mark.egctl),
    ],
)
def test_a_candidate_gets_its_share(tmp_path: Path, configured: Callable[..., Any], weight: int) -> None:
    found, lost = share(tmp_path, weight, REQUESTS, configured)
    assert lost == 0
    if weight in (0, 100):
        assert found == weight
    else:
        # The bar is 2 points of 10,000 requests, in `python -m tests.bench traffic`.
        assert abs(found - weight) <= 4
