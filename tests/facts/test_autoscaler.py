"""The values of the add-on's configuration keys."""

import pytest

from facts.autoscaler import allowed_value, is_true, seconds_of


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("scanInterval", "10s", ""),
        ("scanInterval", "1h30m", ""),
        ("scanInterval", "0", ""),
        ("scanInterval", "10", "a duration such as 10m or 1h30m"),
        ("scanInterval", "10 m", "a duration such as 10m or 1h30m"),
        ("scaleDownEnabled", "T", ""),
        ("scaleDownEnabled", "yes", "true or false"),
        ("v", "-1", ""),
        ("v", "1.5", "a whole number"),
        ("scaleDownUtilizationThreshold", "0.65", ""),
        ("scaleDownUtilizationThreshold", "half", "a number"),
        ("expander", "random", ""),
        ("affinity", "{}", ""),
    ],
)
def test_a_value_must_have_the_type_of_its_flag(key: str, value: str, allowed: str):
    assert allowed_value(key, value) == allowed


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("10m", 600), ("1h30m", 5400), ("1.5h", 5400), ("500ms", 0.5), ("0", 0), ("-1m", -60)],
)
def test_a_duration_is_read_as_go_reads_it(text: str, seconds: float):
    assert seconds_of(text) == seconds


def test_each_spelling_of_true_counts():
    assert [is_true(each) for each in ("true", "T", "1", "false", "F", "0")] == [True] * 3 + [False] * 3
