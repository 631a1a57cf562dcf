"""The cluster autoscaler on the sandbox's clock: from a pending engine to a node, and back."""

from typing import Any

import pytest

from sandbox.kubernetes.api.objects import Objects
from sandbox.kubernetes.scheduling.autoscaling import Autoscaler, Step
from sandbox.oci.cloud import Cloud
from sandbox.store import Store
from tests.sandbox.kubernetes.bed import (
    CLUSTER_ID,
    Body,
    Engine,
    RefusedError,
    add_pool,
    deployment,
    entry,
    gpu_pod,
    namespace,
)

GPU = "ocid1.nodepool.oc1.iad.aaaagpu"
ADDON = "oci:ContainerEngine/addon:Addon"
IN_MODELS = {"namespace": "models"}


def install(cloud: Cloud, nodes: str = f"1:3:{GPU}", **more: str) -> None:
    given = {"nodes": nodes, "authType": "workload", "scaleDownUnneededTime": "10m", **more}
    configurations = [{"key": key, "value": value} for key, value in given.items()]
    inputs = {"clusterId": CLUSTER_ID, "addonName": "ClusterAutoscaler", "configurations": configurations}
    cloud.save(entry("clusters/k/addons/ClusterAutoscaler", ADDON, inputs))
    # OKE judges the new size with the whole pool, so its domain must be a real one.
    place = {"size": 1, "placementConfigs": [{"availabilityDomain": "Uocm:US-ASHBURN-AD-1"}]}
    add_pool(cloud, "gpu", "BM.GPU.MI300X.8", 1, nodeConfigDetails=place)


def engines(count: int, **pod: Any) -> Body:
    found = deployment("engine", "engine", pod=gpu_pod(8, **pod), replicas=count)
    found["metadata"] |= IN_MODELS
    return found


def unawaited(body: Body) -> Body:
    body["metadata"]["annotations"] = {"pulumi.com/skipAwait": "true"}
    return body


def passed(store: Store, cloud: Cloud, minutes: int) -> list[Step]:
    return Autoscaler(Objects(store), cloud, CLUSTER_ID).run(minutes)


def told(steps: list[Step]) -> list[tuple[int, str, str]]:
    return [(step.minute, step.what, step.text) for step in steps]


def size(cloud: Cloud) -> int:
    pool = cloud.find(GPU)
    assert pool is not None
    return pool.inputs["nodeConfigDetails"]["size"]


def test_a_pending_engine_leads_to_a_node_and_back(store: Store, cloud: Cloud, engine: Engine):
    install(cloud)
    engine.create(namespace())
    assert told(passed(store, cloud, 60)) == [], "nothing waits, and one node is the fewest"
    made = engine.create(unawaited(engines(2)), name="engine")
    assert told(passed(store, cloud, 60)) == [
        (60, "pending", "1 pods wait for a node"),
        (60, "requested", "gpu: 1 to 2 nodes"),
        (90, "ready", "a node of gpu"),
    ]
    assert size(cloud) == 2
    engine.delete(made)
    assert told(passed(store, cloud, 60)) == [(130, "removed", "gpu: 2 to 1 nodes")]
    assert size(cloud) == 1


def test_a_node_that_boots_runs_nothing_yet(store: Store, cloud: Cloud, engine: Engine):
    install(cloud)
    engine.create(namespace())
    engine.create(unawaited(engines(2)), name="engine")
    passed(store, cloud, 29)
    again = Autoscaler(Objects(store), cloud, CLUSTER_ID)
    assert size(cloud) == 2
    assert told(again.run(1)) == [(30, "ready", "a node of gpu")], "the clock goes on where it stood"


def test_it_stays_within_the_bounds(store: Store, cloud: Cloud, engine: Engine):
    install(cloud)
    engine.create(namespace())
    engine.create(unawaited(engines(5)), name="engine")
    assert "no pool has room for 2 pods" in [step.text for step in passed(store, cloud, 60)]
    assert size(cloud) == 3


