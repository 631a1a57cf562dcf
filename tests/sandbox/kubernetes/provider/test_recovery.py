"""Interrupted runs, several processes, many threads, and time."""

import threading

import pytest

from sandbox.kubernetes.api.objects import Objects, shown
from sandbox.oci.cloud import Cloud
from sandbox.store import Store, open_store
from tests.sandbox.kubernetes.bed import (
    CLUSTER_ID,
    Body,
    Engine,
    RefusedError,
    config_map,
    deployment,
    service,
    urn,
)


def count(store: Store) -> int:
    return len(Objects(store).all(CLUSTER_ID))


def test_an_object_created_just_before_a_kill_is_not_created_twice(engine: Engine, store: Store) -> None:
    engine.create(config_map(a="b"))
    again = engine.create(config_map(a="c"))
    assert again.outputs["data"] == {"a": "c"}
    assert count(store) == 1


def test_an_unnamed_object_created_just_before_a_kill_is_not_orphaned(engine: Engine, store: Store) -> None:
    body: Body = {"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "b"}}
    first = engine.create(body, name="settings")
    named = {**body, "metadata": {"name": "settings-other"}}
    second = engine.create(named, name="settings")
    assert first.urn == second.urn == urn("core/v1:ConfigMap", "settings")
    assert count(store) == 1


def test_the_name_of_a_recorded_object_is_in_use(engine: Engine) -> None:
    made = engine.create(config_map(a="b"))
    engine.diff(made, config_map(a="b"))
    with pytest.raises(RefusedError, match="already exists"):
        engine.create(config_map(a="b"))


def test_processes_see_each_other_s_objects(engine: Engine, store: Store) -> None:
    made = engine.create(config_map(a="b"))
    other = Objects(open_store(store.path))
    live = other.find(CLUSTER_ID, ("", "ConfigMap", "default", "settings"))
    assert live is not None
    other.remove(live)
    assert engine.read(made).id == "", "deleted outside the engine"
    other.store.close()


def test_the_engine_s_objects_are_listed_by_urn_and_id_and_can_be_deleted(
    engine: Engine, store: Store
) -> None:
    made = engine.create(config_map(a="b"))
    assert (made.urn, made.id) in store.owned()
    store.forget(made.urn, made.id)
    assert engine.read(made).id == ""
    assert store.owned() == ()


def test_a_deleted_cluster_leaves_no_objects_of_the_engine(
    engine: Engine, store: Store, cloud: Cloud
) -> None:
    engine.create(config_map(a="b"))
    cloud.remove(CLUSTER_ID)
    assert store.owned() == ()


def test_secrets_are_masked_where_objects_are_printed(engine: Engine, store: Store) -> None:
    engine.create(
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"key": "hunter2"}}
    )
    (live,) = Objects(store).all(CLUSTER_ID)
    assert shown(live)["data"] == {"key": "[secret]"}


def test_many_threads_get_different_addresses(engine: Engine) -> None:
    engine.create(deployment(), name="backend")
    found: list[str] = []

    def create(number: int) -> None:
        made = engine.create(service(f"s{number}"), name=f"s{number}")
        found.append(made.outputs["spec"]["clusterIP"])

    threads = [threading.Thread(target=create, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(set(found)) == 24
