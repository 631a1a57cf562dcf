"""Objects that must become ready: what they wait for, and the errors if it never happens."""

import threading
import time
from dataclasses import replace
from typing import Any

import pytest
from google.protobuf import empty_pb2

from sandbox.kubernetes.provider.waiting import Patience
from sandbox.oci.cloud import Cloud
from tests.sandbox.kubernetes.bed import (
    CLUSTER_ID,
    TOLERATION,
    Bed,
    Body,
    Engine,
    RefusedError,
    add_pool,
    config_map,
    deployment,
    gpu_pod,
    kubeconfig,
    service,
)

NO_PODS = (
    "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not match "
    "labels on any Pods"
)

LONG = 60
"""Seconds: longer than what comes later takes on a busy machine."""

WAITS_LONG = pytest.mark.parametrize(
    "patience", [Patience(quiet=LONG, most=LONG)], indirect=True, ids=["long"]
)


def annotated(body: Body, **annotations: str) -> Body:
    named = {f"pulumi.com/{key}": value for key, value in annotations.items()}
    return {**body, "metadata": {**body["metadata"], "annotations": named}}


def failing(engine: Engine, body: Body) -> RefusedError:
    with pytest.raises(RefusedError) as refused:
        engine.create(body)
    return refused.value


def test_a_service_that_selects_no_pods_fails(engine: Engine) -> None:
    error = failing(engine, service())
    assert "failed to fully initialize or become live: 'web' timed out waiting to be Ready" in str(error)
    assert NO_PODS in error.reasons
    assert error.partial is not None
    assert error.partial.id == "default/web", "the engine keeps it, so that it is not created twice"


@WAITS_LONG
def test_a_service_waits_for_pods_that_are_created_later(engine: Engine) -> None:
    done: list[str] = []
    waiting = threading.Thread(target=lambda: done.append(engine.create(service()).id))
    waiting.start()
    time.sleep(0.05)
    engine.create(deployment(), name="backend")
    waiting.join(LONG)
    assert done == ["default/web"]


@pytest.mark.parametrize(
    "body",
    [
        service(clusterIP="None"),
        service(selector=None),
        service(type="ExternalName", externalName="example.test", ports=None, selector=None),
        annotated(service(), skipAwait="true"),
    ],
)
def test_some_services_do_not_wait_for_pods(engine: Engine, body: Body) -> None:
    body["spec"] = {key: value for key, value in body["spec"].items() if value is not None}
    assert engine.create(body).id == "default/web"


def test_a_service_whose_pods_do_not_run_fails(engine: Engine) -> None:
    engine.create(annotated(deployment(pod={"nodeSelector": {"no": "where"}}), skipAwait="true"), name="b")
    assert NO_PODS in failing(engine, service()).reasons


def test_a_balancer_service_gets_an_address(engine: Engine) -> None:
    engine.create(deployment(), name="backend")
    made = engine.create(service(type="LoadBalancer"))
    assert made.outputs["status"]["loadBalancer"]["ingress"][0]["ip"]
    assert 30000 <= made.outputs["spec"]["ports"][0]["nodePort"] <= 32767


def test_a_balancer_service_fails_if_the_cluster_has_no_subnet_for_it(engine: Engine, cloud: Cloud) -> None:
    entry = cloud.find(CLUSTER_ID)
    assert entry is not None
    cloud.save(replace(entry, inputs={**entry.inputs, "options": {}}))
    engine.create(deployment(), name="backend")
    reasons = failing(engine, service(type="LoadBalancer")).reasons
    assert "Service was not allocated an IP address; does your cloud provider support this?" in reasons


def test_pods_for_gpus_run_on_gpu_nodes(engine: Engine) -> None:
    body = deployment(pod=gpu_pod(8, nodeSelector={"node.kubernetes.io/instance-type": "BM.GPU.MI300X.8"}))
    assert engine.create(body).outputs["status"]["readyReplicas"] == 1


