"""Which pods keep their node when the cluster autoscaler wants to remove it."""

from typing import Any

import pytest

from sandbox.kubernetes.api.objects import Live
from sandbox.kubernetes.scheduling.evictions import keeps_node
from tests.sandbox.kubernetes.bed import deployment

LOCAL = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes"
EVICT = "cluster-autoscaler.kubernetes.io/safe-to-evict"


def workload(volumes: list[Any], annotations: dict[str, str], kind: str = "Deployment") -> Live:
    body = deployment(pod={"volumes": volumes})
    body["spec"]["template"]["metadata"]["annotations"] = annotations
    body["kind"] = kind
    body["metadata"] |= {"namespace": "models", "uid": "u"}
    group = "" if kind == "Pod" else "apps"
    key = (group, kind, "models", "web")
    return Live(cluster="c", key=key, version=1, urn="", acknowledged=True, body=body)


DISK, MEMORY = {"name": "cache", "emptyDir": {}}, {"name": "shm", "emptyDir": {"medium": "Memory"}}
HOST = {"name": "weights", "hostPath": {"path": "/mnt/nvme/weights"}}


@pytest.mark.parametrize(
    ("volumes", "annotations", "why"),
    [
        ([], {}, ""),
        ([MEMORY], {}, ""),
        ([DISK], {}, "local volumes: cache"),
        ([HOST, DISK], {LOCAL: "cache"}, "local volumes: weights"),
        ([HOST, DISK], {LOCAL: "cache, weights"}, ""),
        ([HOST], {EVICT: "true"}, ""),
        ([], {EVICT: "false"}, "safe-to-evict: false"),
    ],
)
def test_local_volumes_keep_a_node_unless_the_pod_allows_their_loss(
    volumes: list[Any], annotations: dict[str, str], why: str
):
    found = keeps_node(workload(volumes, annotations))
    assert (why in found) if why else not found


def test_the_addon_may_ignore_local_volumes():
    assert not keeps_node(workload([DISK], {}), local_storage=False)


def test_a_pod_on_every_node_keeps_none_and_a_pod_without_controller_keeps_its_node():
    assert not keeps_node(workload([HOST], {}, "DaemonSet"))
    assert "no controller" in keeps_node(workload([], {}, "Pod"))
