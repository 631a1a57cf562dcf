"""Groups of pods that serve together: a leader is ready when its workers run."""

import pytest

from sandbox.oci.cloud import Cloud
from tests.sandbox.kubernetes.bed import Engine, RefusedError, add_pool, deployment, gpu_pod, service
from tests.sandbox.kubernetes.provider.test_helm import TOKEN, release


def test_a_group_is_ready_only_with_all_its_pods(engine: Engine, cloud: Cloud) -> None:
    template = deployment(pod=gpu_pod(8))["spec"]["template"]
    leader = {**template, "metadata": {"labels": {"app": "web", "role": "leader"}}}
    group = {
        "apiVersion": "leaderworkerset.x-k8s.io/v1",
        "kind": "LeaderWorkerSet",
        "metadata": {"name": "big"},
        "spec": {
            "replicas": 1,
            "leaderWorkerTemplate": {"size": 2, "leaderTemplate": leader, "workerTemplate": template},
        },
    }
    chart = release(chart="oci://registry.k8s.io/lws/charts/lws", version="0.10.0", repositoryOpts=None)
    engine.create(chart, TOKEN, "lws")
    engine.create(group)
    # There is no second node for the worker.
    asked = service(selector={"role": "leader"})
    with pytest.raises(RefusedError, match="timed out waiting to be Ready"):
        engine.create(asked)
    add_pool(cloud, "second", "BM.GPU.MI300X.8", 1)
    assert engine.create(asked).id == "default/web"