@pytest.mark.parametrize(
    ("pod", "scheduler", "detail"),
    [
        (
            gpu_pod(8, tolerations=[]),
            "1 node(s) had untolerated taint {amd.com/gpu: present}",
            "taint amd.com/gpu=present:NoSchedule is not tolerated",
        ),
        (
            gpu_pod(16),
            "2 Insufficient amd.com/gpu",
            "amd.com/gpu: a pod requests 16; a node has 8, of which 8 are free",
        ),
        (
            {
                "nodeSelector": {"node.kubernetes.io/instance-type": "BM.GPU.MI355X.8"},
                "tolerations": [TOLERATION],
            },
            "2 node(s) didn't match Pod's node affinity/selector",
            "no match for node selector node.kubernetes.io/instance-type=BM.GPU.MI355X.8",
        ),
    ],
)
def test_a_deployment_that_cannot_be_scheduled_says_why(
    engine: Engine, pod: Body, scheduler: str, detail: str
) -> None:
    reasons = failing(engine, deployment(pod=pod)).reasons
    text = "\n".join(reasons)
    assert "[MinimumReplicasUnavailable] Deployment does not have minimum availability." in reasons
    assert "Minimum number of live Pods was not attained" in reasons
    assert "0/2 nodes are available" in text
    assert scheduler in text
    assert detail in text


def test_gpus_in_use_are_not_assigned_twice(engine: Engine) -> None:
    engine.create(deployment("first", "first", pod=gpu_pod(6)), name="first")
    error = failing(engine, deployment("second", "second", pod=gpu_pod(4)))
    assert any("a pod requests 4; a node has 8, of which 2 are free" in each for each in error.reasons)


def test_a_cluster_without_nodes_runs_nothing(engine: Engine, cloud: Cloud) -> None:
    for pool in cloud.all("oci:ContainerEngine/nodePool:NodePool"):
        cloud.remove(pool.id)
    reasons = failing(engine, deployment()).reasons
    assert any("no nodes available to schedule pods" in each for each in reasons)


@WAITS_LONG
def test_pods_wait_for_nodes_that_are_created_later(engine: Engine, cloud: Cloud) -> None:
    done: list[str] = []
    body = deployment(pod=gpu_pod(8, nodeSelector={"pool": "late"}))
    waiting = threading.Thread(target=lambda: done.append(engine.create(body).id))
    waiting.start()
    time.sleep(0.05)
    add_pool(cloud, "late", "BM.GPU.MI300X.8", 1, initialNodeLabels=[{"key": "pool", "value": "late"}])
    waiting.join(LONG)
    assert done == ["default/web"]


def test_taints_in_the_kubelet_s_arguments_keep_pods_away(engine: Engine, cloud: Cloud) -> None:
    for pool in cloud.all("oci:ContainerEngine/nodePool:NodePool"):
        cloud.remove(pool.id)
    arguments = "--register-with-taints=team=a:NoSchedule --node-labels=team=a"
    add_pool(
        cloud,
        "own",
        "VM.Standard.E5.Flex",
        1,
        nodeShapeConfig={"ocpus": 4, "memoryInGbs": 64},
        nodeMetadata={"kubelet-extra-args": arguments},
    )
    assert any("untolerated taint {team: a}" in each for each in failing(engine, deployment("x")).reasons)
    tolerant = {"tolerations": [{"key": "team", "value": "a"}], "nodeSelector": {"team": "a"}}
    assert engine.create(deployment("y", pod=tolerant), name="y").id == "default/y"


def test_pods_with_anti_affinity_need_one_node_each(engine: Engine) -> None:
    rule = {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": "web"}}}
    affinity = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [rule]}}
    error = failing(engine, deployment(pod={"affinity": affinity}, replicas=2))
    assert any("1 node(s) didn't match pod anti-affinity rules" in each for each in error.reasons)


def test_a_rollout_without_a_spare_node_fails_and_says_how_to_continue(engine: Engine) -> None:
    made = engine.create(deployment(pod=gpu_pod(8)))
    new = gpu_pod(8, terminationGracePeriodSeconds=90)
    with pytest.raises(RefusedError) as refused:
        engine.update(made, deployment(pod=new))
    reasons = refused.value.reasons
    assert (
        "Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live"
        in reasons
    )
    assert any("To stop an old pod first: maxSurge 0, maxUnavailable 1" in each for each in reasons)


