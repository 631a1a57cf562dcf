"""The cluster autoscaler on the sandbox's clock: from a pending engine to a node that is requested, and back.

The clock counts minutes of the cloud, not of this machine. The time that a node boots is an assumption of the sandbox.
"""

import tempfile
from pathlib import Path

from sandbox.kubernetes.api.objects import Live, Objects
from sandbox.kubernetes.scheduling.autoscaling import Autoscaler, Step
from sandbox.oci.cloud import Cloud
from sandbox.store import open_store
from tests.bench.figure import Figure
from tests.sandbox.kubernetes.bed import CLUSTER_ID, add_cluster, add_pool, deployment, entry, gpu_pod

POOL = "ocid1.nodepool.oc1.iad.aaaagpu"
GIVEN = {"nodes": f"1:2:{POOL}", "authType": "workload", "scaleDownUnneededTime": "10m"}


def figures() -> list[Figure]:
    """Minutes from a pending engine to the request of its node and to the node, and from its end to the removal."""
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "cloud.db") as store:
        cloud, objects = Cloud(store), Objects(store)
        prepare(cloud)
        engine = _engine(objects)
        start = Autoscaler(objects, cloud, CLUSTER_ID).minute
        grown = Autoscaler(objects, cloud, CLUSTER_ID).run(60)
        objects.remove(engine)
        ended = Autoscaler(objects, cloud, CLUSTER_ID).minute
        shrunk = Autoscaler(objects, cloud, CLUSTER_ID).run(60)
    return [
        Figure("a pending engine to a requested node", _when(grown, "requested") - start, "min", "none"),
        Figure("a pending engine to a ready node", _when(grown, "ready") - start, "min", "30 assumed"),
        Figure("the end of the engine to a removed node", _when(shrunk, "removed") - ended, "min", "10 set"),
    ]


def prepare(cloud: Cloud) -> None:
    """A cluster with an autoscaled pool of one node."""
    add_cluster(cloud)
    place = {"size": 1, "placementConfigs": [{"availabilityDomain": "Uocm:US-ASHBURN-AD-1"}]}
    add_pool(cloud, "gpu", "BM.GPU.MI300X.8", 1, nodeConfigDetails=place)
    configurations = [{"key": key, "value": value} for key, value in GIVEN.items()]
    inputs = {"clusterId": CLUSTER_ID, "addonName": "ClusterAutoscaler", "configurations": configurations}
    cloud.save(entry("clusters/k/addons/ClusterAutoscaler", "oci:ContainerEngine/addon:Addon", inputs))


def _engine(objects: Objects) -> Live:
    body = deployment("engine", "engine", pod=gpu_pod(8), replicas=2)
    body["metadata"] |= {"namespace": "models", "uid": "engine"}
    key = ("apps", "Deployment", "models", "engine")
    return objects.save(Live(cluster=CLUSTER_ID, key=key, version=0, urn="", acknowledged=True, body=body))


def _when(steps: list[Step], what: str) -> int:
    return next(step.minute for step in steps if step.what == what)
