"""Pods that keep nodes free: one on each node, below every engine, and without privileges."""

from typing import Any

import pytest

from facts.problem import InvalidInput
from serving.platform.warm_nodes import WarmNodes, WarmNodesArgs
from tests.support.monitor import Recording, kubernetes_options, run

PLAIN: dict[str, Any] = {
    "namespace": "serving",
    "nodes": 2,
    "gpus": 8,
    "image": "registry.k8s.io/pause@sha256:" + "0" * 64,
    "priority_class": "filler",
    "node_selector": {"genai-playground/pool": "mi300x"},
}


def warm(preview: bool = False, **changes: Any) -> Recording:
    args = WarmNodesArgs(**{**PLAIN, **changes})
    return run(lambda: WarmNodes("test", args, kubernetes_options()) and None, preview)


@pytest.mark.parametrize("preview", [False, True])
def test_each_pod_takes_a_whole_node_and_leaves_at_once(preview: bool):
    spec = warm(preview).one("kubernetes:apps/v1:Deployment").inputs["spec"]
    pod = spec["template"]["spec"]
    assert spec["replicas"] == 2
    assert pod["containers"][0]["resources"]["limits"]["amd.com/gpu"] == "8"
    assert pod["priorityClassName"] == "filler"
    assert pod["terminationGracePeriodSeconds"] == 0
    assert pod["nodeSelector"] == PLAIN["node_selector"]
    assert not pod.get("volumes"), "a volume would keep its node"


def test_up_does_not_wait_for_it():
    made = warm().one("kubernetes:apps/v1:Deployment")
    assert made.inputs["metadata"]["annotations"] == {"pulumi.com/skipAwait": "true"}


def test_it_has_no_privileges():
    pod = warm().one("kubernetes:apps/v1:Deployment").inputs["spec"]["template"]["spec"]
    security = pod["containers"][0]["securityContext"]
    assert pod["automountServiceAccountToken"] is False
    assert security["readOnlyRootFilesystem"] is True
    assert security["capabilities"] == {"drop": ["ALL"]}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"nodes": 0}, "test.nodes"),
        ({"nodes": 101}, "test.nodes"),
        ({"gpus": 9}, "test.gpus"),
        ({"image": "registry.k8s.io/pause:3.10"}, "test.image"),
    ],
)
def test_invalid_values_are_refused(changes: dict[str, Any], path: str):
    with pytest.raises(InvalidInput) as refused:
        warm(**changes)
    assert [problem.path for problem in refused.value.problems] == [path]
