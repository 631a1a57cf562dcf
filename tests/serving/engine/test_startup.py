"""Budgets of start and stop: each limit is longer than the work it waits for."""

from hypothesis import given
from hypothesis import strategies as st

from serving.engine.startup import (
    MINIMUM_READY_SECONDS,
    PROBE_PERIOD_SECONDS,
    StartupAssumptions,
    startup_budget,
)

SIZES = st.floats(1, 2000)


def test_a_small_model_gets_the_minimum_readiness_timeout():
    assert startup_budget(65.5).engine_ready_seconds == MINIMUM_READY_SECONDS == 1800


def test_a_large_model_gets_more_than_an_hour():
    budget = startup_budget(688.6)
    assert budget.engine_ready_seconds == 4380
    assert budget.probe_failures * PROBE_PERIOD_SECONDS == budget.probe_seconds == 4380 + 2760 + 300


@given(size=SIZES, grace=st.integers(0, 3600), replicas=st.integers(0, 8))
def test_every_limit_is_longer_than_the_work_it_waits_for(size, grace, replicas):
    given_ = StartupAssumptions()
    budget = startup_budget(size)
    download = size / given_.download_gb_per_second
    work = download + size / given_.load_gb_per_second + given_.compile_seconds
    assert budget.engine_ready_seconds >= work
    assert budget.probe_seconds >= budget.engine_ready_seconds + download
    assert budget.probe_failures * PROBE_PERIOD_SECONDS >= budget.probe_seconds
    assert budget.progress_seconds(grace) >= budget.probe_seconds + given_.image_pull_seconds + grace
    assert budget.create_seconds(grace) > budget.progress_seconds(grace)
    assert budget.update_seconds(replicas, grace) > replicas * budget.progress_seconds(grace)


@given(size=SIZES, more=st.floats(0, 1000))
def test_a_larger_model_never_gets_less_time(size, more):
    assert startup_budget(size + more).probe_seconds >= startup_budget(size).probe_seconds


def test_a_faster_source_shortens_the_budget():
    fast = StartupAssumptions(download_gb_per_second=5.0)
    assert startup_budget(688.6, fast).probe_seconds < startup_budget(688.6).probe_seconds
