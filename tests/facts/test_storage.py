"""Sizes of OCI's storage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.storage import (
    LUSTRE_SMALLEST_GB,
    VOLUME_VPUS,
    is_lustre_capacity,
    lustre_addresses,
    lustre_capacity_from,
)


@pytest.mark.parametrize("gigabytes", [31_200, 41_600, 52_000, 124_800, 166_400, 208_000])
def test_lustre_grows_in_the_steps_of_the_service(gigabytes: int):
    assert is_lustre_capacity(gigabytes)


@pytest.mark.parametrize("gigabytes", [0, 5_000, 31_000, 36_200, 135_200])
def test_lustre_has_no_capacity_between_the_steps(gigabytes: int):
    assert not is_lustre_capacity(gigabytes)


@given(st.integers(0, 2_000_000))
def test_the_next_capacity_is_valid_and_not_smaller(gigabytes: int):
    found = lustre_capacity_from(gigabytes)
    assert is_lustre_capacity(found)
    assert found >= max(gigabytes, LUSTRE_SMALLEST_GB)


def test_the_smallest_lustre_needs_nineteen_addresses():
    assert lustre_addresses(LUSTRE_SMALLEST_GB) == 19, "60 for 100 TB, rounded up"


def test_performance_units_are_multiples_of_10_up_to_120():
    assert (VOLUME_VPUS[0], VOLUME_VPUS[1], VOLUME_VPUS[-1]) == (0, 10, 120)