def test_pods_that_no_node_would_run_lead_to_none(store: Store, cloud: Cloud, engine: Engine):
    install(cloud)
    engine.create(namespace())
    engine.create(unawaited(engines(2, nodeSelector={"genai-playground/pool": "other"})), name="engine")
    passed(store, cloud, 60)
    assert size(cloud) == 1


def test_a_limit_of_the_service_stops_it(store: Store, cloud: Cloud, engine: Engine):
    install(cloud)
    cloud.set_limit("gpu-mi300x-count", 8)
    engine.create(namespace())
    engine.create(unawaited(engines(2)), name="engine")
    found = [step for step in passed(store, cloud, 60) if step.what == "refused"]
    assert found
    assert "limit" in found[0].text.lower()
    assert size(cloud) == 1


def test_without_its_grants_it_does_nothing(store: Store, cloud: Cloud, engine: Engine):
    install(cloud)
    other = {"statements": ["Allow group Administrators to manage all-resources in tenancy"]}
    cloud.save(entry("ocid1.policy.oc1..a", "oci:Identity/policy:Policy", other))
    engine.create(namespace())
    engine.create(unawaited(engines(2)), name="engine")
    (refused,) = passed(store, cloud, 60)
    assert refused.what == "refused"
    assert "not allowed to manage cluster-node-pools" in refused.text


def test_up_waits_on_the_sandboxs_clock_until_the_node_is_there(cloud: Cloud, engine: Engine):
    install(cloud)
    engine.create(namespace())
    made = engine.create(engines(2), name="engine", timeout=3_600)
    assert made.outputs["status"]["readyReplicas"] == 2
    assert size(cloud) == 2


def test_up_does_not_wait_longer_than_the_program_says(cloud: Cloud, engine: Engine):
    install(cloud)
    engine.create(namespace())
    with pytest.raises(RefusedError) as late:
        engine.create(engines(2), name="engine", timeout=600)
    assert "timed out waiting" in str(late.value)
    assert size(cloud) == 2, "the node was requested, and still boots"


def test_without_the_addon_an_engine_stays_pending(cloud: Cloud, engine: Engine):
    engine.create(namespace())
    with pytest.raises(RefusedError):
        engine.create(engines(2), name="engine", timeout=3_600)
    assert size(cloud) == 1


def test_an_engine_takes_the_node_that_was_kept_free_and_another_one_is_added(
    store: Store, cloud: Cloud, engine: Engine
):
    install(cloud)
    engine.create(namespace())
    filler = {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "filler"}}
    engine.create({**filler, "value": -5, "preemptionPolicy": "Never"}, name="filler")
    warm = unawaited(deployment("warm", "warm", pod=gpu_pod(8, priorityClassName="filler"), replicas=1))
    warm["metadata"] |= IN_MODELS
    engine.create(warm, name="warm")
    assert told(passed(store, cloud, 60)) == [], "it holds the only node"
    made = engine.create(engines(1), name="engine", timeout=60)
    assert made.outputs["status"]["readyReplicas"] == 1, "the engine did not wait for a node"
    assert [what for _, what, _ in told(passed(store, cloud, 60))] == ["pending", "requested", "ready"]
    assert size(cloud) == 2


def test_a_user_can_keep_all_nodes(store: Store, cloud: Cloud, engine: Engine):
    install(cloud, nodes=f"0:3:{GPU}", scaleDownEnabled="False")
    assert passed(store, cloud, 120) == []


def test_a_time_of_two_units_counts_as_one(store: Store, cloud: Cloud, engine: Engine):
    install(cloud, nodes=f"0:3:{GPU}", scaleDownUnneededTime="1h30m")
    assert told(passed(store, cloud, 120)) == [(90, "removed", "gpu: 1 to 0 nodes")]


def test_the_threshold_of_other_nodes_does_not_keep_a_gpu_node(store: Store, cloud: Cloud, engine: Engine):
    install(cloud, nodes=f"0:3:{GPU}", scaleDownUtilizationThreshold="0")
    assert told(passed(store, cloud, 60)) == [(10, "removed", "gpu: 1 to 0 nodes")]
