"""The autoscaler of the replay does what Kubernetes' page says."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.traffic.parts.horizontal import DEFAULT_BEHAVIOR, Horizontal


def steps(pods: Horizontal, present: int, wishes: Sequence[float], seconds: float = 15) -> list[int]:
    """The numbers after each wish."""
    found: list[int] = []
    for index, wish in enumerate(wishes):
        present = pods.step(index * seconds, present, [wish])
        found.append(present)
    return found


def one_at_a_time(out: int = 300, into: int = 600) -> dict[str, Any]:
    step = {"type": "Pods", "value": 1}
    return {
        "scaleUp": {"stabilizationWindowSeconds": 0, "policies": [{**step, "periodSeconds": out}]},
        "scaleDown": {"stabilizationWindowSeconds": into, "policies": [{**step, "periodSeconds": into}]},
    }


@pytest.mark.parametrize(
    ("present", "wish", "found"),
    [(10, 10.9, 10), (10, 11.1, 12), (10, 9.1, 10), (1, 1.2, 2), (3, 3.6, 4)],
)
def test_a_difference_of_a_tenth_changes_nothing(present: int, wish: float, found: int) -> None:
    assert Horizontal(DEFAULT_BEHAVIOR, 1, 100).step(0, present, [wish]) == found


def test_by_default_four_pods_or_as_many_as_there_are_come_every_15_seconds() -> None:
    assert steps(Horizontal(DEFAULT_BEHAVIOR, 1, 100), 1, [50] * 5) == [5, 10, 20, 40, 50]


def test_by_default_all_go_after_five_minutes_with_less_to_do() -> None:
    found = steps(Horizontal(DEFAULT_BEHAVIOR, 1, 100), 8, [0] * 22)
    assert found == [8] * 20 + [1] * 2


def test_the_number_follows_the_highest_wish_of_the_window() -> None:
    found = steps(Horizontal(DEFAULT_BEHAVIOR, 1, 100), 8, [0] * 10 + [6] + [0] * 20)
    assert found[19:22] == [8, 6, 6]
    assert found[-1] == 1


def test_the_highest_of_several_wishes_counts_and_the_bounds_hold() -> None:
    pods = Horizontal(DEFAULT_BEHAVIOR, 2, 5)
    assert pods.step(0, 2, [0, 4, 1]) == 4
    assert pods.step(15, 4, [9]) == 5


def test_a_policy_of_one_pod_allows_one_in_its_period() -> None:
    found = steps(Horizontal(one_at_a_time(), 1, 9), 3, [9] * 41)
    assert found == [4] * 20 + [5] * 20 + [6]


def test_one_pod_goes_in_a_period_after_a_quiet_one() -> None:
    found = steps(Horizontal(one_at_a_time(), 1, 9), 3, [0] * 81)
    assert found == [3] * 40 + [2] * 40 + [1]
