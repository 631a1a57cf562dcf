"""The hull of the figures against points that are mixed from its corners."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.throughput.hull import corners, limits_between

points = st.lists(st.tuples(st.floats(1, 700), st.floats(1, 4000)), min_size=1, max_size=8)


@given(points, st.data())
def test_every_mix_of_figures_is_in_the_hull(figures, data):
    shares = data.draw(st.lists(st.floats(0.01, 1), min_size=len(figures), max_size=len(figures)))
    size, requests = (
        math.exp(
            sum(share * math.log(point[axis]) for share, point in zip(shares, figures, strict=True))
            / sum(shares)
        )
        for axis in (0, 1)
    )
    found = limits_between(corners(figures), size / 1.001, size * 1.001)
    assert found is not None
    assert found[0] / 1.001 <= requests <= found[1] * 1.001


def test_a_corner_without_figures_is_outside():
    hull = corners([(70, 1000), (405, 1), (405, 1000), (200, 500)])
    assert len(hull) == 3
    assert limits_between(hull, 70, 70) == (1000, 1000)
    assert limits_between(hull, 405, 405) == (1, 1000)
    assert limits_between(hull, 168.4, 168.4) == pytest.approx((31.6, 1000), rel=0.01)
    assert limits_between(hull, 60, 69) is None
