import pytest
from hypothesis import given
from hypothesis import strategies as st

from facts.kubernetes import (
    ADDONS,
    DEFAULT_VERSION,
    MAX_PODS,
    OFFERED_VERSIONS,
    flexible_max_pods,
    minor_of,
    usable_addresses,
)


def test_the_default_version_is_offered_and_versions_ascend() -> None:
    assert DEFAULT_VERSION in OFFERED_VERSIONS
    minors = [minor_of(version) for version in OFFERED_VERSIONS]
    assert minors == sorted(set(minors))


@pytest.mark.parametrize(("prefix", "count"), [(16, 65533), (24, 253), (29, 5), (30, 1), (31, 0), (32, 0)])
def test_oci_reserves_three_addresses_of_each_subnet(prefix: int, count: int) -> None:
    assert usable_addresses(prefix) == count


@given(st.integers(min_value=1, max_value=29))
def test_splitting_a_subnet_in_half_loses_three_addresses(prefix: int) -> None:
    assert usable_addresses(prefix) == 2 * usable_addresses(prefix + 1) + 3


@pytest.mark.parametrize(("ocpus", "pods"), [(1, 31), (2, 31), (3, 62), (4, 93), (5, 110), (94, 110)])
def test_a_flexible_node_has_31_pods_per_network_card(ocpus: int, pods: int) -> None:
    assert flexible_max_pods(ocpus) == pods


@given(st.floats(min_value=1, max_value=200, allow_nan=False))
def test_no_node_has_more_than_110_pods(ocpus: float) -> None:
    assert 31 <= flexible_max_pods(ocpus) <= MAX_PODS


def test_addon_names_are_unique() -> None:
    names = [addon.name for addon in ADDONS]
    assert len(names) == len(set(names))
    assert "AmdGpuPlugin" in names
