"""`sandbox cloud autoscale`: time passes for the cluster autoscaler."""

import json

import pytest

from sandbox.kubernetes.api.objects import Live, Objects
from sandbox.oci.cloud import Cloud
from tests.bench.autoscaler import POOL, prepare
from tests.sandbox.kubernetes.bed import CLUSTER_ID, deployment, gpu_pod

from .conftest import Run


@pytest.fixture
def pending(model: Cloud) -> Cloud:
    """A cluster with an autoscaler, and an engine that needs a second node."""
    prepare(model)
    body = deployment("engine", "engine", pod=gpu_pod(8), replicas=2)
    body["metadata"] |= {"namespace": "models", "uid": "engine"}
    key = ("apps", "Deployment", "models", "engine")
    live = Live(cluster=CLUSTER_ID, key=key, version=0, urn="", acknowledged=True, body=body)
    Objects(model.store).save(live)
    return model


def test_a_pending_engine_gets_a_node_and_the_clock_moves(run: Run, pending: Cloud) -> None:
    shown = run("autoscale", "--minutes", "45").stdout.splitlines()
    assert [line.split()[:3] for line in shown] == [
        ["minute", "0", "pending"],
        ["minute", "0", "requested"],
        ["minute", "30", "ready"],
        ["minute", "45", "now"],
    ]
    pool = pending.find(POOL)
    assert pool is not None
    assert pool.inputs["nodeConfigDetails"]["size"] == 2
    assert len(pool.outputs["nodes"]) == 2


def test_the_steps_are_also_json(run: Run, pending: Cloud) -> None:
    found = json.loads(run("autoscale", CLUSTER_ID, "--minutes", "10", "--json").stdout)
    assert found["minute"] == 10
    assert [step["what"] for step in found["steps"]] == ["pending", "requested"]


def test_another_resource_is_refused(run: Run, pending: Cloud) -> None:
    assert f"{POOL} is no cluster with the add-on" in run("autoscale", POOL, code=1).stderr


def test_the_cluster_must_have_an_autoscaler(run: Run, model: Cloud) -> None:
    for words, text in (((), "no cluster has the add-on"), (("nothing",), "no resource in the cloud")):
        assert text in run("autoscale", *words, code=1).stderr
