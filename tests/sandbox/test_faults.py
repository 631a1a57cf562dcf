"""Faults: which calls they hit, how often, and how the provider's retries react."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.faults import SPEED_UP, FaultBook, patience
from sandbox.oci.errors import OciError
from sandbox.oci.rules.wording import internal_error, limit_exceeded, out_of_capacity, throttled
from sandbox.store import Store

SUBNET = "oci:Core/subnet:Subnet"
POOL = "oci:ContainerEngine/nodePool:NodePool"
BUCKET = "oci:ObjectStorage/bucket:Bucket"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cloud.db")


class Clock:
    """Records the requested sleeping times."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def _fails(
    book: FaultBook, token: str = SUBNET, operation: str = "create", *, retry_seconds: float | None = None
) -> tuple[OciError, Clock]:
    clock = Clock()
    with pytest.raises(OciError) as found:
        book.meet(token, operation, "urn", sleep=clock.sleep, retry_seconds=retry_seconds)
    return found.value, clock


def test_without_faults_nothing_happens(book: FaultBook, store: Store) -> None:
    clock = Clock()
    book.meet(SUBNET, "create", "urn", sleep=clock.sleep)
    assert clock.slept == []
    assert store.events() == ()


def test_latency_makes_a_call_wait_its_full_time(book: FaultBook) -> None:
    book.add("latency", type="Subnet", seconds=5)
    clock = Clock()
    book.meet(SUBNET, "create", "urn", sleep=clock.sleep)
    assert clock.slept == [5], "a latency is the service's own time: it is not shortened"


def test_one_500_is_retried_and_leaves_an_event(book: FaultBook, store: Store) -> None:
    book.add("error", times=1)
    clock = Clock()
    book.meet(SUBNET, "create", "urn:subnet", sleep=clock.sleep)
    event = store.events()[-1]
    assert (event.verb, event.subject) == ("fault", "urn:subnet")
    assert event.detail["retried"] is True
    assert clock.slept == [1 / SPEED_UP]


def test_a_500_that_stays_fails_after_the_provider_s_two_minutes(book: FaultBook) -> None:
    book.add("error")
    error, clock = _fails(book)
    assert (error.status, error.code, error.message) == (500, "InternalError", "Internal error occurred")
    assert len(clock.slept) == 6, "1 + 4 + 9 + 16 + 25 + 36 = 91 s; the next wait would pass 120 s"


def test_seven_500s_fail_one_call_and_then_end(book: FaultBook) -> None:
    book.add("error", times=7)
    _fails(book)
    book.meet(SUBNET, "create", "urn", sleep=Clock().sleep)
    assert book.list()[0].exhausted


def test_object_storage_is_retried_for_ten_minutes(book: FaultBook) -> None:
    book.add("error")
    _, clock = _fails(book, BUCKET)
    assert len(clock.slept) == 11


def test_throttling_is_429_and_retried_for_ten_minutes(book: FaultBook) -> None:
    book.add("throttle")
    error, clock = _fails(book)
    assert (error.status, error.code) == (429, "TooManyRequests")
    assert sum(clock.slept) * SPEED_UP <= 600


def test_out_of_host_capacity_is_not_retried(book: FaultBook) -> None:
    book.add("capacity", type="NodePool")
    error, clock = _fails(book, POOL)
    assert (error.status, error.code, error.message) == (500, "InternalError", "Out of host capacity.")
    assert clock.slept == []


def test_a_limit_fault_names_the_limit_and_is_not_retried(book: FaultBook) -> None:
    book.add("limit", limit="gpu-mi300x-count")
    error, clock = _fails(book, POOL)
    assert (error.status, error.code) == (400, "LimitExceeded")
    assert "gpu-mi300x-count" in error.message
    assert clock.slept == []
    (fault,) = book.list()
    assert f"sandbox cloud fault clear {fault.id}" in str(error), "the cause, and how to remove it"


def test_a_final_error_is_not_retried(book: FaultBook) -> None:
    book.add("error", times=1, final=True)
    _, clock = _fails(book)
    assert clock.slept == []


def test_the_provider_s_own_retry_duration_is_used(book: FaultBook) -> None:
    book.add("throttle")
    _, clock = _fails(book, retry_seconds=5)
    assert len(clock.slept) == 2, "1 + 4 seconds"
    _, clock = _fails(book, retry_seconds=0)
    assert clock.slept == [], "0 means disableAutoRetries"


def test_a_fault_may_begin_after_some_calls(book: FaultBook) -> None:
    book.add("error", after=2, times=1, final=True)
    for _ in range(2):
        book.meet(SUBNET, "create", "urn", sleep=Clock().sleep)
    _fails(book)


@pytest.mark.parametrize(
    "type_", ["Subnet", "subnet", SUBNET, "Core/*", "Core/subnet", "NodePool,Subnet", "*"]
)
def test_a_type_may_be_given_in_several_ways(book: FaultBook, type_: str) -> None:
    book.add("error", type=type_)
    assert book.consume(SUBNET, "create")


@pytest.mark.parametrize(
    ("type_", "operation"), [("Vcn", "*"), ("Subnet", "delete"), ("ObjectStorage/*", "*")]
)
def test_other_types_and_operations_are_not_hit(book: FaultBook, type_: str, operation: str) -> None:
    book.add("error", type=type_, operation=operation)
    assert book.consume(SUBNET, "create") == ()


def test_latency_and_an_error_may_hit_the_same_call(book: FaultBook) -> None:
    book.add("latency", seconds=2)
    book.add("capacity")
    error, clock = _fails(book)
    assert error.message == "Out of host capacity."
    assert clock.slept == [2]


def test_a_fault_added_by_another_process_hits_too(book: FaultBook, store: Store) -> None:
    other = FaultBook(Store(store.path))
    made = other.add("capacity")
    _fails(book)
    assert [each.hits for each in other.list()] == [1]
    assert other.clear(made.id) == 1
    book.meet(SUBNET, "create", "urn", sleep=Clock().sleep)


def test_clearing_removes_one_or_all(book: FaultBook) -> None:
    first = book.add("error")
    book.add("throttle")
    assert book.clear("fault-unknown") == 0
    assert book.clear(first.id) == 1
    assert book.clear() == 1
    assert book.list() == ()


@given(times=st.integers(1, 5), after=st.integers(0, 5), calls=st.integers(0, 15))
def test_a_fault_hits_exactly_as_often_as_it_says(
    tmp_path_factory: pytest.TempPathFactory, times: int, after: int, calls: int
) -> None:
    book = FaultBook(Store(tmp_path_factory.mktemp("faults") / "cloud.db"))
    book.add("error", times=times, after=after)
    hit = [bool(book.consume(SUBNET, "create")) for _ in range(calls)]
    assert hit == [after <= index < after + times for index in range(calls)]


@pytest.mark.parametrize(
    ("error", "token", "seconds"),
    [
        (throttled, SUBNET, 600),
        (internal_error, SUBNET, 120),
        (internal_error, BUCKET, 600),
        (out_of_capacity, POOL, 0),
        (lambda: limit_exceeded("vcn-count"), SUBNET, 0),
    ],
)
def test_the_retry_duration_is_the_provider_s(
    error: Callable[[], OciError], token: str, seconds: float
) -> None:
    assert patience(error(), token) == seconds
