"""The wait for a grant: as long as it takes, once for all policies that were written together."""

from datetime import UTC, datetime

import pytest

from components.identity.settle import remaining, settled

NOW = datetime(2026, 11, 21, 10, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("created", "left"),
    [
        ("2026-11-21 10:01:30.5 +0000 UTC", 90),
        ("2026-11-21T10:02:00Z", 120),
        ("2026-11-21 09:00:00 +0000 UTC", 0),
        ("2026-11-21 10:05:00 +0000 UTC", 120),
        ("", 120),
        ("yesterday", 120),
    ],
)
def test_the_wait_counts_from_the_time_the_cloud_wrote_the_policy(created: str, left: float):
    assert remaining(120, created, NOW) == left


def test_nothing_is_hooked_where_nothing_is_waited_for():
    assert settled("policy", 0).hooks is None
