"""A real Envoy divides the requests of a model between its releases as the stack file says."""

from pathlib import Path

import pytest

from tests.traffic.canary import share

pytestmark = [pytest.mark.prove, pytest.mark.gateway]

REQUESTS = 800


@pytest.mark.parametrize("weight", [0, 25, 50, 75, 100])
def test_a_candidate_gets_its_share(tmp_path: Path, weight: int) -> None:
    found, lost = share(tmp_path, weight, REQUESTS)
    assert lost == 0
    if weight in (0, 100):
        assert found == weight
    else:
        # The bar is 2 points of 10,000 requests, in `python -m tests.bench traffic`.
        assert abs(found - weight) <= 4