def test_a_rollout_that_first_stops_a_pod_needs_no_spare_node(engine: Engine) -> None:
    strategy = {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}
    made = engine.create(deployment(pod=gpu_pod(8), strategy=strategy))
    new = gpu_pod(8, terminationGracePeriodSeconds=90)
    changed = engine.update(made, deployment(pod=new, strategy=strategy))
    assert changed.outputs["status"]["readyReplicas"] == 1
    assert changed.outputs["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "2"


def test_the_old_pods_of_a_stuck_rollout_still_serve(engine: Engine) -> None:
    made = engine.create(deployment(pod=gpu_pod(8)))
    with pytest.raises(RefusedError, match="timed out"):
        engine.update(made, deployment(pod=gpu_pod(8, terminationGracePeriodSeconds=90)))
    assert engine.create(service()).id == "default/web"


@pytest.mark.parametrize(
    ("pod", "says"),
    [
        ({"volumes": [{"name": "v", "configMap": {"name": "no"}}]}, 'configmap "no" not found'),
        (
            {"volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "no"}}]},
            'persistentvolumeclaim "no" not found',
        ),
        ({"serviceAccountName": "no"}, 'serviceaccount "no" not found'),
        ({"priorityClassName": "no"}, "no PriorityClass with name no was found"),
    ],
)
def test_pods_need_the_objects_that_they_refer_to(engine: Engine, pod: Body, says: str) -> None:
    assert any(says in each for each in failing(engine, deployment(pod=pod)).reasons)


@WAITS_LONG
def test_pods_start_when_their_config_map_exists(engine: Engine) -> None:
    pod = {"volumes": [{"name": "v", "configMap": {"name": "settings"}}]}
    done: list[Any] = []
    waiting = threading.Thread(target=lambda: done.append(engine.create(deployment(pod=pod))))
    waiting.start()
    time.sleep(0.05)
    engine.create(config_map(a="b"), name="settings")
    waiting.join(LONG)
    assert done[0].outputs["status"]["readyReplicas"] == 1


def test_the_annotation_that_skips_waiting_is_honoured(engine: Engine) -> None:
    body = annotated(deployment(pod=gpu_pod(16)), skipAwait="true")
    made = engine.create(body)
    assert made.outputs["status"]["readyReplicas"] == 0


def test_a_refresh_finds_pods_that_lost_their_node(engine: Engine, cloud: Cloud) -> None:
    made = engine.create(deployment(pod=gpu_pod(8)))
    cloud.remove("ocid1.nodepool.oc1.iad.aaaagpu")
    with pytest.raises(RefusedError, match="was created but failed to initialize") as refused:
        engine.read(made)
    assert refused.value.partial is not None
    assert refused.value.partial.inputs.fields, "the engine keeps the inputs too"


@WAITS_LONG
def test_waiting_ends_when_the_engine_cancels(bed: Bed) -> None:
    engine = bed.connect()
    engine.configure(kubeconfig())
    errors: list[str] = []

    def create() -> None:
        try:
            engine.create(service())
        except RefusedError as error:
            errors.append(str(error))

    waiting = threading.Thread(target=create)
    waiting.start()
    time.sleep(0.05)
    engine.stub.Cancel(empty_pb2.Empty())
    waiting.join(LONG)
    assert 'Resource operation was cancelled for "web"' in errors[0]


def test_daemon_sets_and_stateful_sets_become_ready(engine: Engine) -> None:
    template = deployment()["spec"]["template"]
    selector = {"matchLabels": {"app": "web"}}
    daemon = {"selector": selector, "template": template}
    made = engine.create(
        {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "d"}, "spec": daemon}
    )
    assert made.outputs["status"]["numberReady"] == 1, "the GPU node's taint keeps it away"
    stateful = {**daemon, "serviceName": "s", "replicas": 2}
    made = engine.create(
        {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "s"}, "spec": stateful}
    )
    assert made.outputs["status"]["readyReplicas"] == 2
