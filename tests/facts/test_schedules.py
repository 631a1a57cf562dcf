"""Valid and invalid schedules of CronJobs."""

import pytest

from facts.schedules import never_comes, schedule_problem


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
        ("*/00 * * * *", "failed to parse"),
        ("0 3 31/000 2 *", "failed to parse"),
        ("* * * FEBR *", "failed to parse int"),
        ("² * * * *", "failed to parse"),
        ("1" * 5000 + " * * * *", "failed to parse int"),
        ("*/" + "1" * 5000 + " * * * *", "failed to parse int"),
        ("* * * * * *", "expected exactly 5 fields, found 6"),
    ],
)
def test_an_invalid_schedule_is_refused(text: str, said: str) -> None:
    assert said in schedule_problem(text)


@pytest.mark.parametrize("text", ["0 3 31 2 *", "0 3 30-31 FEB *", "0 3 31 2,4,6,9,11 ?", "0 3 31 4/7 *"])
def test_a_schedule_for_a_day_that_its_months_do_not_have_never_runs(text: str) -> None:
    assert schedule_problem(text) == "", "the API server takes it"
    assert never_comes(text)


@pytest.mark.parametrize(
    "text",
    ["0 3 29 2 *", "0 3 31 2,3 *", "0 3 31 * *", "0 3 31 2 0", "0 3 */31 2 *", "0 3 1-31 2 *", "@daily"],
)
def test_a_schedule_for_a_day_that_one_of_its_months_has_runs(text: str) -> None:
    assert not never_comes(text)
