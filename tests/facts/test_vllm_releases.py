"""Days of vLLM's versions, for the figures of throughput."""

from datetime import date

import pytest

from facts.throughput.figures import measurements
from facts.throughput.releases import released


def test_every_version_of_a_figure_has_a_day_or_is_unknown():
    versions = {each.version for each in measurements() if each.engine == "vllm"} - {"unknown"}
    assert versions
    assert [each for each in versions if released(each) is None] == []


def test_no_figure_was_published_long_before_its_version():
    for each in measurements():
        day = released(each.version) if each.engine == "vllm" else None
        if day is not None:
            # AMD names an image after a version up to three weeks before it comes out.
            assert (day - date.fromisoformat(each.published)).days < 21, each


@pytest.mark.parametrize(
    ("version", "day"),
    [
        ("0.9.0.2.dev108", date(2025, 5, 28)),
        ("0.8.5.post1", date(2025, 4, 28)),
        ("unknown", None),
        ("9.9.9", None),
    ],
)
def test_builds_count_as_their_release(version, day):
    assert released(version) == day
