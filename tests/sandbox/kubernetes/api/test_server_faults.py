"""Faults of the API server: their form, and the errors that client-go retries."""

import time

import pytest

from sandbox.faults import FaultBook
from sandbox.kubernetes.api.faults import kind_tokens
from sandbox.store import Store
from tests.sandbox.kubernetes.bed import Engine, RefusedError, config_map, namespace
from tests.sandbox.kubernetes.provider.test_helm import TOKEN, release


def test_one_500_fails_the_operation_that_it_hits(engine: Engine, book: FaultBook) -> None:
    book.add("error", type="ConfigMap", times=1)
    with pytest.raises(RefusedError) as refused:
        engine.create(config_map("settings"))
    assert "was not successfully created by the Kubernetes API server: " in str(refused.value)
    assert (
        'an error on the server ("Internal Server Error") has prevented the request from succeeding '
        "(patch configmaps it)" in str(refused.value)
    )
    assert engine.create(config_map("settings")).id == "default/settings"


@pytest.mark.parametrize("operation", ["update", "read", "delete"])
def test_every_operation_may_fail(engine: Engine, book: FaultBook, operation: str) -> None:
    made = engine.create(config_map("settings", key="old"))
    book.add("error", type="kubernetes:*", operation=operation, times=1)
    call = {
        "update": lambda: engine.update(made, config_map("settings", key="new")),
        "read": lambda: engine.read(made),
        "delete": lambda: engine.delete(made),
    }[operation]
    with pytest.raises(RefusedError, match="Internal Server Error"):
        call()
    call()


def test_throttling_is_retried_ten_times(engine: Engine, book: FaultBook, store: Store) -> None:
    book.add("throttle", type="ConfigMap", times=10)
    engine.create(config_map("one"), name="one")
    retried = [event.detail["retried"] for event in store.events("kubernetes") if event.verb == "fault"]
    assert retried == [True] * 10
    book.add("throttle", type="ConfigMap", times=11)
    with pytest.raises(RefusedError, match="has asked us to try again later"):
        engine.create(config_map("two"), name="two")


def test_a_final_throttling_is_not_retried(engine: Engine, book: FaultBook) -> None:
    book.add("throttle", type="Namespace", times=1, final=True)
    with pytest.raises(RefusedError, match="too many requests"):
        engine.create(namespace())


def test_latency_makes_a_call_take_longer(engine: Engine, book: FaultBook) -> None:
    book.add("latency", type="kubernetes:core/v1:ConfigMap", seconds=0.3, times=1)
    begun = time.monotonic()
    engine.create(config_map())
    assert time.monotonic() - begun >= 0.3


def test_a_preview_is_not_hit_by_faults(engine: Engine, book: FaultBook) -> None:
    book.add("error", type="ConfigMap", times=1)
    engine.preview(config_map())
    (fault,) = book.list()
    assert fault.hits == 0, "a fault only hits calls that change something"


def test_helm_fails_with_the_api_server(engine: Engine, book: FaultBook) -> None:
    book.add("error", type="Release", times=1)
    with pytest.raises(RefusedError, match="create: failed to create: an error on the server"):
        engine.create(release(), TOKEN)
    assert engine.create(release(), TOKEN).id == "keda/keda"


def test_faults_that_only_oci_has_do_not_hit_a_cluster(engine: Engine, book: FaultBook) -> None:
    book.add("capacity")
    book.add("limit", limit="vcn-count")
    assert engine.create(config_map()).id == "default/settings"


def test_the_kinds_that_a_fault_may_name_are_those_of_the_cluster() -> None:
    named = {
        "kubernetes:core/v1:Secret",
        "kubernetes:apps/v1:Deployment",
        "kubernetes:keda.sh/v1alpha1:ScaledObject",
        "kubernetes:helm.sh/v3:Release",
    }
    assert named <= kind_tokens()
