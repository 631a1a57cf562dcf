"""What is a schedule of a CronJob."""

import pytest

from facts.schedules import schedule_problem


@pytest.mark.parametrize(
    "text", ["* * * * *", "0 3 * * 1-5", "@daily", "*/10 0,12 1 jan mon", "5/15 * ? * *"]
)
def test_schedules_pass(text: str) -> None:
    assert schedule_problem(text) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("60 * * * *", "end of range (60) above maximum (59)"),
        ("* * 0 * *", "beginning of range (0) below minimum (1)"),
        ("* 5-2 * * *", "beyond end of range"),
        ("0 3 * * 7", "end of range (7) above maximum (6)"),
        ("*/0 * * * *", "failed to parse"),
        ("* * * FEBR *", "failed to parse int"),
        ("* * * * * *", "expected exactly 5 fields, found 6"),
    ],
)
def test_what_is_no_schedule_is_told(text: str, said: str) -> None:
    assert said in schedule_problem(text)
